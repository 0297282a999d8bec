// Every published client, in front of upstreams of both eras.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clients } from './clients.mjs'
import { outcomeOf, seen } from './watch.mjs'

const opened = []
after(() => Promise.all(opened.map(({ client }) => client.close())))

const textOf = (result) => result.content.map((block) => block.text).join('\n')

// Begins with a test that opens the connection, which the tests after it use.
function connection({ name, version, open }, path) {
  const connected = Promise.withResolvers()
  connected.promise.catch(() => {})
  test(`${name}, ${path}: speaks ${version}`, async () => {
    await open(path).then(connected.resolve, connected.reject)
    const one = await connected.promise
    opened.push(one)
    assert.equal(one.version, version)
  })
  return connected.promise
}

async function pagesOf(client) {
  const pages = []
  for (let cursor = ''; cursor !== undefined; ) {
    const { tools, nextCursor } = await client.listTools({ cursor })
    pages.push(tools.map((tool) => tool.name))
    cursor = nextCursor
  }
  return pages
}

async function progressOf({ call }, params) {
  const heard = []
  const onprogress = ({ progress, total }) => heard.push([progress, total])
  return { text: textOf(await call(params, { onprogress })), heard }
}

for (const kind of clients) {
  for (const era of ['legacy', 'modern']) {
    const who = `${kind.name}, ${era} upstream`
    const connected = connection(kind, `/mcp/servers/${era}`)

    test(`${who}: lists 600 tools in three pages, none twice`, async () => {
      const pages = await pagesOf((await connected).client)
      assert.deepEqual(pages.map((page) => page.length), [250, 250, 100])
      assert.equal(new Set(pages.flat()).size, 600)
    })

    test(`${who}: calls`, async () => {
      const text = `${who} 🍮`
      const { call } = await connected
      const result = await call({ name: 'echo', arguments: { text } })
      assert.equal(textOf(result), text)
      assert.match(result._meta['io.sallyport/record'], /^[^:]+:\d+:\d+$/)
    })

    test(`${who}: hears of the progress before the answer`, async () => {
      const step = { name: 'step', arguments: { text: who, steps: 3 } }
      const { text, heard } = await progressOf(await connected, step)
      assert.equal(text, who)
      assert.deepEqual(heard, [[1, 3], [2, 3], [3, 3]])
    })

    test(`${who}: cancels, and the upstream knows within a second`, async () => {
      const text = `${who} cancels`
      const from = new Date().toISOString()
      const giveUp = new AbortController()
      const { call } = await connected
      const answer = call({ name: 'wait', arguments: { text } }, { signal: giveUp.signal })
      answer.catch(() => {})
      await seen(era, text, 'began')
      const cancelled = Date.now()
      giveUp.abort()
      await assert.rejects(answer)
      const { how, ended } = await seen(era, text, 'ended')
      assert.equal(how, era === 'modern' ? 'closed' : 'cancelled')
      assert.ok(ended - cancelled < 1_000, `after ${ended - cancelled} ms`)
      assert.equal(await outcomeOf(era, 'wait', from), 'cancelled')
    })
  }

  const sample = connection(kind, '/mcp/servers/conformance')

  test(`${kind.name}, sample of the conformance suite: hears of its progress`, async () => {
    const { heard } = await progressOf(await sample, { name: 'test_tool_with_progress' })
    assert.deepEqual(heard, [[0, 100], [50, 100], [100, 100]])
  })

  test(`${kind.name}, sample of the conformance suite: hears its log after asking for it`, async () => {
    const { client, call, hearLog } = await sample
    const heard = []
    hearLog(({ level }) => heard.push(level))
    const _meta = { 'io.modelcontextprotocol/logLevel': 'info' }
    if (kind.version === '2025-11-25') await client.setLoggingLevel('info')
    await call({ name: 'test_tool_with_logging', _meta })
    assert.deepEqual(heard, ['info', 'info', 'info'])
  })
}
