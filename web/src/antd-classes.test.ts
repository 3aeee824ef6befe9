import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Alert, Button, Card, Col, Descriptions, Empty, Form, Input, Row, Select, Table, Tabs, Tag } from 'antd'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const styles = (): string => readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.css')).map(file => readFileSync(here + file, 'utf8')).join('\n')
const classesIn = (text: string): string[] => [...new Set(text.match(/(?<=\.)ant-[\w-]+/g))]

/** What the installed component library calls its parts. */
const rendered = (): string[] => [
  createElement(Table, { dataSource: [{ key: 1 }], columns: [{ title: '列', dataIndex: 'key' }] }),
  createElement(Tabs, { items: [{ key: '1', label: '甲' }, { key: '2', label: '乙' }], activeKey: '1' }),
  createElement(Form, {}, createElement(Form.Item, { label: '栏', extra: '说明' }, createElement(Input, { allowClear: true, value: '值' }))),
  createElement(Row, {}, createElement(Col)),
  createElement(Empty, { description: '无' }), createElement(Button), createElement(Tag), createElement(Card, { title: '题', extra: '附' }), createElement(Alert, { title: '题', description: '文' }),
  createElement(Select, { value: '值' }), createElement(Descriptions, { items: [{ key: '1', label: '栏', children: '值' }] }),
].flatMap(one => [...renderToStaticMarkup(one).matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names!.split(' ')))

it('names in its styles only parts that the installed component library still has', () => {
  const used = classesIn(styles())
  expect(used.length).toBeGreaterThan(5)
  // What unfolds is drawn in a browser only: the journeys take hold of it by the same name.
  const known = new Set([...rendered(), ...classesIn(readFileSync(`${here}../journeys/hands.ts`, 'utf8'))])
  expect(used.filter(name => !known.has(name))).toEqual([])
})
