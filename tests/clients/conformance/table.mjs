// The page that tells what passed.

const mark = (failed) => (failed === undefined ? '–' : failed.length === 0 ? '✓' : '✗')

const row = (columns) => `| ${columns.join(' | ')} |`

const tableOf = (head, rows) =>
  [row(head), row(head.map((_, i) => (i === 0 ? '---' : ':-:'))), ...rows.map(row)].join('\n')

export const failing = (scenarios) => Object.keys(scenarios).filter((name) => scenarios[name].length > 0)

export const passed = ({ scenarios }) => Object.keys(scenarios).length - failing(scenarios).length

const summary = (cell) => [
  cell.client,
  cell.server,
  cell.revision,
  `${passed(cell)}/${Object.keys(cell.scenarios).length}`,
]

function reasons(cells, limits) {
  const bridges = cells.filter((cell) => cell.least)
  const known = [...new Set(bridges.flatMap((cell) => failing(cell.scenarios)))].filter((name) => limits.has(name))
  if (known.length === 0) return ''
  const lines = known.sort().map((name) => `- \`${name}\`: ${limits.get(name)}`)
  return `\nWhat a bridge cannot do, and why:\n\n${lines.join('\n')}\n`
}

function each(cells) {
  const scored = [...new Set(cells.flatMap((cell) => Object.keys(cell.scenarios)))].sort()
  const also = [...new Set(cells.flatMap((cell) => Object.keys(cell.unscored)))].sort()
  return [
    ...scored.map((name) => [`\`${name}\``, ...cells.map((cell) => mark(cell.scenarios[name]))]),
    ...also.map((name) => [`\`${name}\` (not scored)`, ...cells.map((cell) => mark(cell.unscored[name]))]),
  ]
}

export const page = ({ cells, clients }, limits) => `# MCP conformance

Written by \`tests/clients/conformance/run.sh\`, which \`./sallyport test\` runs; do not edit. The suite is
\`@modelcontextprotocol/conformance\` 0.2.0-alpha.12, without expected failures; each scenario also checks
every message against the schema of its revision. The server is \`samples/mcp-servers/conformance\`, direct
or behind the gateway at \`/mcp/servers/{server}\`, where a *legacy* one speaks 2025-11-25 only and a
*modern* one 2026-07-28 only. As in the suite's own verdict, a scenario has passed when none of its checks
failed; what the specification merely recommends shows as a warning there and does not count.

## The gateway as a server

${tableOf(['client', 'server', 'revision', 'passed'], cells.map(summary))}
${reasons(cells, limits)}
## The gateway as a client

Registered with the suite's own servers; a session at the gateway then uses what they offer.

${tableOf(['scenario', 'passed'], Object.keys(clients).map((name) => [`\`${name}\``, mark(clients[name])]))}

## Each scenario

The columns are the rows of the first table; – is not part of that revision.

${tableOf(['scenario', ...cells.map((_, i) => i + 1)], each(cells))}
`
