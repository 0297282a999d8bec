// An MCP client: one URL and one header, whatever servers are behind them.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const { SALLYPORT_URL, SALLYPORT_AGENT_KEY } = process.env
const headers = { Authorization: `Bearer ${SALLYPORT_AGENT_KEY}` }

// A refusal carries the id of its record in a header, which the client does not show.
let lastRecord
async function noting(url, init) {
  const answer = await fetch(url, init)
  lastRecord = answer.headers.get('x-sallyport-record')
  return answer
}

const client = new Client(
  { name: 'example', version: '1' },
  { versionNegotiation: { mode: 'auto' } }, // 2026-07-28; without it 2025-11-25
)
await client.connect(
  new StreamableHTTPClientTransport(new URL(`${SALLYPORT_URL}/mcp`), {
    requestInit: { headers },
    fetch: noting,
  }),
)
const revision = client.getNegotiatedProtocolVersion()
console.log(`\nConnected to ${SALLYPORT_URL}/mcp, revision ${revision}.`)

console.log('\nIts tools, those of both servers:')
for (const { name, description } of (await client.listTools()).tools) {
  console.log(`  ${name.padEnd(22)} ${description}`)
}

await call('notes__list_notes', {})
await call('weather__get_forecast', { city: 'Oslo', days: 1 })

console.log('\nWhat may not be called is not there, and whoever was told so can look up why:')
for (const [name, args] of [
  ['notes__delete_note', { id: 'n1' }],
  ['notes__create_note', { title: 'Monday', text: 'Call the printer.' }],
  ['notes__shred_note', { id: 'n1' }],
]) {
  await denied(name, args)
}
await client.close()

async function call(name, args) {
  const result = await client.callTool({ name, arguments: args })
  console.log(`\n${name} ${JSON.stringify(args)}, record ${result._meta['io.sallyport/record']}:`)
  for (const line of result.content[0].text.split('\n')) {
    console.log(`  | ${line}`)
  }
}

async function denied(name, args) {
  try {
    await client.callTool({ name, arguments: args })
  } catch (refusal) {
    console.log(`  ${name}: ${refusal.message}`)
    const { decision, reason, rule, access_page } = await lookUp(lastRecord)
    console.log(`    ${decision}, ${reason}${rule ? `, rule ${rule}` : ''}; ask at ${access_page}`)
    return
  }
  throw new Error(`${name} was not denied`)
}

async function lookUp(record) {
  const answer = await fetch(`${SALLYPORT_URL}/v1/calls/${record}`, { headers })
  if (!answer.ok) {
    throw new Error(`${record} is not found: ${answer.status}`)
  }
  return answer.json()
}
