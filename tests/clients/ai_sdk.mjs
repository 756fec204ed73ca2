// The Vercel AI SDK's own transport and reader, as @ai-sdk/react uses them.
//   node ai_sdk.mjs '{"url", "token", "id", "text"}'        ask, and print the message as it is when it is complete
//   node ai_sdk.mjs '{"url", "token", "id"}'                pick up what is being answered; prints null where nothing is
import { DefaultChatTransport, readUIMessageStream } from 'ai'

const { url, token, id, text } = JSON.parse(process.argv[2])
const transport = new DefaultChatTransport({ api: `${url}/api/chat`, headers: { Authorization: `Bearer ${token}` } })
const question = { id: `q-${id}`, role: 'user', parts: [{ type: 'text', text: text ?? '' }] }
const stream = text
  ? await transport.sendMessages({ chatId: id, messages: [question], trigger: 'submit-message' })
  : await transport.reconnectToStream({ chatId: id })
let message = null
let versions = 0
if (stream) {
  for await (message of readUIMessageStream({ stream, terminateOnError: true })) versions += 1
}
console.log(JSON.stringify({ message, versions }))
