import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Alert, App, Button, Card, Flex, Popconfirm, Steps } from 'antd'
import { useEffect, useState } from 'react'
import { client, tellFailure, type Schemas } from '../../api/client.ts'
import { savingText, useDraft, useDrafts, type Draft, type OpenDraft } from '../../api/drafts.ts'
import { newKey } from '../../api/key.ts'
import { uploadMaterial } from '../../api/materials.ts'
import { useOnce } from '../../api/once.ts'
import { toProblem } from '../../api/problem.ts'
import { useProcedure } from '../../api/reference.ts'
import { JsonForm } from '../../components/json-form/lazy.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { Page } from '../../components/page.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { FileChooser } from '../../components/materials.tsx'
import './services.css'
import { promised } from './words.ts'

/** 申请, or what an officer begins: the procedure's own form, kept as it is typed. The address names the draft, so that each window goes on with its own. */
export default function ApplyPage() {
  const { procedure: key } = useParams({ from: '/inside/services/apply/$procedure' })
  const { draft: id } = useSearch({ from: '/inside/services/apply/$procedure' })
  const navigate = useNavigate()
  const procedure = useProcedure(key)
  const drafts = useDrafts({ procedure: key })?.filter(draft => draft.caseNo === null)
  const [fresh] = useState(newKey)
  // Entered without one: where the reader left off, else a new one.
  const next = drafts && (id ?? drafts[0]?.id ?? fresh)
  useEffect(() => { if (id === undefined && next !== undefined) void navigate({ from: '/services/apply/$procedure', search: { draft: next }, replace: true }) }, [id, next])
  if (!drafts || id === undefined) return <Waiting />
  return <Application key={id} id={id} procedure={procedure} drafts={drafts} />
}

interface ApplicationProps { id: string, procedure: Schemas['ProcedureDetail'], drafts: Draft[] }

function Application({ id, procedure, drafts }: ApplicationProps) {
  const outside = isEnterprise(usePerson())
  const navigate = useNavigate({ from: '/services/apply/$procedure' })
  const [found] = useState(() => drafts.find(draft => draft.id === id))
  const draft = useDraft({ procedure: procedure.key }, { found, id })
  const [files, setFiles] = useState<File[]>([])
  const { file, filing, problem } = useFiling(procedure.key, files, draft)
  const isApplication = outside || procedure.kind === 'application'
  const schema = outside || procedure.kind === 'of-office' || !isForEnterprises(procedure) ? procedure.application as JsonSchema : withBeside(procedure)
  const another = (): void => void navigate({ search: { draft: newKey() } })
  const others = drafts.filter(one => one.id !== id).length
  const page = (
    <Page title={procedure.title} extra={<Flex gap={12} align="center" wrap>{others > 0 && <Link to="/drafts">另有 {others} 份草稿</Link>}{found && <Button onClick={another}>另起一份</Button>}</Flex>}>
      <Steps className="apply-steps" size="small" current={0} responsive={false} items={[{ title: isApplication ? '填写申请' : '填写' }, { title: '办理' }, { title: '结果' }]} style={{ marginBottom: 16 }} />
      <div className="apply">
        <Card>
          {draft.told && <Alert showIcon type="info" role="status" title={draft.told} style={{ marginBottom: 12 }} />}
          <JsonForm id="apply" schema={schema} value={draft.value} onChange={draft.change} onSubmit={file} errors={problem?.errors} disabled={filing}>
            <h2 className="services-head">材料</h2>
            <FileChooser files={files} onChange={setFiles} />
            {problem && <Alert showIcon role="alert" type={problem.isPassing ? 'warning' : 'error'} title={problem.title} style={{ marginTop: 12 }} description={problem.isPassing ? `${problem.detail}已填写的内容都在，可以直接再次提交，不会重复办理。` : problem.detail} />}
            <div className="apply-foot">
              <span>
                <span className="muted" role="status">{savingText(draft.saving)}</span>
                {draft.saving.state === 'saved' && <Popconfirm title="清空已填写的内容？" okText="清空" cancelText="保留" onConfirm={() => void draft.drop().then(another).catch(tellFailure)}><Button type="link" size="small">清空</Button></Popconfirm>}
              </span>
              <Button type="primary" htmlType="submit" loading={filing} size="large" className="apply-send">{isApplication ? '提交申请' : '提交'}</Button>
            </div>
          </JsonForm>
        </Card>
        <About procedure={procedure} />
      </div>
    </Page>
  )
  return procedure.confidentiality === 'restricted' ? <Restricted>{page}</Restricted> : page
}

const isForEnterprises = ({ whoMayApply }: Schemas['ProcedureDetail']): boolean => whoMayApply.includes('enterprise')

/** Files the application, then its materials; what was typed stays until the application was taken. */
function useFiling(procedure: string, files: File[], draft: OpenDraft) {
  const { message, notification } = App.useApp()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const filing = useOnce({
    meta: { showsFailure: true },
    mutationFn: async (form: object) => {
      const { data } = await draft.send(key => client.POST('/api/procedures/{key}/cases', { params: { path: { key: procedure }, header: { 'idempotency-key': key } }, body: form }))
      const { caseNo } = data!
      const lost: string[] = []
      for (const one of files) await uploadMaterial(caseNo, one).catch(error => lost.push(`${one.name}：${toProblem(error).detail}`))
      return { caseNo, lost, isRecorded: 'tasks' in data! }
    },
    async onSuccess({ caseNo, lost, isRecorded }) {
      message.success(isRecorded ? `已提交，编号 ${caseNo}` : `已收到，编号 ${caseNo}，正在登记`)
      if (lost.length > 0) notification.warning({ title: '有材料未能上传，请在本页重新上传', description: lost.join('；'), duration: 0 })
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/cases') })
      // In the place of the form: going back leads to no draft that is there no more.
      await navigate({ to: '/services/cases/$caseNo', params: { caseNo }, replace: true })
    },
  })
  return { file: (form: object) => filing.mutate(form), filing: filing.isPending, problem: filing.error && toProblem(filing.error) }
}

/** An officer who files for an enterprise also says for which, and how it came in. */
function withBeside({ application, beside }: Schemas['ProcedureDetail']): JsonSchema {
  const [own, more] = [application as JsonSchema, beside as JsonSchema]
  return { ...own, properties: { ...more.properties, ...own.properties } }
}

function About({ procedure }: { procedure: Schemas['ProcedureDetail'] }) {
  const time = promised(procedure.clock)
  return (
    <aside aria-label="办理说明"><Card size="small" title="办理说明">
      <div>{procedure.summary}</div>
      <dl>
        {time && <><dt>办结时限</dt><dd><strong>{time}</strong></dd></>}
        <dt>办理依据</dt><dd>{procedure.legalBasis.join('；')}</dd>
        {isForEnterprises(procedure) && <><dt>提交以后</dt><dd>可以随时查看进度、催办、补充材料；需要您补正或者评价时，会通知您。</dd></>}
      </dl>
    </Card></aside>
  )
}
