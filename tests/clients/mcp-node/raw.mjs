// Both eras by hand, for what the clients do not let a test do: equal ids, and leaving.

const { SALLYPORT_URL, WIDE_AGENT_KEY } = process.env
const clientInfo = { name: 'raw', version: '1.0.0' }

export function post(path, message, { headers = {}, signal } = {}) {
  return fetch(new URL(path, SALLYPORT_URL), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${WIDE_AGENT_KEY}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    signal,
  })
}

// All messages of an answer, whether it is a stream or not.
export async function messages(answer) {
  const text = await answer.text()
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return [JSON.parse(text)]
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice('data:'.length)))
}

// The headers of a new session.
export async function openSession(path) {
  const protocolVersion = '2025-11-25'
  const params = { protocolVersion, capabilities: {}, clientInfo }
  const answer = await post(path, { id: 1, method: 'initialize', params })
  const headers = {
    'Mcp-Session-Id': answer.headers.get('mcp-session-id'),
    'MCP-Protocol-Version': protocolVersion,
  }
  await answer.text()
  await (await post(path, { method: 'notifications/initialized' }, { headers })).text()
  return headers
}

export function legacyCall(path, session, id, params, signal) {
  return post(path, { id, method: 'tools/call', params }, { headers: session, signal })
}

export function modernCall(path, id, { _meta, ...params }, signal) {
  const meta = {
    ..._meta,
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': clientInfo,
  }
  const headers = {
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': 'tools/call',
    'Mcp-Name': params.name,
  }
  const message = { id, method: 'tools/call', params: { ...params, _meta: meta } }
  return post(path, message, { headers, signal })
}
