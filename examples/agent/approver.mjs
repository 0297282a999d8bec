// The person who approves, with a key of her own: sees each call that waits, exactly as it would be
// sent, and lets it run once.

import { adminWith } from '../admin.mjs'

const admin = adminWith(process.env.APPROVER_KEY)
const { items } = await admin('GET', '/approvals?state=pending')
if (items.length === 0) {
  throw new Error('nothing waits for an approval')
}
for (const { id } of items) {
  const { requester, server, tool, params, risk, reason } = await admin('GET', `/approvals/${id}`)
  console.log(`  ${requester} wants ${server}/${tool} (risk: ${risk})`)
  console.log(`    ${params}`)
  console.log(`    the rule says: ${reason}`)
  const decided = await admin('POST', `/approvals/${id}/decision`, {
    decision: 'approve',
    reason: 'Harmless.',
  })
  console.log(`  She approves it: ${decided.state}, for this call, once`)
}
