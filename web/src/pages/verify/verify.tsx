import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { useSearch } from '@tanstack/react-router'
import { Alert, Button, Input } from 'antd'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { client, send, type Schemas } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { useTitle } from '../../components/page.tsx'
import { Shield } from '../../layout/brand.tsx'
import './verify.css'

type Verified = Schemas['Verified']

/** 文书核验: whoever holds a document finds out whether it is genuine, by its number and code or by the file; without signing in. */
export default function VerifyPage() {
  useTitle('文书核验')
  const search = useSearch({ from: '/verify' })
  const [number, setNumber] = useState(search.number ?? '')
  const [code, setCode] = useState(search.code ?? '')
  const [found, setFound] = useState<Verified>()
  const [failure, setFailure] = useState<string>()
  const [isAsking, setAsking] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const ask = async (how: () => Promise<Verified>): Promise<void> => {
    setAsking(true)
    setFound(undefined)
    setFailure(undefined)
    try {
      setFound(await how())
    } catch (error) {
      setFailure(toProblem(error).detail)
    }
    setAsking(false)
  }
  const byCode = () => ask(async () => (await client.GET('/verify/{number}', { params: { path: { number: number.trim() }, query: { code } } })).data!)
  const byFile = (chosen: File) => ask(async () => (await send(new Request('/verify', { method: 'POST', body: chosen, headers: { 'content-type': 'application/octet-stream' } }))).json() as Promise<Verified>)
  // Whoever has scanned the code has asked.
  useEffect(() => { if (search.number && search.code) void byCode() }, [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void byCode()
  }
  return (
    <main className="verify">
      <header><Shield size={32} /><h1>文书核验</h1></header>
      <p className="muted">核验文书是否由本机关出具、现在是否有效。文号和核验码在文书上。</p>
      <form onSubmit={submit}>
        <label htmlFor="number">文号</label>
        <Input id="number" size="large" required value={number} onChange={({ target }) => setNumber(target.value)} placeholder="如：诸公信修〔2026〕1号" autoComplete="off" />
        <label htmlFor="code">核验码</label>
        <Input id="code" size="large" required value={code} onChange={({ target }) => setCode(target.value)} placeholder="如：ABCD-EFGH-JKLM-NPQR" autoComplete="off" autoCapitalize="characters" spellCheck={false} />
        <Button type="primary" size="large" htmlType="submit" block loading={isAsking}>核验</Button>
      </form>
      <input ref={file} type="file" accept="application/pdf,.pdf" hidden aria-label="文书文件" onChange={({ target }) => { if (target.files?.[0]) void byFile(target.files[0]); target.value = '' }} />
      <Button block disabled={isAsking} onClick={() => file.current?.click()}>用下载的 PDF 文件核验</Button>
      <div aria-live="polite">
        {failure && <Alert type="error" showIcon title={failure} />}
        {found && <Outcome found={found} />}
      </div>
    </main>
  )
}

const STATES = {
  valid: { title: '真实有效', icon: <CheckCircleFilled />, tone: 'good' },
  replaced: { title: '真实，但已被新的文书替换', icon: <ExclamationCircleFilled />, tone: 'past' },
  withdrawn: { title: '真实，但已经撤销', icon: <ExclamationCircleFilled />, tone: 'past' },
} as const

function Outcome({ found: { genuine, number, kind, date, state, hash } }: { found: Verified }) {
  if (!genuine || !state) return <section className="verified bad"><h2><CloseCircleFilled aria-hidden /> 没有核验到</h2><p>文号和核验码不符，或者文件与出具的原件不一致。请核对后再试；仍不符的，请勿采信，并向出具机关查询。</p></section>
  const { title, icon, tone } = STATES[state]
  return (
    <section className={`verified ${tone}`}>
      <h2><span aria-hidden>{icon}</span> {title}</h2>
      <dl>
        <dt>文号</dt><dd>{number}</dd>
        <dt>种类</dt><dd>{kind}</dd>
        <dt>成文日期</dt><dd>{date}</dd>
        <dt>原件校验值</dt><dd className="hash">{hash}</dd>
      </dl>
    </section>
  )
}
