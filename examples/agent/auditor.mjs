// The person who audits, with a key of her own: calls and approvals since a time, oldest first.

import { adminWith } from '../admin.mjs'

const admin = adminWith(process.env.AUDITOR_KEY)
const { items } = await admin('GET', `/audit?from=${process.argv[2]}`)
for (const record of items.reverse()) {
  if (/^(call|approval)\./.test(record.kind)) {
    const what = record.status ?? record.reason ?? record.rule ?? ''
    console.log(
      `  ${record.record.padEnd(17)} ${record.kind.padEnd(18)} ${record.tool.padEnd(11)}` +
        ` ${record.principal.padEnd(13)} ${what}`,
    )
  }
}
