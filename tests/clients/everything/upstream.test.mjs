import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

const { SALLYPORT_URL, SALLYPORT_ADMIN_KEY, SALLYPORT_AGENT_KEY } = process.env
const { UPSTREAM_URL, UPSTREAM_EGRESS, UPSTREAM_PID } = process.env

const risks = {
  'get-sum': 'read',
  'get-tiny-image': 'read',
  'get-structured-content': 'read',
  'trigger-long-running-operation': 'read',
  'get-env': 'read',
  'toggle-simulated-logging': 'read',
  'toggle-subscriber-updates': 'read',
  echo: 'read',
}

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

async function admin(path, request) {
  const answer = await ask(SALLYPORT_ADMIN_KEY, `/admin/v1${path}`, request)
  const text = await answer.text()
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

async function chat(model) {
  const answer = await ask(SALLYPORT_AGENT_KEY, '/v1/chat/completions', {
    method: 'POST',
    body: { model, messages: [{ role: 'user', content: 'Please.' }] },
  })
  const completion = await answer.json()
  assert.equal(answer.status, 200, JSON.stringify(completion))
  return completion
}

const textOf = (completion) => completion.choices[0].message.content

async function refusals(query) {
  const { items } = await admin(`/audit?kind=call.denied&${query}`)
  return items
}

function assertDenied(item, { tool, rule, reason }) {
  assert.equal(item.kind, 'call.denied')
  assert.equal(item.decision, 'deny')
  assert.equal(item.principal, 'user:dev-agent')
  assert.equal(item.server, 'everything')
  assert.equal(item.tool, tool)
  assert.equal(item.rule, rule)
  assert.equal(item.reason, reason)
}

async function mcp(session, message, path = '/mcp') {
  return ask(SALLYPORT_AGENT_KEY, path, {
    method: 'POST',
    body: { jsonrpc: '2.0', ...message },
    headers: {
      Accept: 'application/json, text/event-stream',
      ...(session ? { 'Mcp-Session-Id': session } : {}),
    },
  })
}

async function openSession(path = '/mcp') {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'sallyport-test', version: '1.0.0' },
  }
  const answer = await mcp(undefined, { id: 1, method: 'initialize', params }, path)
  const session = answer.headers.get('mcp-session-id')
  await mcp(session, { method: 'notifications/initialized' }, path)
  return session
}

// The first message of that method on the session's own stream; what `provoke` does comes after the
// stream was opened.
async function heard(path, session, method, provoke) {
  const stream = await fetch(SALLYPORT_URL + path, {
    headers: {
      Authorization: `Bearer ${SALLYPORT_AGENT_KEY}`,
      Accept: 'text/event-stream',
      'Mcp-Session-Id': session,
    },
    signal: AbortSignal.timeout(20_000),
  })
  await provoke()
  let text = ''
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const lines = text.split('\n').slice(0, -1)
    const messages = lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)))
    const found = messages.find((message) => message.method === method)
    if (found) return found
  }
  throw new Error(`the stream ended without ${method}`)
}

async function toggle(path, session, name) {
  const answer = await mcp(session, { id: 5, method: 'tools/call', params: { name, arguments: {} } }, path)
  const text = await answer.text()
  assert.match(text, /Started simulated/, text)
}

test('the upstream listens on 127.0.0.1 and nowhere else', () => {
  const { port } = new URL(UPSTREAM_URL)
  const sockets = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' })
  const addresses = sockets.trim().split('\n').map((line) => line.split(/\s+/)[3])
  assert.deepEqual(addresses, [`127.0.0.1:${port}`])
})

test('the upstream answers with a stream of events', async () => {
  const answer = await fetch(UPSTREAM_URL, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'direct', version: '1.0.0' },
      },
    }),
  })
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  assert.match(await answer.text(), /^data: \{.*"protocolVersion"/m)
})

test('it cannot be registered without an exception for its address', async () => {
  const answer = await ask(SALLYPORT_ADMIN_KEY, '/admin/v1/servers', {
    method: 'POST',
    body: { slug: 'everything', url: UPSTREAM_URL },
  })
  assert.equal(answer.status, 422)
  assert.equal((await answer.json()).code, 'egress_denied')
})

test('registered, all its tools wait for review', async () => {
  const server = await admin('/servers', {
    method: 'POST',
    body: { slug: 'everything', url: UPSTREAM_URL, egress: JSON.parse(UPSTREAM_EGRESS) },
  })
  assert.equal(server.status, 'pending')
  const names = server.tools.map((tool) => tool.name)
  Object.keys(risks).forEach((name) => assert.ok(names.includes(name), name))
  for (const tool of server.tools) {
    assert.equal(tool.status, 'pending_review')
    assert.equal(tool.risk, 'unclassified')
    assert.match(tool.digest, /^sha256:[0-9a-f]{64}$/)
    assert.equal(tool.alias, `everything__${tool.name}`)
  }
})

test('before the review nothing of it runs', async () => {
  const text = textOf(await chat('adds'))
  assert.match(text, /^- everything__get-sum: Error: /m)
  assert.match(text, /^- notes__list_notes: n1 /m)
})

test('the reviewed tools become active by digest', async () => {
  const { tools } = await admin('/servers/everything')
  const approved = tools
    .filter((tool) => risks[tool.name])
    .map(({ name, digest }) => ({ name, digest, risk: risks[name] }))
  const server = await admin('/servers/everything/approve', {
    method: 'POST',
    body: { tools: approved },
  })
  assert.equal(server.status, 'active')
  const statuses = Object.fromEntries(server.tools.map((tool) => [tool.name, tool.status]))
  assert.equal(statuses['get-sum'], 'approved')
  assert.equal(statuses['gzip-file-as-resource'], 'pending_review')
})

