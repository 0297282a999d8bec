// The agent. Base URL and key come from OPENAI_BASE_URL and OPENAI_API_KEY, as ever; that the tools
// are called by a gateway is nothing that it has to know.

import OpenAI from 'openai'

const client = new OpenAI()
const completion = await client.chat.completions.create({
  model: 'assistant',
  messages: [
    {
      role: 'user',
      content: 'What is in my notes? Delete the first one, and note down Monday.',
    },
  ],
})

for (const line of completion.choices[0].message.content.split('\n')) {
  console.log(`  | ${line}`)
}

// What follows is more than other clients do: the gateway's report of the calls, and why one was
// denied.
for (const call of completion.x_sallyport.tool_calls) {
  const tool = call.tool ? `${call.server}/${call.tool}` : '(none of its tools)'
  console.log(`  ${tool.padEnd(20)} ${call.status}${await why(call)}`)
}

async function why({ status, record }) {
  if (status !== 'tool_not_offered') {
    return ''
  }
  const { tool, reason, rule } = await client.get(`/calls/${record}`)
  return `: ${tool} ${reason}${rule ? `, rule ${rule}` : ''}`
}
