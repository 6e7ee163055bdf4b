import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaPreset, MediaTool } from '../../config/preset.ts'
import { faceOf } from '../../core/actors.ts'
import type { KeptFile } from '../../core/delivery.ts'
import { UserError } from '../../core/errors.ts'
import type { Mcp } from '../../core/mcp.ts'
import type { ModelInfo, Models } from '../../core/model.ts'
import { sentence } from '../../core/sentence.ts'
import { shorten } from '../../core/shorten.ts'
import type { NewCharge } from '../../core/store.ts'
import { ask } from '../../engine/ask.ts'
import type { Hold } from '../../engine/ports.ts'
import { modelOf } from '../narrator.ts'
import {
  type Begun,
  charge,
  type How,
  type Observed,
  ObserverError,
  type Round,
  type RoundObserver,
  toldOf,
} from '../observer.ts'
import { failureNotice } from '../observing.ts'
import { type Aside, type Channels, post } from '../posting.ts'
import { type Keeper, type Kept, keep } from './keep.ts'
import type { Found } from './pictures.ts'
import { pictureRequest, type Request, summaryRequest, unfenced } from './prompts.ts'
import { requestPictures } from './request.ts'
import type { Uploads } from './uploads.ts'

export interface MediaParts extends Keeper {
  models: Models
  channels: Channels
  mcp: Pick<Mcp, 'call'>
  aside?: Aside
  uploads: Uploads
  /** Pictures of the Supabase table `eagle_images` that fit a text; null without Supabase. */
  searchPictures: SearchPictures | null
}

export type SearchPictures = (
  query: string,
  wish: { pictures: number; limit: number; min_similarity: number; folders: string[] },
  signal: AbortSignal,
) => Promise<{ found: Found[]; result: string }>

/** What an agent remembers of a run: its last picture, its summary, and what the log says of the round. */
interface Memory {
  summary: string
  last: { url: string | null; file: KeptFile | null } | null
  /** What was shown last, a line each: an address, or a file's name, which is its content's hash. */
  posted: string | null
  entry: { mode: string; prompt: string; result: string } | null
}

/** A picture that is asked for: what its prompt was and has cost, and the task that paints it once the server has named one. */
interface Order {
  prompt: string
  summary: string
  task: string | null
  charges: NewCharge[]
}

const FRESH: Memory = { summary: '', last: null, posted: null, entry: null }

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
      return new Painting(name, preset, parts, round, memory, how).paint()
    },
  }
}

class Painting {
  readonly #name: string
  readonly #preset: MediaPreset
  readonly #parts: MediaParts
  readonly #round: Round
  readonly #signal: AbortSignal
  readonly #hold: Hold
  readonly #begun: Begun
  readonly #at: (text: string) => void
  readonly #model: ModelInfo
  readonly #charges: NewCharge[] = []
  #memory: Memory

  constructor(
    name: string,
    preset: MediaPreset,
    parts: MediaParts,
    round: Round,
    memory: Memory,
    { signal, hold, begun, at }: How,
  ) {
    this.#name = name
    this.#preset = preset
    this.#parts = parts
    this.#round = round
    this.#memory = memory
    this.#signal = signal
    this.#hold = hold
    this.#begun = begun
    this.#at = (text) => at(`painting round ${round.index + 1}${text === '' ? '' : `: ${text}`}`)
    this.#model = modelOf(preset.model, round.run)
  }

