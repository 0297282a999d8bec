// The admin API with one key, in its own tenant or in another: a function of method, path and body.

export function adminWith(key, tenant) {
  return async function admin(method, path, body) {
    const answer = await fetch(`${process.env.SALLYPORT_URL}/admin/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        ...(tenant && { 'X-Sallyport-Tenant': tenant }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) {
      const said = `${method} ${path} answers with status ${answer.status}: ${text}`
      throw Object.assign(new Error(said), { status: answer.status })
    }
    return text === '' ? undefined : JSON.parse(text)
  }
}
