/** What people do on the pages with their hands, by the words they read there. */
import type { Locator, Page } from 'playwright-core'

/** Answers by the label of the field; where several fields have the same label, the last of them is meant. */
export type Answers = Record<string, string | number>

/** Fills in a form as it is drawn: texts, choices, dates, and lists to choose from. */
export async function fillIn(form: Locator, answers: Answers): Promise<void> {
  for (const [label, answer] of Object.entries(answers)) await fillInOne(form, label, String(answer))
}

async function fillInOne(form: Locator, label: string, answer: string): Promise<void> {
  // A box to be ticked has a star beside its words, which only its accessible name leaves out.
  const field = form.getByLabel(label, { exact: true }).or(form.getByRole('checkbox', { name: label, exact: true })).last()
  await field.waitFor()
  const kind = await field.evaluate(one => one.getAttribute('role') ?? (one.closest('.ant-picker') ? 'date' : one.getAttribute('type')))
  if (kind === 'radiogroup') return field.getByRole('radio', { name: answer, exact: true }).check()
  if (kind === 'checkbox') return field.check()
  if (kind === 'combobox') return choose(field, answer)
  await field.fill(answer)
  if (kind === 'date') await field.press('Enter')
}

/** Chooses from a list that unfolds; a long one is drawn in part, so what is chosen is looked for by its name where that can be typed. */
async function choose(field: Locator, answer: string): Promise<void> {
  await field.click()
  if (await field.isEditable()) await field.fill(answer)
  await field.page().locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: answer }).first().click()
}

/** The card of a task on the page of its case. */
export const card = (page: Page, title: string): Locator =>
  page.locator('.task-card').filter({ has: page.locator('.ant-card-head-title', { hasText: new RegExp(`^${title}($|第|黄|红)`) }) })

/** Claims a task; its form opens. */
export async function claim(page: Page, title: string): Promise<Locator> {
  await card(page, title).getByRole('button', { name: '签收', exact: true }).click()
  await card(page, title).getByText('办理人 本人').waitFor()
  return card(page, title)
}

/** Presses the button and, asked once more, says yes. */
export async function confirm(form: Locator, action: string): Promise<void> {
  await form.getByRole('button', { name: action, exact: true }).click()
  await form.page().getByRole('button', { name: `确认${action}` }).click()
}

/** Submits a form under whatever its button says (提交审核意见, …), and says yes. */
export async function submit(form: Locator): Promise<void> {
  await form.getByRole('button', { name: /^提交/ }).click()
  await form.page().getByRole('button', { name: /^确认提交/ }).click()
}

/** Completes a task in hand. */
export async function complete(page: Page, title: string, answers: Answers): Promise<void> {
  await fillIn(card(page, title), answers)
  await submit(card(page, title))
  await page.getByText(new RegExp(`^已提交.*：${title}`)).first().waitFor()
}

/** Claims and completes a task. */
export async function take(page: Page, title: string, answers: Answers): Promise<void> {
  await claim(page, title)
  await complete(page, title, answers)
}
