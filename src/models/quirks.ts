import type { ChatMessage, ModelCall } from '../core/model.ts'

/** The call as its model can take it: some take no system prompt, some no temperature, some no tools. */
export function withQuirks(call: ModelCall): ModelCall {
  const { no_system, no_temperature, no_tools } = call.model.quirks
  return {
    ...call,
    ...(no_system === true && call.system !== '' ? { system: '', messages: withSystemAsUser(call) } : {}),
    ...(no_temperature === true ? { temperature: null } : {}),
    ...(no_tools === true ? { tools: [] } : {}),
  }
}

/** `<SYSTEM>…</SYSTEM>` at the head of the first user message, where it stays from call to call. */
function withSystemAsUser({ system, messages }: ModelCall): ChatMessage[] {
  const first = messages.findIndex((message) => message.role === 'user')
  const head = `<SYSTEM>${system}</SYSTEM>`
  if (first < 0) return [{ role: 'user', blocks: [head] }, ...messages]
  return messages.map((message, index) => {
    if (index !== first || message.role !== 'user') return message
    const [opening = '', ...rest] = message.blocks
    return { ...message, blocks: [`${head}\n\n${opening}`, ...rest] }
  })
}
