// The client under test is the gateway's upstream side. The suite starts this with the address of its
// server: it becomes a server of the gateway, and a client of the gateway then does what the scenario
// is about.

import { activate } from './gateway.mjs'
import { Session } from './session.mjs'

const { SALLYPORT_URL, SALLYPORT_AGENT_KEY } = process.env
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env

const defaults = ({ properties }) =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]))

// An argument that is null says the same as one that is left out, and only that fits every schema.
const present = (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))

const call = (session, name, given = {}) => session.request('tools/call', { name, arguments: given })

const does = {
  tools_call: (session) => call(session, 'add_numbers', { a: 19, b: 23 }),
  'sse-retry': (session) => call(session, 'test_reconnection'),
  'elicitation-sep1034-client-defaults': (session) => call(session, 'test_client_elicitation_defaults'),
  'http-invalid-tool-headers': (session) => call(session, 'valid_tool', { region: 'eu' }),
  async 'http-standard-headers'(session) {
    await call(session, 'test_headers')
    await call(session, 'my-hyphenated-tool')
    const { resources } = await session.request('resources/list')
    for (const { uri } of resources) await session.request('resources/read', { uri })
    const { prompts } = await session.request('prompts/list')
    for (const { name } of prompts) await session.request('prompts/get', { name })
  },
  async 'http-custom-headers'(session) {
    for (const { name, arguments: given } of JSON.parse(context).toolCalls) {
      await call(session, name, present(given))
    }
  },
}

const slug = `client-${scenario.replaceAll('_', '-')}`.slice(0, 32) // a slug is no longer
const url = process.argv.at(-1).replace('//localhost:', '//127.0.0.1:')
const { tools } = await activate(slug, url, { relay: ['elicitation', 'sampling', 'roots'] })

// Where there is nothing to use, the scenario is about registering alone.
if (tools.length > 0) {
  const session = await Session.open(`${SALLYPORT_URL}/mcp/servers/${slug}`, SALLYPORT_AGENT_KEY, {
    capabilities: { elicitation: {} },
    answers: {
      'elicitation/create': ({ requestedSchema }) => ({ action: 'accept', content: defaults(requestedSchema) }),
    },
  })
  await session.request('tools/list')
  await does[scenario]?.(session)
}
