// Many callers at once whose requests all have the same id.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { legacyCall, messages, modernCall, openSession } from './raw.mjs'

const callers = 200
const id = 1
const servers = ['legacy', 'modern', 'legacy2', 'modern2']
const numbers = Array.from({ length: callers }, (_, number) => number)

// A quarter of them each: a server takes 128 calls at once.
const params = (text, number) => ({
  name: `${servers[number % servers.length]}__echo`,
  arguments: { text },
})

async function assertOwn(answer, text) {
  const [message, ...more] = await messages(await answer)
  assert.deepEqual(more, [])
  assert.equal(message.id, id)
  assert.equal(message.result?.content[0].text, text, JSON.stringify(message))
}

test(`${callers} sessions and ${callers} calls without one, one id: each gets its own answer`, async () => {
  const sessions = await Promise.all(numbers.map(() => openSession('/mcp')))
  assert.equal(new Set(sessions.map((session) => session['Mcp-Session-Id'])).size, callers)
  await Promise.all(
    numbers.flatMap((number) => {
      const [old, young] = [`in session ${number}`, `without a session ${number}`]
      return [
        assertOwn(legacyCall('/mcp', sessions[number], id, params(old, number)), old),
        assertOwn(modernCall('/mcp', id, params(young, number)), young),
      ]
    }),
  )
})
