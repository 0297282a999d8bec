import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI, { AuthenticationError, NotFoundError } from 'openai'

// The client takes address and key from OPENAI_BASE_URL and OPENAI_API_KEY. It would hide a first
// failure by trying again.
const client = new OpenAI({ maxRetries: 0, timeout: 20_000 })

const question = (model) => ({
  model,
  messages: [{ role: 'user', content: 'What do my notes and the weather say?' }],
})

const sumOfRounds = { prompt: 1500, completion: 4321, total: 5821 }

const calledInOrder = [
  'notes/list_notes',
  'weather/get_forecast',
  'notes/read_note',
  'weather/get_alerts',
  'notes/read_note',
  'weather/get_forecast',
]

async function chunksOf(stream) {
  const chunks = []
  for await (const chunk of stream) {
    chunks.push(chunk)
  }
  return chunks
}

const choicesOf = (chunks) => chunks.flatMap((chunk) => chunk.choices)

const textOf = (chunks) =>
  choicesOf(chunks).map((choice) => choice.delta.content ?? '').join('')

function assertSumOfRounds(usage) {
  assert.equal(usage.prompt_tokens, sumOfRounds.prompt)
  assert.equal(usage.completion_tokens, sumOfRounds.completion)
  assert.equal(usage.total_tokens, sumOfRounds.total)
}

function assertThreeRounds(report) {
  assert.equal(report.status, 'ok')
  assert.equal(report.rounds, 4)
  const calls = report.tool_calls
  assert.deepEqual(calls.map((call) => `${call.server}/${call.tool}`), calledInOrder)
  assert.equal(new Set(calls.map((call) => call.record)).size, calls.length)
}

// One role first, one finish last, one id, no server tool call, usage behind everything.
function assertOneCompletion(chunks, { usage }) {
  const choices = choicesOf(chunks)
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1)
  assert.equal(new Set(chunks.map((chunk) => chunk.model)).size, 1)
  assert.equal(new Set(chunks.map((chunk) => chunk.created)).size, 1)
  assert.equal(choices.filter((choice) => choice.delta.role).length, 1)
  assert.equal(choices[0].delta.role, 'assistant')
  assert.equal(choices.filter((choice) => choice.finish_reason).length, 1)
  assert.equal(choices.at(-1).finish_reason, 'stop')
  assert.ok(choices.every((choice) => choice.delta.tool_calls === undefined))
  const withUsage = chunks.filter((chunk) => chunk.usage)
  assert.equal(withUsage.length, usage ? 1 : 0)
  if (usage) {
    assert.equal(chunks.at(-1), withUsage[0])
    assert.deepEqual(withUsage[0].choices, [])
  }
}

async function wholeText(model) {
  const completion = await client.chat.completions.create(question(model))
  return completion.choices[0].message.content
}

test('the models of the key are listed', async () => {
  const names = []
  for await (const model of client.models.list()) {
    assert.equal(model.object, 'model')
    names.push(model.id)
  }
  assert.deepEqual(names.sort(), ['mixed', 'plain', 'priced', 'slow', 'three-rounds'])
})

test('one model is shown', async () => {
  assert.equal((await client.models.retrieve('plain')).id, 'plain')
})

test('without server tools the answer is the model’s own', async () => {
  const completion = await client.chat.completions.create(question('plain'))
  assert.match(completion.choices[0].message.content, /^Hello from a model/)
  assert.equal(completion.system_fingerprint, 'fp_scripted')
  assert.ok(completion._request_id)
})

test('without server tools the stream says the same', async () => {
  const chunks = await chunksOf(
    await client.chat.completions.create({ ...question('plain'), stream: true }),
  )
  assertOneCompletion(chunks, { usage: false })
  assert.equal(textOf(chunks), await wholeText('plain'))
})

for (const model of ['three-rounds', 'priced']) {
  test(`create runs the loop and answers once (${model})`, async () => {
    const completion = await client.chat.completions.create(question(model))
    assert.equal(completion.object, 'chat.completion')
    assert.equal(completion.choices.length, 1)
    const [choice] = completion.choices
    assert.equal(choice.finish_reason, 'stop')
    assert.equal(choice.message.role, 'assistant')
    assert.equal(choice.message.tool_calls, undefined)
    assert.match(choice.message.content, /^First the overview\.\n\nSix calls in three rounds:\n/)
    assert.equal(choice.message.content.match(/^- (notes|weather)__/gm).length, 6)
    assertThreeRounds(completion.x_sallyport)
  })

  test(`a stream of chunks says the same (${model})`, async () => {
    const chunks = await chunksOf(
      await client.chat.completions.create({ ...question(model), stream: true }),
    )
    assertOneCompletion(chunks, { usage: false })
    assert.equal(textOf(chunks), await wholeText(model))
    const finish = chunks.find((chunk) => chunk.choices[0]?.finish_reason)
    assertThreeRounds(finish.x_sallyport)
  })

  test(`the stream helper says the same (${model})`, async () => {
    const stream = client.chat.completions.stream(question(model))
    const events = []
    stream.on('tool_calls.function.arguments.delta', (event) => events.push(event))
    const completion = await stream.finalChatCompletion()
    assert.equal(completion.choices[0].finish_reason, 'stop')
    assert.equal(completion.choices[0].message.tool_calls, undefined)
    assert.equal(completion.choices[0].message.content, await wholeText(model))
    assert.deepEqual(events, [])
  })
}

