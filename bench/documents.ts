// What a document costs: node --import tsx bench/documents.ts [how many]. Draws up a two-page notice as often as asked, and prints CPU, memory and the hash.
import { createHash } from 'node:crypto'
import { createSigner, makeTestCredentials } from '../documents/sign.ts'
import { samplePaper } from '../documents/testing.ts'
import { createTypeset } from '../documents/typeset.ts'

const count = Number(process.argv[2] ?? 1000)
const paper = samplePaper({
  parts: [{ p: '经审查，你单位提交的材料齐全，符合规定的条件，准予备案，请在有效期内办理。'.repeat(14) }, { table: { titles: ['品名', '数量'], widths: [2, 1], rows: [['甲苯', '500'], ['丙酮', '12.5']] } }, { p: '特此通知。' }],
  copies: '示例中心', proof: { href: 'https://anxin.example.cn/verify?number=示公〔2026〕12号&code=ABCD-EFGH-JKLM-NPQR', lines: ['核验码：ABCD-EFGH-JKLM-NPQR'] },
})
const at = new Date('2026-03-05T09:00:00+08:00')
const typeset = createTypeset()
const signer = await createSigner(await makeTestCredentials('示例市公安局'))
const first = typeset(paper, at)
const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)

async function measure(what: string, run: (i: number) => Buffer | Promise<Buffer>) {
  let peak = 0
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) {
    await run(i)
    // As between two documents of a worker: what is done with is let go.
    await new Promise(setImmediate)
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const { user, system } = process.cpuUsage(before)
  console.log(`${what}: ${((user + system) / 1000 / count).toFixed(2)} ms of CPU each over ${count}, at most ${mb(peak)} MiB`)
}

// Each under a number of its own: nothing is remembered from the one before.
await measure('set', i => typeset({ ...paper, number: `示公〔2026〕${i + 1}号` }, at))
await measure('set and signed', i => signer.sign(typeset({ ...paper, number: `示公〔2026〕${i + 1}号` }, at), at))
const hash = (pdf: Buffer) => createHash('sha256').update(pdf).digest('hex')
console.log(`${first.toString('latin1').match(/\/Type \/Page\b/g)!.length} pages, ${Math.round(first.length / 1024)} KiB, ${hash(first)}${hash(typeset(paper, at)) === hash(first) ? ', the same again' : ', NOT the same again'}`)
