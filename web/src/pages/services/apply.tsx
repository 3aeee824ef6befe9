import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Alert, App, Button, Card, Popconfirm, Steps } from 'antd'
import { useState } from 'react'
import { useAttempt } from '../../api/actions.ts'
import { client, type Schemas } from '../../api/client.ts'
import { uploadMaterial } from '../../api/materials.ts'
import { toProblem } from '../../api/problem.ts'
import { useProcedure } from '../../api/reference.ts'
import { JsonForm } from '../../components/json-form/lazy.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { Page } from '../../components/page.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { near } from '../../time.ts'
import { FileChooser } from '../../components/materials.tsx'
import './services.css'
import { useDraft, type Saving } from './use-draft.ts'
import { promised } from './words.ts'

/** 申请: the procedure's own form, kept as it is typed. */
export default function ApplyPage() {
  const { procedure: key } = useParams({ from: '/inside/services/apply/$procedure' })
  const procedure = useProcedure(key)
  return <Application key={key} procedure={procedure} />
}

function Application({ procedure }: { procedure: Schemas['ProcedureDetail'] }) {
  const outside = isEnterprise(usePerson())
  const { value, saving, change, drop } = useDraft(procedure.key)
  const [files, setFiles] = useState<File[]>([])
  const { file, filing, problem } = useFiling(procedure.key, files, drop)
  const schema = outside || !isForEnterprises(procedure) ? procedure.application as JsonSchema : withBeside(procedure)
  const page = (
    <Page title={procedure.title}>
      <Steps className="apply-steps" size="small" current={0} responsive={false} items={[{ title: '填写申请' }, { title: '办理' }, { title: '结果' }]} style={{ marginBottom: 16 }} />
      <div className="apply">
        <Card>
          <JsonForm id="apply" schema={schema} value={value} onChange={change} onSubmit={file} errors={problem?.errors} disabled={filing}>
            <h2 className="services-head">材料</h2>
            <FileChooser files={files} onChange={setFiles} />
            {problem && <Alert showIcon role="alert" type={problem.isPassing ? 'warning' : 'error'} title={problem.title} style={{ marginTop: 12 }} description={problem.isPassing ? `${problem.detail}已填写的内容都在，可以直接再次提交，不会重复办理。` : problem.detail} />}
            <div className="apply-foot">
              <span>
                <span className="muted" role="status">{savingText(saving)}</span>
                {saving.state === 'saved' && <Popconfirm title="清空已填写的内容？" okText="清空" cancelText="保留" onConfirm={() => void drop()}><Button type="link" size="small">清空</Button></Popconfirm>}
              </span>
              <Button type="primary" htmlType="submit" loading={filing} size="large">提交申请</Button>
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
function useFiling(procedure: string, files: File[], drop: () => Promise<void>) {
  const { message, notification } = App.useApp()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { keyOf } = useAttempt()
  const filing = useMutation({
    meta: { showsFailure: true },
    mutationFn: async (form: object) => {
      const { data } = await client.POST('/api/procedures/{key}/cases', { params: { path: { key: procedure }, header: { 'idempotency-key': keyOf(form) } }, body: form })
      const { caseNo } = data!
      const lost: string[] = []
      for (const one of files) await uploadMaterial(caseNo, one).catch(error => lost.push(`${one.name}：${toProblem(error).detail}`))
      await drop().catch(() => {})
      return { caseNo, lost }
    },
    async onSuccess({ caseNo, lost }) {
      message.success(`已提交，编号 ${caseNo}`)
      if (lost.length > 0) notification.warning({ title: '有材料未能上传，请在本页重新上传', description: lost.join('；'), duration: 0 })
      void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/cases') })
      await navigate({ to: '/services/cases/$caseNo', params: { caseNo } })
    },
  })
  return { file: (form: object) => filing.mutate(form), filing: filing.isPending, problem: filing.error && toProblem(filing.error) }
}

/** An officer who files for an enterprise also says for which, and how it came in. */
function withBeside({ application, beside }: Schemas['ProcedureDetail']): JsonSchema {
  const [own, more] = [application as JsonSchema, beside as JsonSchema]
  return { ...own, properties: { ...more.properties, ...own.properties } }
}

const savingText = (saving: Saving): string =>
  saving.state === 'saved' ? `草稿已保存 ${near(saving.at)}` : { none: '填写的内容会自动保存为草稿', saving: '正在保存草稿…', failed: '草稿暂未保存，恢复连接后自动重试' }[saving.state]

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
