import { Modal } from 'antd'

const KEYS = [['j', '下一件'], ['k', '上一件'], ['Enter', '打开案件'], ['c', '签收'], ['e', '办理：打开任务表单'], ['?', '本说明']] as const

/** What the keys of the inbox do. */
export function KeyHelp({ open, onClose }: { open: boolean, onClose: () => void }) {
  return (
    <Modal open={open} onCancel={onClose} footer={null} title="键盘操作" width={360}>
      <dl className="key-help">{KEYS.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
    </Modal>
  )
}