test('a refresh finds the same digests', async () => {
  const before = await admin('/servers/everything')
  const after = await admin('/servers/everything/refresh', { method: 'POST' })
  const digests = (server) => server.tools.map((tool) => `${tool.name} ${tool.digest} ${tool.status}`).sort()
  assert.deepEqual(digests(after), digests(before))
})

test('its tool runs inside a completion, beside the sample’s', async () => {
  const completion = await chat('adds')
  assert.match(textOf(completion), /^- everything__get-sum: The sum of 19 and 23 is 42\.$/m)
  assert.match(textOf(completion), /^- notes__list_notes: n1 /m)
  const calls = completion.x_sallyport.tool_calls
  assert.deepEqual(
    calls.map((call) => [call.server, call.tool, call.status]),
    [
      ['everything', 'get-sum', 'ok'],
      ['notes', 'list_notes', 'ok'],
    ],
  )
})

test('streamed, the completion says the same', async () => {
  const answer = await ask(SALLYPORT_AGENT_KEY, '/v1/chat/completions', {
    method: 'POST',
    body: { model: 'adds', stream: true, messages: [{ role: 'user', content: 'Please.' }] },
  })
  const events = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '))
  assert.equal(events.pop(), 'data: [DONE]')
  const chunks = events.map((line) => JSON.parse(line.slice('data: '.length)))
  const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join('')
  assert.equal(text, textOf(await chat('adds')))
})

test('the call is on record, intent and outcome', async () => {
  const completion = await chat('adds')
  const { run_id: run, tool_calls: calls } = completion.x_sallyport
  const { items } = await admin(`/audit?server=everything&run=${run}`)
  const intent = items.find((item) => item.kind === 'call.intent')
  const outcome = items.find((item) => item.kind === 'call.outcome')
  assert.equal(intent.record, calls[0].record)
  assert.equal(intent.tool, 'get-sum')
  assert.equal(intent.rule, 'arithmetic')
  assert.equal(outcome.intent, intent.record)
  assert.equal(outcome.status, 'ok')
})

test('images, structured content and progress reach the model as text', async () => {
  const completion = await chat('looks')
  const text = textOf(completion)
  assert.match(text, /\[image image\/png, [\d\s\u202f]+ bytes\]/)
  assert.match(text, /"temperature"/)
  assert.match(text, /Long running operation completed\. Duration: 1 seconds, Steps: 4\./)
  assert.doesNotMatch(text, /Error:/)
})

test('a tool that policy forbids does not run, and the model can go on', async () => {
  const completion = await chat('peeks')
  const text = textOf(completion)
  assert.match(text, /^- everything__get-env: Error: /m)
  assert.doesNotMatch(text, /PATH/)
  assert.match(text, /^- everything__get-sum: The sum of 1 and 2 is 3\.$/m)
  const [refused] = completion.x_sallyport.tool_calls
  assert.equal(refused.status, 'tool_not_offered')
  const items = await refusals(`run=${completion.x_sallyport.run_id}`)
  assert.equal(items.length, 1)
  assert.equal(items[0].record, refused.record)
  assertDenied(items[0], { tool: 'get-env', rule: 'no-environment', reason: 'explicit_deny' })
})

test('on the MCP face it is unknown, and the record says which rule', async () => {
  const session = await openSession()
  for (const denial of [
    { tool: 'get-env', rule: 'no-environment', reason: 'explicit_deny' },
    { tool: 'echo', rule: undefined, reason: 'not_allowed' },
  ]) {
    const { tool } = denial
    const name = `everything__${tool}`
    const answer = await mcp(session, {
      id: 2,
      method: 'tools/call',
      params: { name, arguments: { message: 'hello' } },
    })
    const { error } = await answer.json()
    assert.equal(error.code, -32602)
    assert.equal(error.message, `Unknown tool: ${name}`)
    const request = answer.headers.get('x-request-id')
    const items = await refusals(`server=everything&tool=${tool}`)
    const own = items.filter((item) => item.request_id === request)
    assert.equal(own.length, 1)
    assertDenied(own[0], denial)
  }
})

test('what it logs after a call reaches the stream of the session that called', async () => {
  const path = '/mcp/servers/everything'
  const session = await openSession(path)
  await mcp(session, { id: 3, method: 'logging/setLevel', params: { level: 'debug' } }, path)
  const log = await heard(path, session, 'notifications/message', () =>
    toggle(path, session, 'toggle-simulated-logging'),
  )
  assert.match(log.params.data, /message/)
})

test('it tells of a resource in the session in which its tool is called', async () => {
  const path = '/mcp/servers/everything'
  const { resources } = await admin('/servers/everything')
  const [{ uri, digest }] = resources.filter((resource) => resource.uri.startsWith('demo://resource/static/document/'))
  await admin('/servers/everything/approve', { method: 'POST', body: { resources: [{ uri, digest }] } })
  const session = await openSession(path)
  const update = await heard(path, session, 'notifications/resources/updated', async () => {
    const answer = await mcp(session, { id: 4, method: 'resources/subscribe', params: { uri } }, path)
    assert.deepEqual((await answer.json()).result, {})
    await toggle(path, session, 'toggle-subscriber-updates')
  })
  assert.equal(update.params.uri, uri)
})

test('when the upstream is gone, its tool fails and the sample’s does not', async () => {
  process.kill(Number(UPSTREAM_PID))
  const text = textOf(await chat('adds'))
  assert.match(text, /^- everything__get-sum: Error: /m)
  assert.doesNotMatch(text, /127\.0\.0\.1|ECONNREFUSED|Exception/)
  assert.match(text, /^- notes__list_notes: n1 /m)
})
