// An MCP server of one era with 600 tools, listed in pages of 200. It writes down how each call
// ended: `answered`, or as its era ends calls: `cancelled` by a notification, or `closed` by the
// other side. GET /calls tells, as an object by the text of the call.

import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

const isModern = process.argv[2] === 'modern'
const revision = isModern ? '2026-07-28' : '2025-11-25'
const pageSize = 200

const schemas = {
  echo: { text: { type: 'string' } },
  wait: { text: { type: 'string' } },
  step: { text: { type: 'string' }, steps: { type: 'integer' } },
}
const described = (name, properties) => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties },
})
const tools = [
  ...Object.entries(schemas).map(([name, properties]) => described(name, properties)),
  ...Array.from({ length: 597 }, (_, index) =>
    described(`tool_${String(index + 1).padStart(3, '0')}`, {}),
  ),
]

const calls = {}
const sessions = new Map()

const complete = (result) => (isModern ? { resultType: 'complete', ...result } : result)

function greeting() {
  return isModern
    ? complete({
        supportedVersions: [revision],
        capabilities: { tools: {} },
        ttlMs: 0,
        cacheScope: 'private',
      })
    : {
        protocolVersion: revision,
        capabilities: { tools: {} },
        serverInfo: { name: 'scripted', version: '1.0.0' },
      }
}

function page({ cursor = '0' }) {
  const end = Number(cursor) + pageSize
  const more = end < tools.length ? { nextCursor: String(end) } : {}
  const caching = isModern ? { ttlMs: 0, cacheScope: 'private' } : {}
  return complete({ tools: tools.slice(Number(cursor), end), ...more, ...caching })
}

function answer(response, status, message, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(message && JSON.stringify({ jsonrpc: '2.0', ...message }))
}

// Resolves to how the call ended before `done` was, or to nothing.
async function play({ name, arguments: { steps = 0 } = {}, _meta = {} }, tell, ended) {
  if (name === 'wait') return ended
  for (let step = 1; name === 'step' && step <= steps; step++) {
    const progressToken = _meta.progressToken
    const params = { progressToken, progress: step, total: steps }
    if (progressToken !== undefined) tell({ method: 'notifications/progress', params })
    const early = await Promise.race([ended, pause(100)])
    if (early) return early
  }
  if (name === 'echo') await pause(Math.random() * 100)
}

async function call({ id, params }, response, session) {
  const text = params.arguments?.text ?? params.name
  const record = (calls[text] = { began: Date.now() })
  const ended = new Promise((resolve) => {
    if (isModern) response.on('close', () => resolve('closed'))
    else session.set(id, () => resolve('cancelled'))
  })
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  const tell = (message) =>
    response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
  record.how = (await play(params, tell, ended)) ?? 'answered'
  record.ended = Date.now()
  if (record.how === 'answered') {
    tell({ id, result: complete({ content: [{ type: 'text', text }] }) })
  }
  response.end()
  session?.delete(id)
}

function serve(message, response, session) {
  const { id, method, params = {} } = message
  const greets = isModern ? 'server/discover' : 'initialize'
  if (id === undefined) {
    if (method === 'notifications/cancelled') session?.get(params.requestId)?.()
    answer(response, 202)
  } else if (method === greets) {
    const name = randomUUID()
    if (!isModern) sessions.set(name, new Map())
    answer(response, 200, { id, result: greeting() }, isModern ? {} : { 'Mcp-Session-Id': name })
  } else if (!isModern && !session) {
    answer(response, 400, { id, error: { code: -32000, message: 'A session is required' } })
  } else if (method === 'tools/list') {
    answer(response, 200, { id, result: page(params) })
  } else if (method === 'tools/call') {
    call(message, response, session)
  } else {
    answer(response, 404, { id, error: { code: -32601, message: 'Unknown method' } })
  }
}

const server = createServer(async (request, response) => {
  if (request.url === '/calls') {
    response.end(JSON.stringify(calls))
  } else if (request.method === 'POST') {
    const session = sessions.get(request.headers['mcp-session-id'])
    serve(await json(request), response, session)
  } else {
    response.writeHead(405, { Allow: 'POST' }).end()
  }
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/mcp`)
})
