import { PaperClipOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Flex, Tag, Upload } from 'antd'
import { useState } from 'react'
import { $api } from '../api/client.ts'
import { ACCEPT, addressOf, maxMb, sizeText, uploadMaterial } from '../api/materials.ts'
import { toProblem } from '../api/problem.ts'
import { dateTime } from '../time.ts'
import './materials.css'

const HINT = `PDF、JPG、PNG、Word、Excel，每份不超过 ${maxMb} MB`

/** Files for an application that is not filed yet: they go with it. */
export function FileChooser({ files, onChange }: { files: File[], onChange: (files: File[]) => void }) {
  return (
    <>
      <Upload
        accept={ACCEPT} multiple fileList={files.map((file, i) => ({ uid: String(i), name: file.name, size: file.size }))}
        // Called for each of those chosen together.
        beforeUpload={(file, chosen) => {
          if (file === chosen[0]) onChange([...files, ...chosen])
          return Upload.LIST_IGNORE
        }}
        onRemove={({ uid }) => onChange(files.filter((_, i) => String(i) !== uid))}
      >
        <Button icon={<UploadOutlined />}>选择文件</Button>
      </Upload>
      <p className="muted">{HINT}。文件随申请一并提交，不存入草稿。</p>
    </>
  )
}

const queryOf = (caseNo: string) => $api.queryOptions('get', '/api/cases/{caseNo}/materials', { params: { path: { caseNo } } })

/** How many files of a case the reader may see; nothing where there is none. */
export const MaterialCount = ({ caseNo }: { caseNo: string }) => useQuery(queryOf(caseNo)).data?.length || null

/** The files of a case that the reader may see, and adding more. `canAnswer`: also for the enterprise. */
export function Materials({ caseNo, canAdd, canAnswer = false }: { caseNo: string, canAdd: boolean, canAnswer?: boolean }) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const query = queryOf(caseNo)
  const { data: materials = [] } = useQuery(query)
  const [sending, setSending] = useState(0)
  const send = async (file: File, to?: 'applicant'): Promise<void> => {
    setSending(n => n + 1)
    try {
      await uploadMaterial(caseNo, file, to)
      message.success(`已上传：${file.name}`)
    } catch (error) {
      const { title, detail } = toProblem(error)
      message.error(`${file.name}：${title}，${detail}`, 8)
    }
    setSending(n => n - 1)
    await queries.invalidateQueries({ queryKey: query.queryKey })
  }
  return (
    <>
      {materials.length > 0
        ? (
            <ul className="materials">
              {materials.map(({ id, name, size, addedAt, to }) => (
                <li key={id}><a href={addressOf(caseNo, id)} download={name}><PaperClipOutlined aria-hidden /> {name}</a>{canAnswer && to === 'applicant' && <Tag color="blue">已提供给企业</Tag>}<span className="muted nowrap">{sizeText(size)} · {dateTime(addedAt)}</span></li>
              ))}
            </ul>
          )
        : <p className="muted">还没有材料。</p>}
      {canAdd && (
        <>
          {canAnswer && <AddButton title="上传给企业" means="企业可以下载，并收到通知" isSending={sending > 0} onChoose={file => void send(file, 'applicant')} />}
          <AddButton title={canAnswer ? '上传内部材料' : '上传材料'} means={canAnswer ? '只有办案人员能看到，企业看不到' : ''} isSending={sending > 0} onChoose={file => void send(file)} />
          <p className="muted">{HINT}。</p>
        </>
      )}
    </>
  )
}

/** Chooses files to add, with who can read them beside the button. */
function AddButton({ title, means, isSending, onChoose }: { title: string, means: string, isSending: boolean, onChoose: (file: File) => void }) {
  return (
    <Flex gap={8} align="center" wrap className="materials-add">
      <Upload accept={ACCEPT} multiple showUploadList={false} beforeUpload={(file) => { onChoose(file); return Upload.LIST_IGNORE }}>
        <Button icon={<UploadOutlined />} loading={isSending}>{title}</Button>
      </Upload>
      {means && <span className="muted">{means}</span>}
    </Flex>
  )
}