test('usage is the sum of the rounds', async () => {
  const completion = await client.chat.completions.create(question('priced'))
  assertSumOfRounds(completion.usage)
  assert.equal(completion.usage.prompt_tokens_details.cached_tokens, 0)
})

test('usage ends a stream that asks for it, as the sum of the rounds', async () => {
  const chunks = await chunksOf(
    await client.chat.completions.create({
      ...question('priced'),
      stream: true,
      stream_options: { include_usage: true },
    }),
  )
  assertOneCompletion(chunks, { usage: true })
  assertSumOfRounds(chunks.at(-1).usage)
})

test('the stream helper gathers the sum of the rounds', async () => {
  const stream = client.chat.completions.stream({
    ...question('priced'),
    stream_options: { include_usage: true },
  })
  assertSumOfRounds(await stream.totalUsage())
})

test('the helper that runs client tools takes its turn between server tools', async () => {
  const asked = []
  const runner = client.chat.completions.runTools({
    ...question('mixed'),
    tools: [
      {
        type: 'function',
        function: {
          name: 'pick_colour',
          description: 'Asks the user for a colour.',
          parameters: {
            type: 'object',
            properties: { for: { type: 'string' } },
            required: ['for'],
          },
          parse: JSON.parse,
          function: (choice) => {
            asked.push(choice.for)
            return asked.length === 1 ? 'red' : 'blue'
          },
        },
      },
    ],
  })
  const text = await runner.finalContent()
  assert.deepEqual(asked, ['the cover', 'the back'])
  assert.match(text, /pick_colour: red\n.*pick_colour: blue/)
})

test('a client that leaves a stream does not disturb the next', async () => {
  const stream = await client.chat.completions.create({ ...question('priced'), stream: true })
  for await (const chunk of stream) {
    assert.ok(chunk.id)
    break
  }
  assert.ok(stream.controller.signal.aborted)
  assert.match(await wholeText('priced'), /Six calls/)
})

async function messagesSent() {
  const answer = await fetch(new URL('/sent', process.env.SLOW_URL))
  return (await answer.json()).sent
}

// It gives up twice while the tool still works, and asks again by itself.
for (const stream of [false, true]) {
  test(`a client that times out does not cause twice what it asked for (stream: ${stream})`, async () => {
    const impatient = new OpenAI({ timeout: 1_500 })
    const before = await messagesSent()
    const { data, response } = await impatient.chat.completions
      .create({ ...question('slow'), stream })
      .withResponse()
    const text = stream
      ? textOf(await chunksOf(data))
      : data.choices[0].message.content
    assert.match(text, /^Done:\n.*Message \d+ is sent\./)
    assert.match(response.headers.get('x-sallyport-run-id'), /^run_/)
    assert.equal(await messagesSent(), before + 1)
  })
}

test('an idempotency key gets the same answer again, and nothing is done again', async () => {
  const before = await messagesSent()
  const options = { headers: { 'Idempotency-Key': `send-${process.pid}` } }
  const first = await client.chat.completions.create(question('slow'), options)
  const second = await client.chat.completions.create(question('slow'), options)
  assert.deepEqual(second, first)
  assert.equal(await messagesSent(), before + 1)
  const other = { ...question('slow'), temperature: 0 }
  await assert.rejects(client.chat.completions.create(other, options), (error) => {
    assert.equal(error.status, 400)
    assert.equal(error.code, 'idempotency_mismatch')
    return true
  })
})

test('a wrong key is an AuthenticationError', async () => {
  const stranger = new OpenAI({ apiKey: 'sp_wrong', maxRetries: 0 })
  await assert.rejects(stranger.chat.completions.create(question('plain')), (error) => {
    assert.ok(error instanceof AuthenticationError)
    assert.equal(error.status, 401)
    assert.equal(error.code, 'invalid_api_key')
    return true
  })
  await assert.rejects(stranger.models.list(), AuthenticationError)
})

test('an unknown model is a NotFoundError, streamed or not', async () => {
  for (const stream of [false, true]) {
    await assert.rejects(
      client.chat.completions.create({ ...question('no-such-model'), stream }),
      (error) => {
        assert.ok(error instanceof NotFoundError)
        assert.equal(error.code, 'model_not_found')
        assert.equal(error.type, 'not_found_error')
        return true
      },
    )
  }
  await assert.rejects(client.models.retrieve('no-such-model'), NotFoundError)
})
