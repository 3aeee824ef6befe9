/** Where documents are drawn up: a kind's template and content become a paper, the paper a file. */
import type { Queryable } from '../db/connect.ts'
import { nameAll } from '../db/directory/directory.ts'
import { shanghaiDate } from '../model/instants.ts'
import { Refused } from '../model/refused.ts'
import type { CaseRow } from '../model/state.ts'
import type { Facts } from '../model/types.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import { findReferences } from '../workflows/kit/check-forms.ts'
import { Unprintable, Unsigned } from './errors.ts'
import type { Paper } from './paper.ts'
import type { Signer } from './sign.ts'
import { dateInWords, fill, type NameOf } from './template.ts'
import type { OwnFonts, Typeset } from './typeset.ts'

/** A document as it will be kept. */
export interface Drawn { title: string, pdf: Buffer }

/** Draws one up under its number and signs it; without a code it is a preview, says so, and is not signed. @throws Unprintable @throws Unfilled @throws Unsigned */
export type Draw = (at: { number: string, code: string | null, issuedAt: Date }) => Promise<Drawn>

export interface Press {
  /** Reads all that a document of a case is drawn up from, so that nothing has to be asked while its number is taken. */
  prepare(file: CaseRow, kind: string, content: Facts): Promise<Draw>
  /** As it will look, without number, code and signature. @throws Refused as `check` does */
  preview(file: CaseRow, kind: string, content: Facts): Promise<Buffer>
  /** As an editable Word file. */
  draft(file: CaseRow, kind: string, content: Facts): Promise<Buffer>
  /** @throws Refused when it could not be issued as it stands: says to whoever decides which characters no font has, or what is missing */
  check(file: CaseRow, kind: string, content: Facts): Promise<void>
}

/** `office`: who issues (发文机关); `publicUrl`: where anybody can have a document checked; `signer`: none where only previews are drawn. */
export interface PressSettings { office: string, publicUrl: string, fonts?: OwnFonts | undefined, signer?: Signer }

/** What stands in the place of a number that is not given yet. */
export const NO_NUMBER = '（未编号）'

/** A press; it loads its fonts with the first document. */
export function createPress(via: Queryable, { office, publicUrl, fonts, signer }: PressSettings): Press {
  let loading: Promise<Typeset> | undefined
  const typeset = async (...[paper, at]: Parameters<Typeset>) => (await (loading ??= import('./typeset.ts').then(({ createTypeset }) => createTypeset(fonts))))(paper, at)

  /** The paper of a document, under whatever number it will have. */
  async function compose(file: CaseRow, kind: string, content: Facts): Promise<(at: Parameters<Draw>[0]) => Paper> {
    const { template, addressee } = documentKind(file.procedure, kind)
    const fields = getProcedure(file.procedure).shown.documents![kind]!
    const name = await namesIn(via, file, fields, content)
    const applicant = addressee?.(file.application) ?? (file.enterpriseId === null ? name('person', file.applicantId) : name('enterprise', file.enterpriseId))
    return ({ number, code, issuedAt }) => {
      const date = dateInWords(shanghaiDate(issuedAt))
      const filled = fill(template, fields, content, { 申请人: applicant, 案件编号: file.caseNo, 出具机关: office, 出具日期: date }, name)
      return {
        ...filled, office, mark: MARKS[filled.form](office), number, signer: office, date,
        marked: code === null ? '预览，尚未出具，不得使用' : signer?.isTest ? '测试证书签名，仅供试用，不具有法律效力' : null,
        proof: code === null ? null : proofOf(publicUrl, number, code),
      }
    }
  }

  async function prepare(file: CaseRow, kind: string, content: Facts): Promise<Draw> {
    const paperAt = await compose(file, kind, content)
    return async (at) => {
      const { code, issuedAt } = at
      const paper = paperAt(at)
      const pdf = await typeset(paper, issuedAt)
      if (code === null) return { title: paper.title, pdf }
      const why = signer ? signer.why(issuedAt) : 'this process has no certificate'
      if (why !== undefined) throw new Unsigned(why)
      return { title: paper.title, pdf: await signer!.sign(pdf, issuedAt) }
    }
  }

  async function preview(file: CaseRow, kind: string, content: Facts): Promise<Buffer> {
      const draw = await prepare(file, kind, content)
      try {
        return (await draw({ number: NO_NUMBER, code: null, issuedAt: new Date() })).pdf
      } catch (error) {
        if (error instanceof Unprintable) throw new Refused('bad-form', lacking(error, documentKind(file.procedure, kind).template.name))
        throw error
      }
  }

  return {
    prepare,
    preview,
    async draft(file, kind, content) {
      const { draftOf } = await import('./draft.ts')
      return draftOf((await compose(file, kind, content))({ number: NO_NUMBER, code: null, issuedAt: new Date() }))
    },
    async check(file, kind, content) {
      const why = signer?.why(new Date())
      if (why !== undefined) throw new Refused('bad-form', why)
      await preview(file, kind, content)
    },
  }
}

/** What an officer reads of characters that no font has. */
export const lacking = ({ characters }: Unprintable, what: string): string =>
  `《${what}》印不出${characters.map(c => `“${c}”`).join('、')}：字库里没有${characters.length > 1 ? '这些字' : '这个字'}。请核对；确是此字的，请系统管理员添加含有该字的字库后再办。`

/** The kind of document of that procedure. @throws Error where there is none */
export function documentKind(procedure: string, kind: string) {
  const found = getProcedure(procedure).documents?.[kind]
  if (!found) throw new Error(`${procedure} has no form for ${kind}`)
  return found
}

/** 发文机关标志 (GB/T 9704—2012 7.2.4, 10.1, 10.2). */
const MARKS: Record<Paper['form'], (office: string) => string> = { ordinary: office => `${office}文件`, letter: office => office, order: office => `${office}令` }

function proofOf(publicUrl: string, number: string, code: string): NonNullable<Paper['proof']> {
  const { href, host } = new URL(`/verify?number=${encodeURIComponent(number)}&code=${code}`, publicUrl)
  return { href, lines: [`核验码：${code}`, `扫描二维码，或者在 ${host}/verify 输入文号和核验码，核验真伪。`] }
}

async function namesIn(via: Queryable, file: CaseRow, fields: Parameters<typeof findReferences>[0], content: Facts): Promise<NameOf> {
  const mentioned = findReferences(fields, content)
  const ids = (to: string) => mentioned.filter(one => one.to === to).map(({ id }) => id)
  const names = await nameAll(via, { people: [file.applicantId, ...ids('person')], units: ids('unit'), enterprises: [...ids('enterprise'), ...file.enterpriseId === null ? [] : [file.enterpriseId]] })
  return (to, id) => to === 'unit' || to === 'person' || to === 'enterprise' ? names[to](id).name : id
}