  async paint(): Promise<Observed> {
    const mode = this.#mode()
    let prompt = ''
    try {
      const order = await this.#order(mode)
      prompt = order.prompt
      const { found, result } = await this.#request(mode, order)
      this.#memory.entry = { mode, prompt, result }
      const wanted = found.slice(-this.#preset.pictures)
      if (wanted.length === 0)
        throw new UserError(`${this.#toolName(mode)} made no picture; it answered: ${sentence(shorten(result, 200))}`)
      return await this.#show(wanted, prompt)
    } catch (error) {
      return this.#failed(error, mode, prompt)
    }
  }

  /** The prompt, asked for and paid once: it outlives a kill, and so does the task that it was given to. */
  async #order(mode: 't2i' | 'edit'): Promise<Order> {
    const begun = (await this.#begun.read()) as Order | null
    if (begun !== null) {
      this.#memory.summary = begun.summary
      this.#charges.push(...begun.charges)
      return begun
    }
    if (mode === 'edit' || (this.#preset.t2i_use_summary && this.#preset.user_from_round === null)) {
      this.#memory.summary = await this.#ask(summaryRequest(this.#preset, this.#round, this.#memory.summary))
    }
    const { summary } = this.#memory
    const said = await this.#ask(
      pictureRequest(this.#preset, mode, this.#round, { summary, image_url: this.#address() }),
    )
    const prompt = unfenced(said, this.#preset.prompt_param)
    const order = { prompt, summary, task: null, charges: this.#charges }
    await this.#begun.keep(order)
    return order
  }

  #mode(): 't2i' | 'edit' {
    const { mode } = this.#preset
    if (mode === 'chain') return this.#memory.last === null ? 't2i' : 'edit'
    return mode
  }

  async #ask({ system, text }: Request): Promise<string> {
    const asked = await ask(
      { models: this.#parts.models, hold: this.#hold },
      {
        model: this.#model,
        system,
        messages: [{ role: 'user', blocks: [text] }],
        max_tokens: this.#model.max_tokens,
        temperature: 1,
        tools: [],
        cache_key: `${this.#round.run.id}:media:${this.#name}`,
        aside: this.#preset.pace === 'free',
        seed: this.#round.run.spec.seed + this.#round.index,
        signal: this.#signal,
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
    const { strategy, pictures, semantic_limit, min_similarity, folders } = this.#preset
    if (strategy === 'semantic_search') {
      const search = this.#parts.searchPictures
      if (!search) throw new UserError('strategy semantic_search needs SUPABASE_URL, SUPABASE_KEY and OPENAI_API_KEY.')
      const limit = Math.max(semantic_limit ?? 0, pictures)
      return search(prompt, { pictures, limit, min_similarity, folders }, this.#signal)
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
      [this.#preset.prompt_param]: inPrompt,
      ...(input === null ? {} : { [param.name]: param.as_list ? [input] : input }),
    }
    const acceptSameWhenPolled = !this.#preset.dedupe_same_url_in_edit
    const onTask = (begun: string) => this.#begun.keep({ ...order, task: begun })
    const wanted = { tool, args, input, acceptSameWhenPolled, task, onTask, at: this.#at }
    return requestPictures(this.#parts.mcp, wanted, this.#signal)
  }

  #tool(mode: 't2i' | 'edit'): MediaTool {
    const { tool, t2i_tool, edit_tool } = this.#preset
    const chosen = (mode === 'edit' ? edit_tool : t2i_tool) ?? tool ?? t2i_tool ?? edit_tool
    if (!chosen) throw new UserError(`The preset ${this.#name} names no tool for ${mode}.`)
    return chosen
  }

  #toolName(mode: 't2i' | 'edit'): string {
    if (this.#preset.strategy === 'semantic_search') return 'The search in eagle_images'
    const { server, name } = this.#tool(mode)
    return `${server}/${name}`
  }

  /** Where the picture to edit can be fetched: where it came from, or, of one that came as bytes, where Discord has it, if that is known. */
  #address(): string | null {
    const { last } = this.#memory
    return last?.url ?? (last?.file ? this.#parts.uploads(this.#round.run.id, last.file.name) : null)
  }

  /** The picture to edit: its address, else its bytes as a data URI. */
  async #base(): Promise<string | null> {
    const { last } = this.#memory
    if (last === null) return null
    if (last.url !== null) return last.url
    if (last.file === null) return null
    const bytes = await readFile(join(this.#parts.dataDir, last.file.path)).catch(() => null)
    return bytes && `data:${last.file.content_type};base64,${bytes.toString('base64')}`
  }

  async #show(wanted: Found[], prompt: string): Promise<Observed> {
    const { run, index } = this.#round
    const where = { runId: run.id, round: index, alt: prompt }
    const kept: Kept[] = []
    for (const found of wanted) kept.push(await keep(found, where, this.#parts, this.#signal))
    const [newest, shown] = [wanted.at(-1) as Found, kept.at(-1) as Kept]
    this.#memory.last = {
      url: newest.kind === 'url' ? newest.url : null,
      file: 'link' in shown ? null : fileOf(shown),
    }
    const before = this.#preset.dedupe_discord_posts ? (this.#memory.posted?.split('\n') ?? []) : []
    const fresh = kept.filter((each) => !before.includes(markOf(each)))
    if (!this.#preset.post_image_to_discord || this.#preset.discord_dry_run || fresh.length === 0)
      return this.#observed({ deliveries: [] })
    this.#memory.posted = kept.map(markOf).join('\n')
    const files = fresh.flatMap((each) => ('file' in each ? [each.file] : []))
    const links = fresh.flatMap((each) => ('link' in each ? [`${each.link}\n-# ${sentence(each.why)}`] : []))
    const left = fresh.flatMap((each) => ('left' in each ? [`-# ${each.why}`] : []))
    const caption = this.#preset.post_caption_to_discord ? [this.#preset.discord_caption ?? prompt] : []
    const sources = wanted.filter((_, at) => fresh.includes(kept[at] as Kept))
    const named = sources.flatMap((each) =>
      each.kind === 'url' && !links.some((link) => link.startsWith(each.url)) ? [each.url] : [],
    )
    const posted = await this.#post([...caption, ...links, ...left].join('\n'), files, named)
    const unsent = this.#elsewhere !== null && sources.some(({ kind }) => kind === 'bytes')
    return this.#observed({ ...posted, tell: [...(posted.tell ?? []), ...(unsent ? [this.#bytesNotice(files)] : [])] })
  }

  /** The tool of another server that posts for this agent: it takes words, no files. */
  get #elsewhere(): string | null {
    const { discord_tool: tool } = this.#preset
    return tool === undefined || tool.server === 'discord' ? null : `${tool.server}/${tool.name}`
  }

  #bytesNotice(files: KeptFile[]): { key: string; notice: string } {
    const where = files.map(({ path }) => `\`${path}\``).join(', ')
    const kept = where === '' ? '' : ` It is kept with the bot: ${where} in its DATA_DIR.`
    const notice = `\`${this.#name}\`: the picture of round ${this.#round.index + 1} came as bytes, and ${this.#elsewhere} takes words and addresses alone, so the caption was posted without it.${kept} To see such pictures, leave out discord_tool; this is told only once.`
    return { key: `bytes:${this.#name}`, notice }
  }

  #post(text: string, files: KeptFile[], urls: string[] = []): Promise<Pick<Observed, 'deliveries' | 'tell'>> {
    const persona = { name: `Media · ${this.#name}`, face: faceOf(`media ${this.#name}`), avatar_url: null }
    const { discord_tool: tool, discord_channel: channel, discord_server: server } = this.#preset
    const where = { run: this.#round.run, who: this.#name, persona, tool, channel, server }
    const words = this.#elsewhere === null ? text : [text, ...urls].filter(Boolean).join('\n')
    return post(where, [{ text: words, files }], this.#parts, this.#signal)
  }

  #observed(posted: Pick<Observed, 'deliveries' | 'tell'>): Observed {
    return { memory: this.#memory, charges: this.#charges, ...posted }
  }

  /** Told once; the run goes on. What has been paid for is kept. */
  async #failed(error: unknown, mode: string, prompt: string): Promise<Observed> {
    if (!(error instanceof UserError) || this.#signal.aborted) {
      throw new ObserverError(toldOf(error), this.#charges, { cause: error })
    }
    this.#memory.entry ??= { mode, prompt, result: error.message }
    const tell = [failureNotice(`media:${this.#name}`, this.#round.index, error)]
    const placeholder = this.#preset.post_placeholder ? this.#preset.placeholder_url : undefined
    const posts = this.#preset.post_image_to_discord && !this.#preset.discord_dry_run
    if (placeholder === undefined || !posts) return this.#observed({ deliveries: [], tell })
    const { run, index } = this.#round
    const where = { runId: run.id, round: index, alt: 'No picture came this round.' }
    const kept = await keep({ kind: 'url', url: placeholder }, where, this.#parts, this.#signal).catch(() => null)
    const posted = await this.#post('', kept && 'file' in kept ? [kept.file] : []).catch(() => ({ deliveries: [] }))
    return this.#observed({ deliveries: kept ? posted.deliveries : [], tell })
  }
}

const fileOf = (kept: Exclude<Kept, { link: string }>): KeptFile => ('file' in kept ? kept.file : kept.left)

/** The same for the same picture, in whichever round it came. */
const markOf = (kept: Kept): string => ('link' in kept ? kept.link : fileOf(kept).name.replace(/^\d+-/, ''))
