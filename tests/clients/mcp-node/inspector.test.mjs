// The Inspector's command line, in both eras. It shows neither progress nor logs and has no way to
// cancel, but it can be made to leave.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { outcomeOf, seen } from './watch.mjs'

const { SALLYPORT_URL, WIDE_AGENT_KEY, INSPECTOR_HOME } = process.env
const launcher = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js'

function start(era, path, ...more) {
  const connection = ['--transport', 'http', '--protocol-era', era]
  const header = ['--header', `Authorization: Bearer ${WIDE_AGENT_KEY}`]
  const output = ['--quiet', '--format', 'json']
  const options = [...connection, ...header, ...output, ...more]
  return spawn(process.execPath, [launcher, '--cli', SALLYPORT_URL + path, ...options], {
    env: { PATH: process.env.PATH, HOME: INSPECTOR_HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(...command) {
  const inspector = start(...command)
  const [out, problems] = await Promise.all([text(inspector.stdout), text(inspector.stderr)])
  assert.equal(problems, '')
  return JSON.parse(out).result
}

const called = (tool, args) => [
  ...['--method', 'tools/call', '--tool-name', tool],
  ...['--tool-args-json', JSON.stringify(args)],
]

for (const era of ['legacy', 'auto', 'modern']) {
  test(`inspector 2.12.0, ${era}: lists 600 tools, all pages`, async () => {
    const { tools } = await run(era, '/mcp/servers/legacy', '--method', 'tools/list')
    assert.equal(new Set(tools.map((tool) => tool.name)).size, 600)
  })

  test(`inspector 2.12.0, ${era}: calls`, async () => {
    const said = `inspector, ${era}`
    const result = await run(era, '/mcp', ...called('modern__echo', { text: said }))
    assert.equal(result.content[0].text, said)
  })
}

test('inspector 2.12.0, auto: gets the answer of a tool that reports progress', async () => {
  const tool = called('test_tool_with_progress', {})
  const result = await run('auto', '/mcp/servers/conformance', ...tool)
  assert.equal(result.content[0].text, 'Reported progress three times.')
})

test('inspector 2.12.0, modern: ended in the middle of a call, it has cancelled it', async () => {
  const said = 'inspector leaves'
  const from = new Date().toISOString()
  const inspector = start('modern', '/mcp/servers/legacy', ...called('wait', { text: said }))
  await seen('legacy', said, 'began')
  const left = Date.now()
  inspector.kill('SIGKILL')
  const { how, ended } = await seen('legacy', said, 'ended')
  assert.equal(how, 'cancelled')
  assert.ok(ended - left < 1_000, `after ${ended - left} ms`)
  assert.equal(await outcomeOf('legacy', 'wait', from), 'cancelled')
})
