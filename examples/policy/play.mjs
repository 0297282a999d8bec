// Plays the cases of a file: makes a key for whoever a case names, looks whether the tool is
// listed, calls it, and compares the decision in the call's record with what the file expects.

import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { adminWith } from '../admin.mjs'

const { SALLYPORT_URL, ADMIN_KEY } = process.env
const admin = adminWith(ADMIN_KEY)
const { arguments: argumentsOf, cases } = parse(readFileSync(process.argv[2], 'utf8'))

// --- who asks

const keys = new Map()

async function keyOf({ subject, groups = [] }) {
  const who = JSON.stringify([subject, groups])
  if (!keys.has(who)) {
    keys.set(who, await admin('POST', '/keys', { owner: subject, groups }))
  }
  return keys.get(who).key
}

// --- MCP by hand: a request of 2026-07-28 needs no session

async function mcp(key, method, params) {
  const version = '2026-07-28'
  const answer = await fetch(`${SALLYPORT_URL}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': version,
      'Mcp-Method': method,
      ...(params.name && { 'Mcp-Name': params.name }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': version,
          'io.modelcontextprotocol/clientInfo': { name: 'example', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  })
  const message = await answer.json()
  return { ...message, record: answer.headers.get('x-sallyport-record') }
}

// --- one case

async function play({ name, given, expect }) {
  const key = await keyOf(given)
  const alias = given.tool.replace('/', '__')
  const listed = (await mcp(key, 'tools/list', {})).result.tools.some((it) => it.name === alias)
  const call = { name: alias, arguments: argumentsOf[given.tool] }
  const { record } = await mcp(key, 'tools/call', call)
  const decided = decision(await admin('GET', `/audit/${record}`))
  // A tool is listed exactly if it can be called, at once or after an approval.
  const holds = isDeepStrictEqual(decided, expect) && listed === !('deny' in expect)
  return { name, given, expect, listed, decided, holds }
}

// The words of a case file for what a record says.
function decision({ kind, reason, rule }) {
  switch (kind) {
    case 'call.intent':
      return { allow: rule }
    case 'approval.requested':
      return { require_approval: [rule] }
    case 'call.denied':
      return rule ? { deny: reason, rule } : { deny: reason }
    default:
      throw new Error(`a call left a ${kind}`)
  }
}

// --- the table

const words = (decided) =>
  Object.entries(decided)
    .map(([effect, by]) => `${effect} ${by}`)
    .join(', ')

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())
  }
}

const played = []
for (const each of cases) {
  played.push(await play(each))
}
print([
  ['', 'WHO', 'TOOL', 'LISTED', 'DECIDED'],
  ...played.map(({ given, listed, decided, holds }) => [
    holds ? 'ok' : 'DIFFERS',
    `${given.subject} ${given.groups ?? []}`,
    given.tool,
    listed ? 'yes' : 'no',
    words(decided),
  ]),
])
const differing = played.filter((it) => !it.holds)
for (const { name, expect } of differing) {
  console.log(`DIFFERS: ${name}: expected ${words(expect)}`)
}
console.log(`${played.length} cases, ${differing.length} differ`)
process.exitCode = played.length > 0 && differing.length === 0 ? 0 : 1
