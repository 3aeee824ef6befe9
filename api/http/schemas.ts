import { z } from 'zod'
import { ROLES } from '../../model/person.ts'

/** Something with an id for programs and a name for people; of what is past, the name at that time, and `now` what it is called today where that differs. */
export const Named = z.object({ id: z.string(), name: z.string(), now: z.string().optional() })

/** A person of the directory, as the API shows one. */
export const Person = z
  .object({
    id: z.string(),
    name: z.string(),
    unit: Named.nullable(),
    enterprise: Named.nullable(),
    roles: z.array(z.enum(ROLES)),
  })
  .meta({ id: 'Person', title: '人员' })

/** An officer, as forms offer one. */
export const Colleague = Named.extend({ unit: Named.nullable(), roles: z.array(z.enum(ROLES)) }).meta({ id: 'Colleague', title: '工作人员' })

/** What every refusal looks like (RFC 9457). */
export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: '错误（RFC 9457）：code 供程序判断，title 与 detail 供人阅读，errors 逐项指出填写有误之处。' })

const instant = () => z.iso.datetime({ offset: true })
/** Anything that JSON can say; one schema, so that it has one name in the description of the API. */
export const Json = z.json().register(z.globalRegistry, { id: 'Json' })
const JsonSchema = z.record(z.string(), Json).meta({ id: 'JsonSchema', title: '表单的 JSON Schema' })
const Form = z.record(z.string(), Json)
/** Names for the ids in forms and facts: `unit/<id>`, `person/<id>`, `enterprise/<id>`, `task/<id>`, `step/<name>` → as they were called then. */
const Mentions = z.record(z.string(), z.string()).meta({ id: 'Mentions', title: '所提及的名称', description: '表单、事实里各编号的名称（当时的名称）：键为 类别/编号，如 unit/economic-crime。' })
export type Mentions = z.infer<typeof Mentions>

/** What the caller may do now, to a case or a task. */
export const Action = z
  .object({ name: z.string(), title: z.string(), form: JsonSchema.nullable(), irreversible: z.boolean() })
  .meta({ id: 'Action', title: '可以进行的操作', description: 'form 为 null：无须填写内容。irreversible：不能撤回，请先向办理人确认。' })
export type Action = z.infer<typeof Action>

/** The time a rule allows, in its own unit: what is left is counted in it too. */
const ClockUnit = z.enum(['second', 'hour', 'day', 'workday', 'month', 'year'])
const Clock = z.object({ n: z.number(), unit: ClockUnit, before: z.string().optional().meta({ title: '自何日倒推', description: '有此项的，期限为该日前 n 个单位；n 为 0 即该日' }) }).meta({ id: 'Clock', title: '时限' })

/** One round of a human task. */
export const Task = z
  .object({
    id: z.string(),
    caseNo: z.string(),
    party: Named.nullable().meta({ title: '当事方', description: '属于哪一当事方；null：属于案件本身。' }),
    caseTitle: z.string(),
    procedure: z.string(),
    name: z.string(),
    title: z.string(),
    status: z.enum(['open', 'claimed', 'completed', 'cancelled']),
    /** Its id; `applicant` where the applicant holds it. */
    unit: z.string(),
    unitName: z.string(),
    holder: Named.nullable(),
    delegatedBy: Named.nullable(),
    round: z.int(),
    createdAt: instant(),
    dueAt: instant(),
    clock: Clock,
    card: z.enum(['none', 'yellow', 'red']),
    /** What whoever sees the case is to look at first: said to be urgent when it was filed; last urged by the applicant. */
    urgent: z.boolean(),
    urgedAt: instant().nullable(),
    completedBy: Named.nullable(),
    completedAt: instant().nullable(),
    /** How it was finished: `complete`, `return`, `acknowledge` … */
    action: z.string().nullable(),
    result: Form.nullable(),
    /** Facts that the form needs beside it. */
    context: Form.nullable(),
    /** For the ids in `result` and `context`; not in lists. */
    names: Mentions.optional(),
    actions: z.array(Action),
    barred: z.string().nullable().meta({ title: '须由他人办理的原因', description: '本属调用人职责、但因已办理过本案其他环节或者申报回避而不能签收的，说明原因。' }),
  })
  .meta({ id: 'Task', title: '任务' })
export type Task = z.infer<typeof Task>

/** A task with the form that completes it. */
export const TaskWithForm = Task.extend({ form: JsonSchema, contentHash: z.string().optional() }).meta({ id: 'TaskWithForm', title: '任务及其表单' })
export type TaskWithForm = z.infer<typeof TaskWithForm>

