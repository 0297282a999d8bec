// What an administrator does before a server can be used.

const { SALLYPORT_URL, SALLYPORT_ADMIN_KEY } = process.env

async function admin(method, path, { body, headers = {} } = {}) {
  const answer = await fetch(`${SALLYPORT_URL}/admin/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${SALLYPORT_ADMIN_KEY}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return { answer: JSON.parse(text), etag: answer.headers.get('etag') }
}

// Registers the server and approves all that it lists.
export async function activate(slug, url, settings = {}) {
  const egress = { allow: [`127.0.0.1/32:${new URL(url).port}`] }
  await admin('POST', '/servers', { body: { slug, url, egress, ...settings } })
  const { etag } = await admin('GET', `/servers/${slug}`)
  const approval = { body: { all: true, risk: 'read' }, headers: { 'If-Match': etag } }
  const { answer } = await admin('POST', `/servers/${slug}/approve`, approval)
  return answer
}
