import type { NARRATOR_PLACEHOLDERS, NarratorPreset } from '../config/preset.ts'
import type { Turn } from '../core/run.ts'
import type { Round } from './observer.ts'

const SYSTEM =
  'You write concise narrative summaries of a conversation between language models, for readers on Discord.'

/** What a narrator's model is asked for its post about a round. Its own posts enter through `{bot_history}` alone. */
export function narratorPrompt(
  preset: NarratorPreset,
  round: Round,
  posts: string[],
): { system: string; text: string } {
  const values = placeholders(preset, round, posts)
  const text =
    preset.user_template === undefined
      ? request(values)
      : preset.user_template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name as Placeholder] ?? whole)
  return { system: preset.system_prompt ?? SYSTEM, text }
}

type Placeholder = (typeof NARRATOR_PLACEHOLDERS)[number]

function placeholders(preset: NarratorPreset, round: Round, posts: string[]): Record<Placeholder, string> {
  const latest = listOf(round.turns)
  const recent = preset.transcript_window === 0 ? '' : listOf(round.all.slice(-preset.transcript_window))
  const remembered = preset.bot_history_window === 0 ? [] : posts.slice(-preset.bot_history_window)
  const last = round.turns.at(-1)
  return {
    latest_round_transcript: latest,
    transcript: recent,
    bot_history: remembered.map((post) => `- ${post}`).join('\n'),
    last_actor: last?.name ?? '',
    last_text: last?.text ?? '',
    // Older names of the same.
    latest_round_bullets: latest,
    context_bullets: recent,
  }
}

function request({ transcript, latest_round_transcript }: Record<Placeholder, string>): string {
  const context = transcript === '' ? '' : `Recent context:\n${transcript}\n\n`
  return `${context}The latest round:\n${latest_round_transcript}\n\nSummarize the latest round in one to three sentences.`
}

const listOf = (turns: Turn[]): string => turns.map((turn) => `- ${turn.name}: ${turn.text}`).join('\n')
