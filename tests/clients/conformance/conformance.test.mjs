import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { limits } from './limits.mjs'
import { failing, page, passed } from './table.mjs'

const document = new URL('../../../docs/reference/conformance.md', import.meta.url)
const found = JSON.parse(await readFile(process.env.FOUND, 'utf8'))

for (const cell of found.cells) {
  const where = `${cell.client} client, ${cell.server === 'direct' ? 'no gateway' : `${cell.server} server`}`
  for (const [scenario, failed] of Object.entries({ ...cell.scenarios, ...cell.unscored })) {
    if (cell.least && failed.length > 0 && limits.has(scenario)) continue
    test(`${where}: ${scenario}`, () => assert.deepEqual(failed, []))
  }
  if (cell.least) {
    test(`${where}: at least ${cell.least} pass`, () => assert.ok(passed(cell) >= cell.least))
  }
}

for (const [scenario, failed] of Object.entries(found.clients)) {
  test(`as a client: ${scenario}`, () => assert.deepEqual(failed, []))
}

test('every reason why a scenario cannot pass is still needed', () => {
  const bridges = found.cells.filter((cell) => cell.least)
  const needed = new Set(bridges.flatMap((cell) => failing(cell.scenarios)))
  assert.deepEqual([...limits.keys()].filter((scenario) => !needed.has(scenario)), [])
})

test('docs/reference/conformance.md says what passed', async () => {
  const written = await readFile(document, 'utf8').catch(() => '')
  const current = page(found, limits)
  await writeFile(document, current)
  assert.ok(written === current, 'it was out of date and is written anew: commit it')
})
