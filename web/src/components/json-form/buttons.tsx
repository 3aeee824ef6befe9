/** Buttons of a list's items, in words. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { IconButtonProps } from '@rjsf/utils'
import { Button } from 'antd'

export function AddButton({ id, onClick, disabled }: IconButtonProps) {
  return <Button id={id} type="dashed" icon={<PlusOutlined />} disabled={disabled} onClick={onClick as () => void}>添加一项</Button>
}

export function RemoveButton({ id, onClick, disabled }: IconButtonProps) {
  return <Button id={id} type="text" danger icon={<DeleteOutlined />} disabled={disabled} onClick={onClick as () => void}>删除</Button>
}
