import { priced, type Spent } from '../core/cost.ts'
import type { ModelAnswer, ModelCall, ToolCall, Usage } from '../core/model.ts'
import { shorten } from '../core/shorten.ts'
import { roughTokens } from '../core/tokens.ts'
import { failed } from './failure.ts'
import { ThinkSplitter } from './think.ts'

/** An answer while it is written. What it hands to `onDelta` as text joins to its text, exactly. */
export class Draft {
  readonly #call: ModelCall
  readonly #splitter: ThinkSplitter
  #text = ''
  #reasoning = ''
  /** The provider's figures so far; null: it gave none. */
  spent: Spent | null = null
  /** Whether anything of the response has arrived. */
  begun = false

  constructor(call: ModelCall) {
    this.#call = call
    this.#splitter = new ThinkSplitter({ text: (text) => this.#say(text), reasoning: (text) => this.reason(text) })
  }

  /** Text as the provider sent it; a leading `<think>` block is taken out of it. */
  write(text: string): void {
    if (text !== '') this.#splitter.add(text)
  }

  reason(text: string): void {
    if (text === '') return
    this.#reasoning += text
    this.#call.onDelta?.({ reasoning: text })
  }

  isBlank(): boolean {
    return this.#text.trim() === ''
  }

  /** Priced figures; estimated where the provider gave none, so that the meter never stands still. */
  usage(): Usage {
    const { model } = this.#call
    return priced(model, this.spent ?? { ...this.#estimate(), cached: 0, written: 0 })
  }

  /** The whole answer. Throws `empty` when there is none; `refusal`, with its words, when it is one: words of refusal are no turn. */
  finish(stop: ModelAnswer['stop'] | 'refusal', toolCalls: ToolCall[]): ModelAnswer {
    this.#splitter.end()
    const { model } = this.#call
    const usage = this.usage()
    const text = this.#text
    const blank = this.isBlank()
    if (stop === 'refusal') throw failed(model, 'refusal', { usage, detail: shorten(text.trim(), 200) })
    if (blank && toolCalls.length === 0) {
      const detail = this.#reasoning === '' ? undefined : 'there was reasoning, and nothing after it'
      throw failed(model, 'empty', { usage, detail })
    }
    return { text, reasoning: this.#reasoning, tool_calls: toolCalls, stop, usage }
  }

  #say(text: string): void {
    this.#text += text
    this.#call.onDelta?.({ text })
  }

  #estimate(): { input: number; output: number } {
    const { system, messages } = this.#call
    const prompt = messages.flatMap((message) =>
      message.role === 'tool' ? message.results.map((result) => result.text) : message.blocks,
    )
    return {
      input: roughTokens([system, ...prompt].join('\n')),
      output: roughTokens(this.#text + this.#reasoning),
    }
  }
}
