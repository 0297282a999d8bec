// A client of 2025-11-25, as small as one can be that answers what it is asked.

const revision = '2025-11-25'

async function* messages(answer) {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield await answer.json()
    return
  }
  let text = ''
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + piece).split('\n\n')
    text = events.pop()
    for (const event of events) {
      const line = event.split('\n').find((part) => part.startsWith('data:'))
      const sent = line?.slice('data:'.length).trim()
      if (sent) yield JSON.parse(sent)
    }
  }
}

export class Session {
  #url
  #headers
  #answers
  #id = 0

  // `answers` holds a function for each method that the server may call.
  static async open(url, key, { capabilities, answers }) {
    const session = new Session()
    session.#url = url
    session.#answers = answers
    session.#headers = {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    }
    await session.request('initialize', {
      protocolVersion: revision,
      capabilities,
      clientInfo: { name: 'conformance-drive', version: '1.0.0' },
    })
    session.#headers['MCP-Protocol-Version'] = revision
    await session.#post({ method: 'notifications/initialized' })
    return session
  }

  async #post(message) {
    const answer = await fetch(this.#url, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal: AbortSignal.timeout(20_000),
    })
    const session = answer.headers.get('mcp-session-id')
    if (session) this.#headers['Mcp-Session-Id'] = session
    return answer
  }

  async request(method, params = {}) {
    const id = ++this.#id
    for await (const message of messages(await this.#post({ id, method, params }))) {
      if (message.method && message.id !== undefined) {
        const result = this.#answers[message.method](message.params)
        await this.#post({ id: message.id, result })
      } else if (message.id === id) {
        if (message.error) throw new Error(`${method}: ${JSON.stringify(message.error)}`)
        return message.result
      }
    }
    throw new Error(`${method} was not answered`)
  }
}
