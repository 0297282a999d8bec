// What leaving means in each era, with each kind of upstream.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { legacyCall, modernCall, openSession, post } from './raw.mjs'
import { outcomeOf, seen } from './watch.mjs'

for (const era of ['legacy', 'modern']) {
  const path = `/mcp/servers/${era}`
  const howItEnds = era === 'modern' ? 'closed' : 'cancelled'

  test(`2026-07-28, ${era} upstream: to leave is to cancel`, async () => {
    const text = `modern leaves ${era}`
    const from = new Date().toISOString()
    const leave = new AbortController()
    const call = modernCall(path, 1, { name: 'wait', arguments: { text } }, leave.signal)
    call.catch(() => {})
    await seen(era, text, 'began')
    const left = Date.now()
    leave.abort()
    const { how, ended } = await seen(era, text, 'ended')
    assert.equal(how, howItEnds)
    assert.ok(ended - left < 1_000, `after ${ended - left} ms`)
    assert.equal(await outcomeOf(era, 'wait', from), 'cancelled')
  })

  test(`2025-11-25, ${era} upstream: to leave is not to cancel`, async () => {
    const text = `legacy leaves ${era}`
    const from = new Date().toISOString()
    const leave = new AbortController()
    const params = { name: 'step', arguments: { text, steps: 15 } }
    const call = legacyCall(path, await openSession(path), 1, params, leave.signal)
    call.catch(() => {})
    await seen(era, text, 'began')
    leave.abort()
    const { how } = await seen(era, text, 'ended')
    assert.equal(how, 'answered')
    assert.equal(await outcomeOf(era, 'step', from), 'ok')
  })

  test(`2025-11-25, ${era} upstream: notifications/cancelled cancels`, async () => {
    const text = `legacy cancels ${era}`
    const from = new Date().toISOString()
    const headers = await openSession(path)
    const params = { name: 'wait', arguments: { text } }
    const call = legacyCall(path, headers, 'mine', params)
    await seen(era, text, 'began')
    const cancelled = Date.now()
    const cancel = { method: 'notifications/cancelled', params: { requestId: 'mine' } }
    assert.equal((await post(path, cancel, { headers })).status, 202)
    const { how, ended } = await seen(era, text, 'ended')
    assert.equal(how, howItEnds)
    assert.ok(ended - cancelled < 1_000, `after ${ended - cancelled} ms`)
    assert.equal(await outcomeOf(era, 'wait', from), 'cancelled')
    await (await call).text()
  })
}
