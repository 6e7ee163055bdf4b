import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaPreset, MediaTool } from '../../config/preset.ts'
import { UserError } from '../../core/errors.ts'
import type { ModelInfo } from '../../core/model.ts'
import { sentence } from '../../core/sentence.ts'
import { shorten } from '../../core/shorten.ts'
import type { NewCharge } from '../../core/store.ts'
import { ask } from '../../engine/ask.ts'
import type { Hold } from '../../engine/ports.ts'
import { failureNotice } from '../failures.ts'
import { modelOf } from '../narrator.ts'
import { type Begun, charge, type How, type Observed, ObserverError, type RoundObserver, toldOf } from '../observer.ts'
import { patientMcp } from './patience.ts'
import type { Found } from './pictures.ts'
import { pictureRequest, type Request, summaryRequest, unfenced } from './prompts.ts'
import { requestPictures } from './request.ts'
import { showPictures, showPlaceholder } from './showing.ts'
import { FRESH, type MediaParts, type Memory, type Work } from './work.ts'

/** A picture that is asked for: what its prompt was and has cost, and the task that paints it once the server has named one. */
interface Order {
  prompt: string
  summary: string
  task: string | null
  charges: NewCharge[]
}

/** Paints rounds: asks its model for a prompt, a tool for the picture, keeps the bytes, posts them. */
export function mediaAgent(name: string, preset: MediaPreset, parts: MediaParts): RoundObserver {
  return {
    name: `media:${name}`,
    waits: preset.pace === 'wait',
    // Several presets of a run work one after the other.
    chain: 'media',
    once: false,
    async observe(round, kept, how) {
      const memory = { ...FRESH, ...(kept as Memory | null), entry: null }
      const due = round.index % preset.run_every_n_rounds === 0 && !round.thrifty
      if (!due) return { memory, deliveries: [], charges: [] }
      return new Painting({ name, preset, parts, round, memory, signal: how.signal }, how).paint()
    },
  }
}

class Painting {
  readonly #work: Work
  readonly #hold: Hold
  readonly #begun: Begun
  readonly #at: (text: string) => void
  readonly #model: ModelInfo
  readonly #charges: NewCharge[] = []

  constructor(work: Work, { hold, begun, at }: How) {
    this.#work = work
    this.#hold = hold
    this.#begun = begun
    this.#at = (text) => at(`painting round ${work.round.index + 1}${text === '' ? '' : `: ${text}`}`)
    this.#model = modelOf(work.preset.model, work.round.run)
  }

