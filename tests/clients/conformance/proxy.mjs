// The suite cannot send a credential. This proxy adds one and leaves all else as it is: streams pass
// through as they come, and a client that leaves is gone for the gateway too.

import { createServer, request } from 'node:http'

const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2))

export async function startProxy(gateway, key) {
  const { hostname, port, host } = new URL(gateway)
  let own

  // What the suite says about this proxy, it means about the gateway.
  const meant = ([name, value]) => {
    if (name.toLowerCase() === 'host' && value === own) return [name, host]
    if (name.toLowerCase() === 'origin' && value === `http://${own}`) return [name, `http://${host}`]
    return [name, value]
  }
  const ofThisHop = ([name]) => ['connection', 'keep-alive'].includes(name.toLowerCase())

  const server = createServer((asked, answer) => {
    const headers = pairs(asked.rawHeaders)
      .filter((header) => !ofThisHop(header))
      .map(meant)
    const upstream = request({
      hostname,
      port,
      method: asked.method,
      path: asked.url,
      headers: [...headers.flat(), 'Authorization', `Bearer ${key}`],
      agent: false,
    })
    upstream.on('response', (answered) => {
      const kept = pairs(answered.rawHeaders).filter((header) => !ofThisHop(header))
      answer.writeHead(answered.statusCode, kept.flat())
      answer.flushHeaders()
      answered.on('error', () => answer.destroy())
      answered.pipe(answer)
    })
    upstream.on('error', () => answer.destroy())
    answer.on('close', () => upstream.destroy())
    asked.pipe(upstream)
  })

  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  own = `127.0.0.1:${server.address().port}`
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://${own}`, close }
}
