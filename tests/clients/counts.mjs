// A reporter for node:test: one line a test, what went wrong, and the counts that
// `./sallyport test` adds up.

const indented = (text) => text.replaceAll(/^/gm, '    ')

function reason(details) {
  const cause = details.error?.cause ?? details.error
  return indented(String(cause?.stack ?? cause))
}

export default async function* counts(events) {
  let passed = 0
  let failed = 0
  for await (const { type, data } of events) {
    if (type === 'test:pass' && data.skip === undefined) {
      passed++
      yield `ok      ${data.name}\n`
    } else if (type === 'test:fail') {
      failed++
      yield `FAILED  ${data.name}\n${reason(data.details)}\n`
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message
    }
  }
  yield `${passed} passed, ${failed} failed\n`
}
