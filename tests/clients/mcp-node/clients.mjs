// The published clients behind one face: list a page, call, close.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as SdkClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as SdkTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'

const { SALLYPORT_URL, WIDE_AGENT_KEY } = process.env
const self = { name: 'sallyport-test', version: '1.0.0' }
const requestInit = { headers: { Authorization: `Bearer ${WIDE_AGENT_KEY}` } }

async function openSdk(path) {
  const client = new SdkClient(self)
  await client.connect(new SdkTransport(new URL(path, SALLYPORT_URL), { requestInit }))
  return {
    client,
    version: client.transport.protocolVersion,
    call: (params, options) => client.callTool(params, undefined, options),
    hearLog: (hear) =>
      client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => hear(params)),
  }
}

async function openClient(path, mode) {
  const client = new Client(self, { versionNegotiation: { mode } })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(path, SALLYPORT_URL), { requestInit }),
  )
  return {
    client,
    version: client.getNegotiatedProtocolVersion(),
    call: (params, options) => client.callTool(params, options),
    hearLog: (hear) =>
      client.setNotificationHandler('notifications/message', ({ params }) => hear(params)),
  }
}

const opening = (mode) => (path) => openClient(path, mode)

export const clients = [
  { name: 'sdk 1.32.2', version: '2025-11-25', open: openSdk },
  { name: 'client 2.4.0 legacy', version: '2025-11-25', open: opening('legacy') },
  { name: 'client 2.4.0 auto', version: '2026-07-28', open: opening('auto') },
  { name: 'client 2.4.0 pinned', version: '2026-07-28', open: opening({ pin: '2026-07-28' }) },
]
