import { PaperClipOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Upload } from 'antd'
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

/** The files of a case that the reader may see, and adding more. */
export function Materials({ caseNo, canAdd }: { caseNo: string, canAdd: boolean }) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const query = queryOf(caseNo)
  const { data: materials = [] } = useQuery(query)
  const [sending, setSending] = useState(0)
  const send = async (file: File): Promise<void> => {
    setSending(n => n + 1)
    try {
      await uploadMaterial(caseNo, file)
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
              {materials.map(({ id, name, size, addedAt }) => (
                <li key={id}><a href={addressOf(caseNo, id)} download={name}><PaperClipOutlined aria-hidden /> {name}</a><span className="muted nowrap">{sizeText(size)} · {dateTime(addedAt)}</span></li>
              ))}
            </ul>
          )
        : <p className="muted">还没有材料。</p>}
      {canAdd && (
        <>
          <Upload accept={ACCEPT} multiple showUploadList={false} beforeUpload={(file) => { void send(file); return Upload.LIST_IGNORE }}>
            <Button icon={<UploadOutlined />} loading={sending > 0}>上传材料</Button>
          </Upload>
          <p className="muted">{HINT}。</p>
        </>
      )}
    </>
  )
}
