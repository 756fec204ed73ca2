// The AG-UI protocol's own client.
//   node ag_ui.mjs '{"url", "token", "thread", "text"}'     ask, and print the new messages and the kinds of events
import { HttpAgent } from '@ag-ui/client'

const { url, token, thread, text } = JSON.parse(process.argv[2])
const agent = new HttpAgent({ url, headers: { Authorization: `Bearer ${token}` }, threadId: thread })
agent.addMessage({ id: `q-${Date.now()}`, role: 'user', content: text })
const kinds = []
const problems = []
const watcher = {
  onEvent: ({ event }) => void kinds.push(event.type),
  onRunErrorEvent: ({ event }) => void problems.push(event.message),
}
let newMessages = []
try {
  newMessages = (await agent.runAgent({}, watcher)).newMessages
} catch (error) {
  problems.push(String(error))
}
console.log(JSON.stringify({ newMessages, kinds: [...new Set(kinds)], problems }))
