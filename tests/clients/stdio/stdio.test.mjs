import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

const { SALLYPORT_URL, SALLYPORT_ADMIN_KEY, SALLYPORT_AGENT_KEY } = process.env
const { GATEWAY_PID, BOB_KEY } = process.env
const SECRET = 'the-operators-own'

async function ask(key, path, { method = 'GET', body, headers = {} } = {}) {
  return fetch(SALLYPORT_URL + path, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  })
}

async function register(body) {
  return ask(SALLYPORT_ADMIN_KEY, '/admin/v1/servers', { method: 'POST', body })
}

async function admin(path, request) {
  const answer = await ask(SALLYPORT_ADMIN_KEY, `/admin/v1${path}`, request)
  const text = await answer.text()
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`)
  assert.ok(!text.includes(SECRET), `${path} shows the operator's secret`)
  return JSON.parse(text)
}

async function call(key, tool, args) {
  const answer = await ask(key, '/mcp', {
    method: 'POST',
    headers: {
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': `everything__${tool}`,
    },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: `everything__${tool}`,
        arguments: args,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
  })
  return answer.json()
}

const add = (key, a, b) => call(key, 'get-sum', { a, b })

function assertSum(answer, sum) {
  assert.ok(answer.result && !answer.result.isError, JSON.stringify(answer))
  assert.match(answer.result.content[0].text, new RegExp(` ${sum}\\.$`))
}

/** The started servers: children of the gateway that run the package's program. */
function servers() {
  const list = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => parent === GATEWAY_PID && args.join(' ').includes('server-everything'))
    .map(([pid]) => Number(pid))
}

async function until(met) {
  for (let tries = 0; tries < 100; tries++) {
    if (await met()) return
    await pause(200)
  }
  assert.fail('it did not come to that within 20 s')
}

const isGone = (pid) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

test('ST-02 what is not exactly a profile is refused', async () => {
  const profile = { slug: 'everything', profile: 'everything' }
  for (const [body, code] of [
    [{ ...profile, args: ['stdio', '--inspect'] }, 'stdio_disabled'],
    [{ ...profile, cwd: '/' }, 'stdio_disabled'],
    [{ ...profile, env: { NODE_OPTIONS: '--inspect' } }, 'stdio_disabled'],
    [{ slug: 'everything', transport: 'stdio', command: '/bin/sh' }, 'stdio_disabled'],
    [{ slug: 'everything', profile: 'anything' }, 'invalid_request'],
    [{ ...profile, url: 'http://127.0.0.1:1/mcp' }, 'invalid_request'],
  ]) {
    const answer = await register(body)
    assert.equal(answer.status, 422, JSON.stringify(body))
    assert.equal((await answer.json()).code, code)
  }
  assert.deepEqual(servers(), [])
})

test('ST-02 registered by its profile, all its tools wait for review', async () => {
  const answer = await register({ slug: 'everything', profile: 'everything' })
  const server = await answer.json()
  assert.equal(answer.status, 201, JSON.stringify(server))
  assert.equal(server.profile, 'everything')
  assert.equal(server.negotiated_era, 'legacy')
  assert.ok(server.tools.length >= 10)
  assert.ok(server.tools.every((tool) => tool.status === 'pending_review'))
  await until(() => servers().length === 0)
})

test('approved, its tools run', async () => {
  const seen = await ask(SALLYPORT_ADMIN_KEY, '/admin/v1/servers/everything')
  await admin('/servers/everything/approve', {
    method: 'POST',
    body: { all: true, risk: 'read' },
    headers: { 'If-Match': seen.headers.get('etag') },
  })
  assertSum(await add(SALLYPORT_AGENT_KEY, 19, 23), 42)
})

test('the program has the environment of its profile and nothing else', async () => {
  const { result } = await call(SALLYPORT_AGENT_KEY, 'get-env', {})
  assert.deepEqual(JSON.parse(result.content[0].text), { TOKEN: SECRET })
})

test('a tool that policy denies is unknown', async () => {
  const { error } = await call(SALLYPORT_AGENT_KEY, 'echo', { message: 'hello' })
  assert.equal(error.code, -32602)
  assert.equal(error.message, 'Unknown tool: everything__echo')
  const { items } = await admin('/audit?kind=call.denied&server=everything')
  assert.equal(items[0].rule, 'no-echo')
})

/** The gateway's own, which listens for changes, starts when there is time for it. */
async function settledServers() {
  let before = []
  let now = servers()
  while (String(now) !== String(before)) {
    await pause(1_000)
    before = now
    now = servers()
  }
  return now
}

test('another principal gets a process of its own', async () => {
  const before = await settledServers()
  assertSum(await add(BOB_KEY, 1, 2), 3)
  assert.equal(servers().filter((pid) => !before.includes(pid)).length, 1)
})

test('calls that overlap get their own answers', async () => {
  const sums = await Promise.all(
    Array.from({ length: 40 }, (_, i) => add(i % 2 ? BOB_KEY : SALLYPORT_AGENT_KEY, i, 1000)),
  )
  sums.forEach((answer, i) => assertSum(answer, 1000 + i))
})

test('a program that was killed is started again for the next call', async () => {
  const killed = servers()
  assert.ok(killed.length >= 2)
  killed.forEach((pid) => process.kill(pid, 'SIGKILL'))
  await until(() => killed.every(isGone))
  await until(async () => !(await add(SALLYPORT_AGENT_KEY, 1, 1)).result?.isError)
  assertSum(await add(SALLYPORT_AGENT_KEY, 20, 22), 42)
})

test('killed in the middle of a call, the call fails and the next one works', async () => {
  const slow = call(BOB_KEY, 'trigger-long-running-operation', { duration: 15, steps: 3 })
  const quick = add(BOB_KEY, 1, 1)
  assertSum(await quick, 2)
  servers().forEach((pid) => process.kill(pid, 'SIGKILL'))
  const { result } = await slow
  assert.equal(result.isError, true)
  assert.equal(result._meta['io.sallyport/refusal'].code, 'upstream_error')
  assertSum(await add(BOB_KEY, 20, 22), 42)
})

test('when the gateway ends, so do the programs', async () => {
  const running = servers()
  assert.ok(running.length >= 1)
  process.kill(Number(GATEWAY_PID), 'SIGTERM')
  await until(() => running.every(isGone))
})
