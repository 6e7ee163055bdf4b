import type { ToolResult, ToolStep } from '../core/model.ts'
import { shorten } from '../core/shorten.ts'
import { split } from '../core/split.ts'

// What an actor did before it spoke, as small print beside its turn: never part of the turn itself.

/** Reasoning as messages: behind spoiler bars, or as a quotation. */
export function foldedReasoning(reasoning: string, how: 'spoiler' | 'shown'): string[] {
  const text = reasoning.trim()
  if (text === '') return []
  if (how === 'spoiler') return split(noSpoilers(text), 1900).map(({ content }) => `-# thinking\n||${content}||`)
  return split(text, 1900).map(({ content }) => `-# thinking\n>>> ${content}`)
}

/** A message for each exchange with tools: what was asked, and the results behind spoiler bars. */
export function foldedSteps(steps: readonly ToolStep[]): string[] {
  return steps.flatMap(({ calls, results }) =>
    calls.map((call) => {
      const asked = `-# used \`${call.name}\` with \`${shorten(JSON.stringify(call.arguments), 500).replaceAll('`', 'ˋ')}\``
      const result = results.find(({ id }) => id === call.id)
      return result ? `${asked}\n||${shown(result)}||` : asked
    }),
  )
}

const shown = (result: ToolResult): string =>
  shorten(noSpoilers(`${result.is_error ? 'failed: ' : ''}${result.text.trim() || 'no text'}`), 1200)

/** Bars inside would end the spoiler early. */
const noSpoilers = (text: string): string => text.replaceAll('||', '|\u200b|')
