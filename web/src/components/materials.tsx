import { CameraOutlined, DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Flex, Tag } from 'antd'
import { useRef, useState, type Dispatch, type SetStateAction } from 'react'
import { $api } from '../api/client.ts'
import { addressOf, sizeText, uploadMaterial } from '../api/materials.ts'
import { toProblem } from '../api/problem.ts'
import { dateTime } from '../time.ts'
import './materials.css'
import { Waiting } from './waiting.tsx'

const rulesQuery = $api.queryOptions('get', '/api/materials/rules', undefined, { staleTime: Infinity })

interface Refused { name: string, why: string }

/** What is taken, in words and for the file chooser; the checking of chosen files; and what of them was not taken, until others are chosen. */
function useFileRules() {
  const queries = useQueryClient()
  const { data: rules } = useQuery(rulesQuery)
  const [refused, setRefused] = useState<Refused[]>([])
  const refuse = (name: string, why: string): void => setRefused(before => [...before, { name, why }])
  /** Those that will be taken, beside so many that are there already. */
  const check = async (chosen: File[], already: number): Promise<File[]> => {
    setRefused([])
    // Where the rules cannot be had, the API says so of each file that is sent.
    const known = await queries.ensureQueryData(rulesQuery).catch(() => undefined)
    if (!known) return chosen
    const { faultOf } = await import('../api/file-rules.ts')
    const taken: File[] = []
    for (const file of chosen) {
      const why = already + taken.length >= known.maxPerCase ? `一个案件最多 ${known.maxPerCase} 份材料。` : await faultOf(file, known).catch(() => '读不出这份文件，请重新选择。')
      if (why) refuse(file.name, why)
      else taken.push(file)
    }
    return taken
  }
  const accept = rules?.kinds.flatMap(({ endings }) => endings.map(ending => `.${ending}`)).join(',')
  const hint = rules && `${rules.kinds.map(({ title }) => title).join('、')}，每份不超过 ${rules.maxBytes / 1024 / 1024} MB，最多 ${rules.maxPerCase} 份`
  return { accept, hint, refused, refuse, check }
}

function NotTaken({ refused }: { refused: Refused[] }) {
  return refused.length > 0 && (
    <Alert type="error" role="alert" showIcon title="以下文件不能上传" style={{ margin: '8px 0' }} description={<ul className="not-taken">{refused.map(({ name, why }, i) => <li key={i}>{name}：{why}</li>)}</ul>} />
  )
}

/** What a camera is asked for; a phone turns its own format into it. */
const PHOTOS = 'image/jpeg,image/png'
const hasCamera = (): boolean => window.matchMedia('(pointer: coarse)').matches

/** Chooses files; on a phone also takes photographs. */
function FileButtons({ children, accept = '', loading = false, onChoose }: { children: string, accept?: string | undefined, loading?: boolean, onChoose: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const open = (photo: boolean) => (): void => {
    const field = input.current!
    field.accept = photo ? PHOTOS : accept
    // An empty attribute would ask for the camera, too.
    if (photo) field.capture = 'environment'
    else field.removeAttribute('capture')
    field.click()
  }
  return (
    <Flex gap={8} wrap className="no-print">
      <input
        ref={input} type="file" accept={accept} multiple hidden aria-label={children}
        onChange={({ target }) => {
          onChoose([...target.files!])
          // The same file can be chosen again.
          target.value = ''
        }}
      />
      <Button icon={<UploadOutlined />} loading={loading} onClick={open(false)}>{children}</Button>
      {hasCamera() && <Button icon={<CameraOutlined />} disabled={loading} onClick={open(true)}>拍照</Button>}
    </Flex>
  )
}

/** Files for an application that is not filed yet: they go with it. */
export function FileChooser({ files, onChange }: { files: File[], onChange: Dispatch<SetStateAction<File[]>> }) {
  const { accept, hint, refused, check } = useFileRules()
  return (
    <>
      <FileButtons accept={accept} onChoose={chosen => void check(chosen, files.length).then(taken => onChange(before => [...before, ...taken]))}>选择文件</FileButtons>
      {files.length > 0 && (
        <ul className="materials">
          {files.map((file, i) => (
            <li key={`${i} ${file.name}`}><span><PaperClipOutlined aria-hidden /> {file.name} <span className="muted nowrap">{sizeText(file.size)}</span></span><Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`移除 ${file.name}`} onClick={() => onChange(before => before.filter(one => one !== file))} /></li>
          ))}
        </ul>
      )}
      <NotTaken refused={refused} />
      <p className="muted">{hint && `${hint}。`}文件随表单一并提交，不存入草稿。</p>
    </>
  )
}

const queryOf = (caseNo: string) => $api.queryOptions('get', '/api/cases/{caseNo}/materials', { params: { path: { caseNo } } })

/** How many files of a case the reader may see; nothing where there is none. */
export function MaterialCount({ caseNo, none }: { caseNo: string, none?: string }) {
  const { data } = useQuery(queryOf(caseNo))
  return data && (data.length || none)
}

/** The files of a case that the reader may see, and adding more. `canAnswer`: also for the enterprise. */
export function Materials({ caseNo, canAdd, canAnswer = false }: { caseNo: string, canAdd: boolean, canAnswer?: boolean }) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const query = queryOf(caseNo)
  const { data: materials } = useQuery(query)
  const [sending, setSending] = useState(0)
  const { accept, hint, refused, refuse, check } = useFileRules()
  const send = async (file: File, to?: 'applicant'): Promise<void> => {
    setSending(n => n + 1)
    try {
      await uploadMaterial(caseNo, file, to)
      message.success(`已上传：${file.name}`)
    } catch (error) {
      refuse(file.name, toProblem(error).detail)
    }
    setSending(n => n - 1)
    await queries.invalidateQueries({ queryKey: query.queryKey })
  }
  const add = (chosen: File[], to?: 'applicant'): void => void check(chosen, materials?.length ?? 0).then(taken => Promise.all(taken.map(file => send(file, to))))
  return (
    <>
      {!materials ? <Waiting /> : materials.length > 0
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
          {canAnswer && <><FileButtons accept={accept} loading={sending > 0} onChoose={files => add(files, 'applicant')}>上传给企业</FileButtons><p className="muted no-print">企业可以下载，并收到通知</p></>}
          <FileButtons accept={accept} loading={sending > 0} onChoose={files => add(files)}>{canAnswer ? '上传内部材料' : '上传材料'}</FileButtons>
          {canAnswer && <p className="muted no-print">只有办案人员能看到，企业看不到</p>}
          <NotTaken refused={refused} />
          <p className="muted no-print">{hint && `${hint}。`}</p>
        </>
      )}
    </>
  )
}
