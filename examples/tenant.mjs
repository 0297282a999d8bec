// The tenant of an example. `enter` makes it, or clears what a run left that was killed; `leave`
// clears it. A failure is one line on standard error.

import { adminWith } from './admin.mjs'

const [, , command, id] = process.argv
const key = process.env.ADMIN_KEY
const admin = adminWith(key, id)

async function enter() {
  await make()
  for (const { url } of await items('/servers')) {
    if (await answers(url)) {
      throw new Error(
        `another run of this example is under way: its server answers at ${url}` +
          ' (if it was killed, end what listens there)',
      )
    }
  }
  await clear()
}

async function make() {
  try {
    await adminWith(key)('POST', '/tenants', { id })
  } catch (error) {
    if (error.status === 403) {
      throw new Error("the key is no platform admin's, who alone makes tenants")
    }
    if (error.status !== 409) {
      throw error
    }
  }
}

async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return true
  } catch {
    return false
  }
}

async function items(path) {
  return (await admin('GET', path)).items
}

// Whoever calls goes first, the servers last. What waits for an approval would wait on.
async function clear() {
  for (const { id: keyId, blocked } of await items('/keys')) {
    if (!blocked) {
      await admin('DELETE', `/keys/${keyId}`)
    }
  }
  for (const state of ['pending', 'approved']) {
    for (const approval of await items(`/approvals?state=${state}`)) {
      await admin('POST', `/approvals/${approval.id}/decision`, { decision: 'cancel' })
    }
  }
  for (const { alias } of await items('/models')) {
    await admin('DELETE', `/models/${alias}`)
  }
  for (const { name } of await items('/toolsets')) {
    await admin('DELETE', `/toolsets/${name}`)
  }
  await admin('PUT', '/policies/current', { rules: [] })
  for (const { slug } of await items('/servers')) {
    await admin('DELETE', `/servers/${slug}`)
  }
}

try {
  await { enter, leave: clear }[command]()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
