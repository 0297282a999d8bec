// What the upstreams and the log of the gateway say about a call.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

const { SALLYPORT_URL, SALLYPORT_ADMIN_KEY } = process.env
const upstreams = { legacy: process.env.LEGACY_URL, modern: process.env.MODERN_URL }

// Asks again until there is an answer, for ten seconds.
export async function eventually(ask) {
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(20)) {
    const answer = await ask()
    if (answer) return answer
  }
  assert.fail(`never came true: ${ask}`)
}

// What the upstream knows of the call of this text, once it has what is asked for.
export function seen(era, text, member) {
  return eventually(async () => {
    const calls = await (await fetch(new URL('/calls', upstreams[era]))).json()
    return calls[text]?.[member] && calls[text]
  })
}

async function outcomes(server, tool, from) {
  const query = new URLSearchParams({ kind: 'call.outcome', server, tool, from })
  const answer = await fetch(`${SALLYPORT_URL}/admin/v1/audit?${query}`, {
    headers: { Authorization: `Bearer ${SALLYPORT_ADMIN_KEY}` },
  })
  assert.equal(answer.status, 200)
  return (await answer.json()).items
}

// The status of the one call of a tool that ended since `from`.
// Where nobody knows whether it ran, the cause says more than the status.
export async function outcomeOf(server, tool, from) {
  const items = await eventually(async () => {
    const found = await outcomes(server, tool, from)
    return found.length > 0 && found
  })
  assert.equal(items.length, 1)
  const { status, cause } = items[0]
  return status === 'indeterminate' ? cause : status
}