/** A case in a list. */
export const CaseSummary = z
  .object({
    caseNo: z.string(),
    procedure: z.string(),
    title: z.string(),
    status: z.enum(['open', 'paused', 'closed']),
    stage: z.string(),
    /** The stage in words: the tasks that are awaited, or how the case ended. */
    stageTitle: z.string(),
    /** What the enterprise is promised, in words of the public; null where it is its own turn, stopped, or over. */
    promise: z.string().nullable(),
    outcome: z.string().nullable(),
    card: z.enum(['none', 'yellow', 'red']),
    /** For officers: the unit and the step that the card was shown for; null without one, or where a check found it. */
    cardOf: z.object({ unitName: z.string().nullable(), title: z.string() }).nullable(),
    restricted: z.boolean(),
    confidentiality: z.enum(['internal', 'official', 'restricted']).meta({ description: 'internal：本企业可见；official：企业不可见；restricted：仅办案人员可见。' }),
    /** What its enterprise sees of it at present. */
    enterpriseSees: z.enum(['all', 'window', 'nothing']).meta({ description: '企业可见范围。all：应由企业看到的各项；window：仅提交人可见编号、大致进度和对其的告知；nothing：企业不可见。' }),
    ofOffice: z.boolean().meta({ title: '公安机关自行发起' }),
    haltedAt: instant().nullable().meta({ title: '流程停顿自', description: '流程中断，目前不能办理；null：正常。' }),
    enterprise: Named.nullable(),
    unit: z.string().nullable(),
    unitName: z.string().nullable(),
    applicant: Named,
    channel: z.string().nullable(),
    openedAt: instant(),
    dueAt: instant().nullable(),
    /** In which `dueAt` is counted down. */
    dueUnit: ClockUnit.nullable(),
    /** Of the promise for the whole case while it is to be kept; without one, `dueAt` is that of the task due first. */
    clock: Clock.nullable(),
    closedAt: instant().nullable(),
    round: z.int(),
    rating: z.string().nullable(),
  })
  .meta({ id: 'CaseSummary', title: '案件（列表项）' })
export type CaseSummary = z.infer<typeof CaseSummary>

/** A numbered document issued in a case. `href`: its file; `code`: with the number, what anybody can check it by. */
const CaseDocument = z
  .object({
    number: z.string(), kind: z.string(), name: z.string().meta({ title: '文书种类' }), title: z.string(), content: Form, names: Mentions, issuedAt: instant(),
    href: z.string(), code: z.string(), hash: z.string().meta({ description: 'SHA-256' }), state: z.enum(['valid', 'replaced', 'withdrawn']), stateSince: instant().nullable(), stateReason: z.string().nullable(), replacedBy: z.string().nullable(), audience: z.enum(['applicant', 'officers']),
  })
  .meta({ id: 'CaseDocument', title: '文书' })

/** A case as a whole. `facts` and `links` are for those who handle it, not for enterprises. */
export const Case = CaseSummary.extend({
  filedBy: Named,
  /** When the applicant last urged: once a day. */
  urgedAt: instant().nullable(),
  application: Form,
  result: Json.nullable(),
  facts: Form,
  /** For the ids in `application`, `result` and `facts`. */
  names: Mentions,
  links: z.array(z.object({ caseNo: z.string(), kind: z.enum(['duplicate-of', 'duplicated-by', 'child', 'parent']) })),
  documents: z.array(CaseDocument),
  /** Those with a lane of their own: each with rounds, stage and sight apart from the others. */
  parties: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(['enterprise', 'unit', 'item']), stage: z.string().meta({ description: '等待的环节；办结后为“已办结”。' }), closed: z.boolean() })).meta({ title: '当事方' }),
  tasks: z.array(Task),
  actions: z.array(Action),
}).meta({ id: 'Case', title: '案件' })
export type Case = z.infer<typeof Case>

/** A case that is not shown: held durably but not yet recorded, or no longer the caller's to see. */
/** What was filed under a number that was given out, while its case is not in the record yet. */
export const Received = z
  .object({ caseNo: z.string(), status: z.literal('received'), procedure: z.string(), title: z.string(), receivedAt: instant() })
  .meta({ id: 'Received', title: '已收到，正在登记', description: '已经收到并保存，编号已经给出，正在登记为案件；登记以后以同一编号查到案件。' })
export type Received = z.infer<typeof Received>
export const CaseNumber = z.object({ caseNo: z.string() }).meta({ id: 'CaseNumber', title: '案件编号' })

/** What happened, in order; each event's hash covers the one before. */
export const CaseEvent = z
  .object({
    seq: z.int(),
    at: instant(),
    type: z.string(),
    actor: Named.extend({ unit: z.string().nullable() }).nullable(),
    data: Form,
    /** For the ids in `data`, as they were called when it happened. */
    names: Mentions,
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'CaseEvent', title: '案件事件' })
export type CaseEvent = z.infer<typeof CaseEvent>

/** Whether the record of a case is whole: `brokenAt` is the first event that does not fit. */
export const ChainCheck = z.object({ ok: z.boolean(), length: z.int(), brokenAt: z.int().nullable() }).meta({ id: 'ChainCheck', title: '事件链校验' })

const STEP_STATUS = ['not-reached', 'waiting', 'done', 'returned', 'lapsed', 'cancelled'] as const

