import type { MediaPreset } from '../../config/preset.ts'
import type { Turn } from '../../core/run.ts'
import type { Round } from '../observer.ts'

// What a media agent's model is asked.

const PROMPT_SYSTEM = 'You write short, vivid prompts for pictures.'
const SUMMARY_SYSTEM = 'You condense conversations into short visual summaries.'
/** Messages that a summary is made from. */
const SUMMARY_TURNS = 10

export interface Request {
  system: string
  text: string
}

export function summaryRequest(preset: MediaPreset, round: Round, summary: string): Request {
  return {
    system: preset.summary_system_prompt ?? SUMMARY_SYSTEM,
    text: [
      'Bring the summary of this conversation up to date, in at most 120 words: what lasts (who is there, the place, the things that return), concrete and visible.',
      `The summary so far (may be empty):\n${summary}`,
      `What was said lately:\n${list(round.all.slice(-SUMMARY_TURNS))}`,
    ].join('\n\n'),
  }
}

export function pictureRequest(
  preset: MediaPreset,
  mode: 't2i' | 'edit',
  round: Round,
  memory: { summary: string; image_url: string | null },
): Request {
  if (mode === 'edit') {
    const base = memory.image_url === null ? [] : [`BASE_IMAGE: ${memory.image_url}`]
    return {
      system: preset.edit_system_prompt ?? preset.system_prompt ?? PROMPT_SYSTEM,
      text: [
        'A picture of this conversation exists. Write one short instruction (under 220 characters unless a detail needs more) that changes it so that it shows the latest round and stays true to the whole.',
        `The conversation so far:\n${memory.summary}`,
        `The latest round:\n${list(round.turns)}`,
        ...base,
        'Return only the instruction.',
      ].join('\n\n'),
    }
  }
  const system = preset.t2i_system_prompt ?? preset.system_prompt ?? PROMPT_SYSTEM
  if (preset.user_from_round !== null) return { system, text: raw(preset.user_from_round, round.turns) }
  const summary = preset.t2i_use_summary ? [`The conversation so far:\n${memory.summary}`] : []
  return {
    system,
    text: [
      'Write one prompt for a picture of this round of a conversation, under 200 characters unless a detail needs more.',
      ...summary,
      `The latest round:\n${list(round.turns)}`,
      'Return only the prompt.',
    ].join('\n\n'),
  }
}

function raw(which: 'last' | 'all', turns: Turn[]): string {
  const texts = turns.map((turn) => turn.text).filter((text) => text.trim() !== '')
  return which === 'all' ? texts.join('\n') : (texts.at(-1) ?? '')
}

/** For tools that take a query or a command, a model's code fence is taken off. */
export function unfenced(text: string, param: string): string {
  const plain = text.trim()
  if (!/query|sql|command/.test(param)) return plain
  return (/```\w*\s*\n([\s\S]*?)\n?```/.exec(plain)?.[1] ?? plain.replaceAll('```', '')).trim()
}

const list = (turns: Turn[]): string => turns.map((turn) => `- ${turn.name}: ${turn.text}`).join('\n')
