// Runs the suite in every combination of eras and writes down what failed. Prints where it is.

import { writeFile } from 'node:fs/promises'
import { activate } from './gateway.mjs'
import { startProxy } from './proxy.mjs'
import { required, testClient, testServer } from './suite.mjs'

const { SALLYPORT_URL, SALLYPORT_AGENT_KEY, BOTH_URL, LEGACY_URL, MODERN_URL } = process.env

const unscored = ['json-schema-2020-12', 'http-header-validation', 'http-custom-header-server-validation']

const clientScenarios = [
  'initialize',
  'tools_call',
  'elicitation-sep1034-client-defaults',
  'sse-retry',
  'request-metadata',
  'http-standard-headers',
  'http-custom-headers',
  'http-invalid-tool-headers',
  'json-schema-ref-no-deref',
]

const relay = ['elicitation', 'sampling', 'roots']
const proxy = await startProxy(SALLYPORT_URL, SALLYPORT_AGENT_KEY)

async function behind(slug, url, era) {
  await activate(slug, url, { era, relay })
  return `${proxy.url}/mcp/servers/${slug}`
}

const legacyServer = await behind('conformance-legacy', LEGACY_URL, 'legacy')
const modernServer = await behind('conformance', MODERN_URL, 'modern')

// Least is how many scenarios must pass where the gateway translates.
const combinations = [
  { client: 'legacy', server: 'direct', url: BOTH_URL, revision: '2025-11-25' },
  { client: 'modern', server: 'direct', url: BOTH_URL, revision: '2026-07-28' },
  { client: 'legacy', server: 'legacy', url: legacyServer, revision: '2025-11-25' },
  { client: 'modern', server: 'modern', url: modernServer, revision: '2026-07-28' },
  { client: 'legacy', server: 'modern', url: modernServer, revision: '2025-11-25', least: 25 },
  { client: 'modern', server: 'legacy', url: legacyServer, revision: '2026-07-28', least: 30 },
]

async function tried({ client, server, url, revision, least }) {
  console.log(`a ${client} client, ${server === 'direct' ? 'no gateway' : `a ${server} server`}`)
  const found = await testServer(url, revision)
  const scenarios = (await required(revision)).map((name) => [name, found.get(name) ?? ['it did not run']])
  const also = unscored.filter((name) => found.has(name)).map((name) => [name, found.get(name)])
  return { client, server, revision, least, scenarios: Object.fromEntries(scenarios), unscored: Object.fromEntries(also) }
}

const cells = []
for (const combination of combinations) cells.push(await tried(combination))

const clients = {}
for (const scenario of clientScenarios) {
  console.log(`as a client: ${scenario}`)
  clients[scenario] = await testClient(scenario, './drive.sh')
}

await writeFile(process.argv[2], JSON.stringify({ cells, clients }))
proxy.close()
