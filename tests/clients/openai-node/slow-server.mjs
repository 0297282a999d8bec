// An MCP server whose one tool sends a message and takes four seconds for it. GET /sent tells how
// many it has sent since the start.
import { createServer } from 'node:http'

const seconds = 4
let sent = 0

const tool = {
  name: 'send',
  description: 'Sends a message; takes a while.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: false, destructiveHint: false },
}

async function resultOf({ method, params }) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'slow', version: '1' },
      }
    case 'tools/list':
      return { tools: [tool] }
    case 'tools/call': {
      const number = ++sent
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      return { content: [{ type: 'text', text: `Message ${number} is sent.` }] }
    }
    default:
      return undefined
  }
}

async function textOf(request) {
  let text = ''
  for await (const piece of request) {
    text += piece
  }
  return text
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

const server = createServer(async (request, response) => {
  if (request.url === '/sent') {
    return answer(response, 200, { sent })
  }
  if (request.method !== 'POST') {
    return answer(response, 405)
  }
  const message = JSON.parse(await textOf(request))
  if (message.id === undefined) {
    return answer(response, 202)
  }
  const result = await resultOf(message)
  const said = result ? { result } : { error: { code: -32601, message: 'Unknown method' } }
  answer(response, 200, { jsonrpc: '2.0', id: message.id, ...said })
})

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/mcp`)
})
