import { chatProvider } from './chat.ts'
import { LOCAL } from './chat-dialects.ts'
import type { Provider, Timeouts } from './provider.ts'

export interface CliOptions {
  apiKey: string
  /** With `/v1`. */
  baseURL: string
  timeouts: Timeouts
}

/** The pseudo-model `cli`: a world simulator on this machine that is sent just the last message, and keeps its own memory. */
export function cliProvider({ apiKey, baseURL, timeouts }: CliOptions): Provider {
  const ask = chatProvider({ apiKey, baseURL, dialect: LOCAL, timeouts })
  return (call) => {
    const last = call.messages.findLast((message) => message.role === 'user')?.blocks.at(-1) ?? ''
    return ask({ ...call, system: '', tools: [], messages: [{ role: 'user', blocks: [last] }] })
  }
}