/** Where a case stands in its procedure's picture, and how it came there. */
export const Journey = z
  .object({
    outcome: z.string().nullable(),
    steps: z.array(z.object({
      name: z.string(),
      title: z.string(),
      status: z.enum(STEP_STATUS),
      rounds: z.array(z.object({
        task: z.string(),
        title: z.string(),
        round: z.int(),
        status: z.enum(STEP_STATUS).exclude(['not-reached']),
        unitName: z.string(),
        /** Who decided it, else who holds it. */
        person: Named.nullable(),
        from: instant(),
        until: instant().nullable(),
        dueAt: instant(),
        card: z.enum(['none', 'yellow', 'red']),
      })),
    })),
    /** In order. Of steps decided side by side it is the last one that leads on. */
    moves: z.array(z.object({ at: instant(), from: z.string(), to: z.string(), fromTask: z.string().nullable(), toTask: z.string().nullable() })),
  })
  .meta({ id: 'Journey', title: '办理进程', description: 'from 为环节名或者 start（收件、事实变更后重新开始）；to 为环节名或者结果。' })
export type Journey = z.infer<typeof Journey>

/** Why a deadline falls when it does. */
export const DeadlineExplained = z
  .object({
    /** `case`: the promise for the whole case; else the task's id. */
    of: z.string(),
    title: z.string(),
    /** Whether it is still being watched. */
    live: z.boolean(),
    rule: z.string(),
    source: z.string(),
    startAt: instant(),
    dueAt: instant(),
    provisional: z.boolean(),
    lines: z.array(z.string()),
  })
  .meta({ id: 'DeadlineExplained', title: '期限说明' })
export type DeadlineExplained = z.infer<typeof DeadlineExplained>

const ClockOf = Clock.extend({
  source: z.string(), custody: z.literal(true).optional(), roll: z.enum(['forward', 'back', 'none']).optional(), monthEnds: z.literal(true).optional(), endOf: z.enum(['month', 'quarter', 'year']).optional(),
}).meta({ id: 'ClockOfPolicy', title: '规定的时限' })
const Span = z.object({ n: z.number(), unit: ClockUnit })

/** A procedure of the catalogue. */
export const ProcedureSummary = z
  .object({
    key: z.string(),
    title: z.string(),
    owner: z.string(),
    summary: z.string(),
    legalBasis: z.array(z.string()),
    confidentiality: z.enum(['internal', 'official', 'restricted']),
    kind: z.enum(['application', 'of-office', 'either']).meta({ description: 'application：企业的申请；of-office：公安机关自行发起的事项；either：视填报内容而定。' }),
    whoMayApply: z.array(z.enum(ROLES)),
    mayApply: z.boolean().meta({ title: '本人可以提交' }),
  })
  .meta({ id: 'ProcedureSummary', title: '流程（目录项）' })
export type ProcedureSummary = z.infer<typeof ProcedureSummary>

/** From where a procedure goes on to what: steps and outcomes in columns from left to right, and the paths between them with what is said there. */
const Picture = z
  .object({
    columns: z.array(z.array(z.string())),
    together: z.array(z.array(z.string())),
    paths: z.array(z.object({ from: z.string(), to: z.string(), label: z.string() })),
  })
  .meta({ id: 'Picture', title: '流程图', description: 'columns 自左至右各列的环节和结果；together 同步办理的环节；paths 从 start 或者某环节到某环节或者某结果。撤回、撤销可发生于任何环节，不在图上。' })

const Readings = z.record(z.string(), JsonSchema)

/** A procedure with its forms, as the policy in the code has it: unit ids as they stand there. */
export const ProcedureDetail = ProcedureSummary.extend({
  application: JsonSchema,
  /** What an officer who files for an enterprise adds to the application's own fields. */
  beside: JsonSchema,
  /** The promise for the whole case; null: only its tasks have one. */
  clock: z.union([ClockOf, z.record(z.string(), ClockOf)]).nullable(),
  tasks: z.array(z.object({
    name: z.string(),
    title: z.string(),
    /** Empty: named when the task is opened; `applicant`: held by the applicant. */
    unit: z.string(),
    role: z.enum(ROLES),
    clock: z.union([ClockOf, z.record(z.string(), ClockOf)]),
    /** Null: the default of the clock's unit. */
    ladder: z.object({ reminders: z.array(z.number()), red: Span, leader: Span }).nullable(),
    actions: z.array(z.string()),
    returnsTo: z.array(z.string()),
    form: JsonSchema,
    /** What may be issued when it is completed, and can be seen before. */
    documents: z.array(z.string()),
  })),
  shown: z.object({
    facts: Readings,
    results: Readings,
    documents: Readings,
    /** Of each task, also of the kit's own: what stands beside its form, and what it came to by the action that ended it. */
    tasks: z.record(z.string(), z.object({ context: JsonSchema.nullable(), results: Readings })),
  }).meta({ id: 'Shown', title: '所示内容的表单', description: '系统核验的事实（按名称）、办理结果（按结果）、文书（按种类）、各环节的说明和意见（按环节）怎样读：各项的名称、先后，所指的人员、单位等。' }),
  outcomes: z.array(z.string()),
  outcomeTitles: z.record(z.string(), z.string()),
  words: z.record(z.string(), z.string()).meta({ description: '时限的种类、规则的数值，用中文怎么说。' }),
  picture: Picture,
}).meta({ id: 'ProcedureDetail', title: '流程' })
export type ProcedureDetail = z.infer<typeof ProcedureDetail>
