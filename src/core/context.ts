import type { ChatMessage } from './model.ts'
import type { Actor, Turn } from './run.ts'

/**
 * What an actor is shown: its own history, then every turn that counts, as `assistant` where it spoke itself and as `user` otherwise.
 * With three or more actors, and always for a person, another's text is `Name: text` (rule 6). Each later context begins with the
 * whole of the earlier one (rule 5); only the trailing `(continue)` is for one call.
 */
export function contextOf(actors: Actor[], turns: Turn[], index: number): ChatMessage[] {
  const actor = actors[index]
  if (!actor) throw new Error(`There is no actor ${index}.`)
  const messages: ChatMessage[] = []
  for (const { role, content } of actor.history) add(messages, role, content)
  for (const turn of turns) {
    if (turn.whisper_to !== null && turn.whisper_to !== index) continue
    if (turn.actor_index === index) {
      for (const step of turn.steps) {
        messages.push({ role: 'assistant', blocks: [], tool_calls: step.calls })
        messages.push({ role: 'tool', results: step.results })
      }
      add(messages, 'assistant', turn.text)
    } else {
      const named = actors.length > 2 || turn.actor_index === null
      add(messages, 'user', named ? `${turn.name}: ${turn.text}` : turn.text)
    }
  }
  if (messages.at(-1)?.role !== 'user') add(messages, 'user', '(continue)')
  return messages
}

/** Neighbours of one role are joined as separate blocks. Providers refuse empty ones. */
function add(messages: ChatMessage[], role: 'user' | 'assistant', text: string): void {
  if (text.trim() === '') return
  const last = messages.at(-1)
  if (last && last.role === role && !('tool_calls' in last)) last.blocks.push(text)
  else messages.push({ role, blocks: [text] })
}
