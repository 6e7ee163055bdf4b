import { actorsNow } from './actors.ts'
import { cost, plural, tokens } from './figures.ts'
import type { EndReason, Run } from './run.ts'

interface End {
  meaning: (run: Run) => string
  /** What a person can do now. */
  remedy: string
}

const AGAIN =
  'Start another with `/backrooms start`, or go on from any message here: right-click it, Apps, **Fork from here**.'

/** Rule 7: every end has a name; this is what each says. */
const ENDS: Record<EndReason, End> = {
  max_turns: {
    meaning: (run) =>
      run.spec.max_turns === null
        ? 'It had as many rounds as it was given.'
        : `It had its ${plural(run.spec.max_turns, 'round')} (\`max_turns\`).`,
    remedy: `To hear more, start it with a higher \`max_turns\`, or \`/backrooms fork\` this one.`,
  },
  stop_sequence: { meaning: () => 'An actor ended the conversation with `^C^C`.', remedy: AGAIN },
  stopped: { meaning: () => 'A person ended it.', remedy: AGAIN },
  context_budget: {
    meaning: () => 'The next answer would not have fitted into the context that the actors share.',
    remedy: 'Start it with actors of a larger context window, or a higher `max_context_frac`.',
  },
  cost_budget: {
    meaning: () => 'Its budget (`max_cost`) is used up.',
    remedy: 'To let it go on, `/backrooms fork` it with a higher `max_cost`.',
  },
  loop: {
    meaning: () => 'The actors had begun to say the same things again.',
    remedy: 'Fork from a message before they did, or start it with other actors.',
  },
  refusal: {
    meaning: () => 'An actor would not go on, and asking again did not change that.',
    remedy: 'Fork from an earlier message, with another model or another template.',
  },
  thread_gone: {
    meaning: () => 'Its thread or its channel was deleted.',
    remedy: 'To hear more, `/backrooms fork` it into a new thread.',
  },
  error: {
    meaning: () => 'Something failed that neither waiting nor asking again could mend.',
    remedy: 'Mend the cause, then `/backrooms fork` it to go on.',
  },
}

/** The text of the run's last message. The run has ended. */
export function endNotice(run: Run): string {
  const reason = run.end_reason ?? 'error'
  return [
    `**This run has ended: \`${reason}\`**`,
    why(run, reason),
    `Used: ${used(run)}.`,
    offlineNote(run),
    ENDS[reason].remedy,
  ]
    .filter((line) => line !== null)
    .join('\n')
}

/** What the reason means, and what the log says of it where that tells more. */
function why(run: Run, reason: EndReason): string {
  const meaning = ENDS[reason].meaning(run)
  const detail = run.status_text?.replace(/ Conversation ended\.$/, '') ?? ''
  if (reason === 'max_turns' || detail === '') return meaning
  // Who ended it says what it means.
  return reason === 'stopped' || reason === 'stop_sequence' ? detail : `${meaning} ${detail}`
}

/** `14 turns, 1,234 tokens in, 567 out, $0.0123`. */
export function used(run: Run): string {
  return `${plural(run.next_index, 'turn')}, ${tokens(run.state.usage)}, ${cost(run.state)}`
}

const OFFLINE =
  'improvised offline, by a small program of this bot: no language model speaks there. Set a provider’s key to hear one.'

/** Says plainly which voices of a run are no language model; null when all are. */
export function offlineNote(run: Run): string | null {
  const actors = actorsNow(run)
  const offline = actors.filter((actor) => actor.model.provider === 'offline').map((actor) => actor.name)
  if (offline.length === 0) return null
  return offline.length === actors.length ? ALL_OFFLINE : `${offline.join(', ')}: ${OFFLINE}`
}

export const ALL_OFFLINE = `These voices are ${OFFLINE}`