  async paint(): Promise<Observed> {
    const mode = this.#mode()
    let prompt = ''
    try {
      const order = await this.#order(mode)
      prompt = order.prompt
      const { found, result } = await this.#request(mode, order)
      this.#work.memory.entry = { mode, prompt, result }
      const wanted = found.slice(-this.#work.preset.pictures)
      if (wanted.length === 0)
        throw new UserError(`${this.#toolName(mode)} made no picture; it answered: ${sentence(shorten(result, 200))}`)
      return this.#observed(await showPictures(this.#work, wanted, prompt))
    } catch (error) {
      return this.#failed(error, mode, prompt)
    }
  }

  /** The prompt, asked for and paid once: it outlives a kill, and so does the task that it was given to. */
  async #order(mode: 't2i' | 'edit'): Promise<Order> {
    const begun = (await this.#begun.read()) as Order | null
    if (begun !== null) {
      this.#work.memory.summary = begun.summary
      this.#charges.push(...begun.charges)
      return begun
    }
    if (mode === 'edit' || (this.#work.preset.t2i_use_summary && this.#work.preset.user_from_round === null)) {
      this.#work.memory.summary = await this.#ask(
        summaryRequest(this.#work.preset, this.#work.round, this.#work.memory.summary),
      )
    }
    const { summary } = this.#work.memory
    const said = await this.#ask(
      pictureRequest(this.#work.preset, mode, this.#work.round, { summary, image_url: this.#address() }),
    )
    const prompt = unfenced(said, this.#work.preset.prompt_param)
    const order = { prompt, summary, task: null, charges: this.#charges }
    await this.#begun.keep(order)
    return order
  }

  #mode(): 't2i' | 'edit' {
    const { mode } = this.#work.preset
    if (mode === 'chain') return this.#work.memory.last === null ? 't2i' : 'edit'
    return mode
  }

  async #ask({ system, text }: Request): Promise<string> {
    const asked = await ask(
      { models: this.#work.parts.models, hold: this.#hold },
      {
        model: this.#model,
        system,
        messages: [{ role: 'user', blocks: [text] }],
        max_tokens: this.#model.max_tokens,
        temperature: 1,
        tools: [],
        cache_key: `${this.#work.round.run.id}:media:${this.#work.name}`,
        aside: this.#work.preset.pace === 'free',
        seed: this.#work.round.run.spec.seed + this.#work.round.index,
        signal: this.#work.signal,
      },
      async () => {},
    )
    const usage = asked.kind === 'answer' ? asked.answer.usage : asked.lost
    this.#charges.push(...charge('media', this.#model.alias, usage))
    if (asked.kind === 'failed') throw new UserError(asked.error.message, { cause: asked.error })
    if (asked.kind === 'refused') throw new UserError(asked.why)
    if (asked.kind === 'aborted') throw new UserError('It was interrupted.')
    return asked.answer.text.trim()
  }

  async #request(mode: 't2i' | 'edit', order: Order): Promise<{ found: Found[]; result: string }> {
    const { prompt, task } = order
    const { strategy, pictures, semantic_limit, min_similarity, folders } = this.#work.preset
    if (strategy === 'semantic_search') {
      const search = this.#work.parts.searchPictures
      if (!search) throw new UserError('strategy semantic_search needs SUPABASE_URL, SUPABASE_KEY and OPENAI_API_KEY.')
      const limit = Math.max(semantic_limit ?? 0, pictures)
      return search(prompt, { pictures, limit, min_similarity, folders }, this.#work.signal)
    }
    this.#at('')
    const tool = this.#tool(mode)
    const input = mode === 'edit' ? await this.#base() : null
    // A server that takes no picture as an argument finds the address in the prompt (the predecessor's convention).
    const address = mode === 'edit' && !tool.image_param ? this.#address() : null
    const inPrompt = address === null ? prompt : `${prompt}\nBASE_IMAGE: ${address}`
    const param = tool.image_param ?? { name: 'image_url', as_list: false }
    const args = {
      ...tool.defaults,
      [this.#work.preset.prompt_param]: inPrompt,
      ...(input === null ? {} : { [param.name]: param.as_list ? [input] : input }),
    }
    const acceptSameWhenPolled = !this.#work.preset.dedupe_same_url_in_edit
    const onTask = (begun: string) => this.#begun.keep({ ...order, task: begun })
    const wanted = { tool, args, input, acceptSameWhenPolled, task, onTask, at: this.#at }
    return requestPictures(patientMcp(this.#work), wanted, this.#work.signal)
  }

  #tool(mode: 't2i' | 'edit'): MediaTool {
    const { tool, t2i_tool, edit_tool } = this.#work.preset
    const chosen = (mode === 'edit' ? edit_tool : t2i_tool) ?? tool ?? t2i_tool ?? edit_tool
    if (!chosen) throw new UserError(`The preset ${this.#work.name} names no tool for ${mode}.`)
    return chosen
  }

  #toolName(mode: 't2i' | 'edit'): string {
    if (this.#work.preset.strategy === 'semantic_search') return 'The search in eagle_images'
    const { server, name } = this.#tool(mode)
    return `${server}/${name}`
  }

  /** Where the picture to edit can be fetched: where it came from, or, of one that came as bytes, where Discord has it, if that is known. */
  #address(): string | null {
    const { last } = this.#work.memory
    return last?.url ?? (last?.file ? this.#work.parts.uploads(this.#work.round.run.id, last.file.name) : null)
  }

  /** The picture to edit: its address, else its bytes as a data URI. */
  async #base(): Promise<string | null> {
    const { last } = this.#work.memory
    if (last === null) return null
    if (last.url !== null) return last.url
    if (last.file === null) return null
    const bytes = await readFile(join(this.#work.parts.dataDir, last.file.path)).catch(() => null)
    return bytes && `data:${last.file.content_type};base64,${bytes.toString('base64')}`
  }

  #observed(posted: Pick<Observed, 'deliveries' | 'tell'>): Observed {
    return { memory: this.#work.memory, charges: this.#charges, ...posted }
  }

  /** Told once; the run goes on. What has been paid for is kept. */
  async #failed(error: unknown, mode: string, prompt: string): Promise<Observed> {
    if (!(error instanceof UserError) || this.#work.signal.aborted) {
      throw new ObserverError(toldOf(error), this.#charges, { cause: error })
    }
    this.#work.memory.entry ??= { mode, prompt, result: error.message }
    const tell = [failureNotice(`media:${this.#work.name}`, this.#work.round.index, error)]
    return this.#observed({ deliveries: await showPlaceholder(this.#work), tell })
  }
}
