import type { Actor, Turn } from './run.ts'

/** How much of the talk a moderator is shown. */
const TURNS_SHOWN = 8

/** What a moderator is asked: whose turn is next. */
export function moderatorPrompt(actors: Actor[], turns: Turn[]): { system: string; text: string } {
  const names = actors.map((actor) => actor.name)
  const talk = turns.slice(-TURNS_SHOWN).map((turn) => `${turn.name}: ${turn.text}`)
  return {
    system:
      'You moderate a conversation. You decide who speaks next: the one who was addressed, who has something at stake, or who has been silent too long. Answer with one name from the list and nothing else.',
    text: `Who may speak: ${names.join(', ')}.\n\nThe conversation so far:\n\n${talk.join('\n\n')}\n\nWho speaks next?`,
  }
}

/** The one actor that the answer names; null when it names none or several. */
export function moderatorChoice(answer: string, actors: Actor[]): number | null {
  const lower = answer.toLowerCase()
  const named = actors.flatMap((actor, index) => (lower.includes(actor.name.toLowerCase()) ? [index] : []))
  return named.length === 1 ? (named[0] as number) : null
}
