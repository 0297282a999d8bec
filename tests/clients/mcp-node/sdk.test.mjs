import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'

const { SALLYPORT_URL, SALLYPORT_AGENT_KEY, OTHER_AGENT_KEY } = process.env

function transportTo(path, key = SALLYPORT_AGENT_KEY, sessionId) {
  return new StreamableHTTPClientTransport(new URL(path, SALLYPORT_URL), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
    sessionId,
  })
}

async function connect(path) {
  const client = new Client({ name: 'sallyport-test', version: '1.0.0' })
  const transport = transportTo(path)
  await client.connect(transport)
  return { client, transport }
}

const namesOf = ({ tools }) => tools.map((tool) => tool.name).sort()

const textOf = (result) => result.content.map((block) => block.text).join('\n')

async function assertUnknown(call, name) {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof McpError)
    assert.equal(error.code, ErrorCode.InvalidParams)
    assert.equal(error.message, `MCP error -32602: Unknown tool: ${name}`)
    return true
  })
}

const refusesWith = (status) => (error) => {
  assert.ok(error instanceof StreamableHTTPError)
  assert.equal(error.code, status)
  return true
}

let all
let notes

before(async () => {
  all = await connect('/mcp')
  notes = await connect('/mcp/servers/notes')
})

after(async () => {
  await all.client.close()
  await notes.client.close()
})

test('a session opens in the newest version of its era', () => {
  assert.equal(all.client.getServerVersion().name, 'sallyport')
  assert.equal(all.transport.protocolVersion, '2025-11-25')
  assert.ok(all.transport.sessionId.length >= 22)
  assert.ok(all.client.getServerCapabilities().tools)
})

test('ping answers', async () => {
  assert.deepEqual(await all.client.ping(), {})
  assert.deepEqual(await notes.client.ping(), {})
})

test('/mcp lists what is allowed, under aliases', async () => {
  assert.deepEqual(namesOf(await all.client.listTools()), [
    'notes__create_note',
    'notes__list_notes',
    'notes__read_note',
    'weather__get_forecast',
  ])
})

test('a server’s own address lists its tools under their own names', async () => {
  const listed = await notes.client.listTools()
  assert.deepEqual(namesOf(listed), ['create_note', 'list_notes', 'read_note'])
  const readNote = listed.tools.find((tool) => tool.name === 'read_note')
  assert.equal(readNote.description, 'Returns one note, title and text.')
  assert.equal(readNote.inputSchema.properties.id.pattern, '^n[0-9]{1,9}$')
  assert.equal(readNote.annotations.readOnlyHint, true)
})

test('a call says the same under both names', async () => {
  const byAlias = await all.client.callTool({ name: 'notes__read_note', arguments: { id: 'n1' } })
  const byName = await notes.client.callTool({ name: 'read_note', arguments: { id: 'n1' } })
  assert.ok(textOf(byAlias).length > 0)
  assert.equal(textOf(byAlias), textOf(byName))
  assert.ok(!byAlias.isError)
})

test('a call names its record, each call its own', async () => {
  const call = { name: 'list_notes' }
  const [one, other] = [await notes.client.callTool(call), await notes.client.callTool(call)]
  assert.match(one._meta['io.sallyport/record'], /^[^:]+:\d+:\d+$/)
  assert.notEqual(one._meta['io.sallyport/record'], other._meta['io.sallyport/record'])
})

test('what one call wrote the next one reads', async () => {
  const note = { title: 'Crème brûlée 🍮', text: 'line one\nline "two" \\ \u2028 end' }
  const created = textOf(
    await notes.client.callTool({ name: 'create_note', arguments: note }),
  )
  const [id] = created.match(/n\d+/)
  const read = await all.client.callTool({ name: 'notes__read_note', arguments: { id } })
  assert.equal(textOf(read), `${note.title}\n\n${note.text}`)
})

test('calls side by side each get their own answer', async () => {
  const cities = Array.from({ length: 16 }, (_, number) => `City ${number}`)
  const forecasts = await Promise.all(
    cities.map((city) =>
      all.client.callTool({ name: 'weather__get_forecast', arguments: { city, days: 1 } }),
    ),
  )
  forecasts.forEach((forecast, number) => {
    assert.ok(!forecast.isError, textOf(forecast))
    assert.match(textOf(forecast), new RegExp(`\\b${cities[number]}\\b`))
  })
})

test('a tool that policy does not allow is as unknown as one that does not exist', async () => {
  const arguments_ = { id: 'n1' }
  for (const name of ['notes__delete_note', 'weather__get_alerts', 'notes__no_such', 'no_such']) {
    await assertUnknown(all.client.callTool({ name, arguments: arguments_ }), name)
  }
  for (const name of ['delete_note', 'no_such', 'notes__read_note']) {
    await assertUnknown(notes.client.callTool({ name, arguments: arguments_ }), name)
  }
  const still = await notes.client.callTool({ name: 'read_note', arguments: arguments_ })
  assert.ok(!still.isError)
})

test('arguments that do not fit are an error that a model can read', async () => {
  const misfits = [{}, { id: 7 }, { id: 'x1' }, { id: 'n1', more: true }]
  for (const misfit of misfits) {
    const result = await notes.client.callTool({ name: 'read_note', arguments: misfit })
    assert.equal(result.isError, true)
    assert.equal(result._meta['io.sallyport/refusal'].code, 'invalid_arguments')
  }
})

test('an error of the tool itself stays the tool’s', async () => {
  const result = await notes.client.callTool({ name: 'read_note', arguments: { id: 'n999' } })
  assert.equal(result.isError, true)
  assert.equal(textOf(result), 'There is no note with this id.')
})

test('an unknown method is an McpError -32601', async () => {
  await assert.rejects(all.client.request({ method: 'no/such' }, {}), (error) => {
    assert.equal(error.code, ErrorCode.MethodNotFound)
    return true
  })
})

test('a stranger gets no session', async () => {
  const stranger = new Client({ name: 'stranger', version: '1.0.0' })
  await assert.rejects(stranger.connect(transportTo('/mcp', 'sp_wrong')), refusesWith(401))
})

test('who is allowed nothing sees nothing', async () => {
  const other = new Client({ name: 'other', version: '1.0.0' })
  await other.connect(transportTo('/mcp', OTHER_AGENT_KEY))
  assert.deepEqual((await other.listTools()).tools, [])
  await assertUnknown(other.callTool({ name: 'notes__list_notes' }), 'notes__list_notes')
  await other.close()
})

test('a session is of no use to another principal', async () => {
  const thief = transportTo('/mcp', OTHER_AGENT_KEY, all.transport.sessionId)
  await thief.start()
  await assert.rejects(
    thief.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    refusesWith(404),
  )
})

test('a session is of no use at another address', async () => {
  const elsewhere = transportTo('/mcp', SALLYPORT_AGENT_KEY, notes.transport.sessionId)
  await elsewhere.start()
  await assert.rejects(
    elsewhere.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    refusesWith(404),
  )
})

test('a server that is not there is not found', async () => {
  await assert.rejects(connect('/mcp/servers/nobody'), refusesWith(404))
})

test('a session that was ended is gone', async () => {
  const { client, transport } = await connect('/mcp')
  const { sessionId } = transport
  await transport.terminateSession()
  await client.close()
  const late = transportTo('/mcp', SALLYPORT_AGENT_KEY, sessionId)
  await late.start()
  await assert.rejects(
    late.send({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    refusesWith(404),
  )
})
