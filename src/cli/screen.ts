import { actorsNow } from '../core/actors.ts'
import type { News } from '../core/bus.ts'
import type { KeptFile } from '../core/delivery.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Parts } from './parts.ts'
import type { Terminal } from './terminal.ts'

type Writing = Extract<News, { type: 'writing' }>

/**
 * Shows one run while it goes on. On a terminal a turn is written as it comes; in a pipe it appears when it is committed, so that what
 * was written there is exactly what was said. The bus brings only a preview: what counts is read from the store.
 */
export class Screen {
  readonly #terminal: Terminal
  readonly #parts: Parts
  readonly #runId: string
  readonly #off: (() => void)[]
  /** One after the other: lines must not mix. */
  #queue: Promise<void> = Promise.resolve()
  /** The turn under way: how much of it is on the screen. */
  #written: { actor: number; text: string } | null = null
  #latest: Writing | null = null
  /** Rises with every turn, so that a late preview does not enter the next one. */
  #turn = 0

  constructor(terminal: Terminal, parts: Parts, runId: string) {
    this.#terminal = terminal
    this.#parts = parts
    this.#runId = runId
    const mine = (news: { run_id: string }) => news.run_id === runId
    this.#off = [
      parts.bus.on('writing', (news) => mine(news) && terminal.live && this.#preview(news)),
      parts.bus.on('unwritten', (news) => mine(news) && this.#brokenOff()),
      parts.bus.on('committed', (news) => mine(news) && this.#committed(news.turn_index)),
    ]
  }

  post(who: string, text: string, files: KeptFile[]): void {
    const { paint, out } = this.#terminal
    this.#soon(async () => {
      this.#breakLine()
      const paths = files.map(({ path }) => `${this.#parts.dataDir}/${path}`)
      out(`\n${paint.bold(`[${who}]`)} ${[plain(text), ...paths].filter((each) => each !== '').join('\n')}`)
    })
  }

  notice(text: string): void {
    this.#soon(async () => {
      this.#breakLine()
      this.#terminal.err(this.#terminal.paint.dim(plain(text)))
    })
  }

  /** Resolves when all news so far is shown. Nothing more is shown after. */
  async end(): Promise<void> {
    for (const off of this.#off) off()
    await this.#queue
    this.#breakLine()
  }

  #soon(show: () => Promise<void>): void {
    this.#queue = this.#queue.then(show)
  }

  #preview(news: Writing): void {
    if (news.text === '') return
    const pending = this.#latest !== null
    this.#latest = news
    const turn = this.#turn
    if (pending) return
    this.#soon(async () => {
      if (turn !== this.#turn || this.#latest === null) return
      const { actor_index, text } = this.#latest
      this.#latest = null
      const run = await this.#parts.store.run(this.#runId)
      if (run && run.spec.reasoning === 'hidden') this.#write(run, actor_index, text)
    })
  }

  #brokenOff(): void {
    this.#turn++
    this.#latest = null
    this.#soon(async () => {
      if (this.#written === null) return
      this.#breakLine()
      this.#terminal.err(this.#terminal.paint.dim('(broken off)'))
    })
  }

  #committed(index: number): void {
    this.#turn++
    this.#latest = null
    this.#soon(async () => {
      const { store } = this.#parts
      const run = await store.run(this.#runId)
      const turn = (await store.turns(this.#runId)).find(({ turn_index }) => turn_index === index)
      if (run && turn) this.#whole(run, turn)
    })
  }

  #whole(run: Run, turn: Turn): void {
    const { paint, out, write } = this.#terminal
    if (turn.actor_index === null) {
      this.#breakLine()
      out(`\n${paint.bold(`### ${turn.name} ###`)}\n${plain(turn.text)}`)
      return
    }
    const asShown = this.#written?.actor === turn.actor_index && turn.text.startsWith(this.#written.text)
    if (!asShown) {
      this.#breakLine()
      this.#heading(run, turn.actor_index, turn.name)
      if (turn.reasoning !== '' && run.spec.reasoning !== 'hidden') out(paint.dim(plain(turn.reasoning.trim())))
      for (const { calls } of turn.steps) for (const { name } of calls) out(paint.dim(`used ${name}`))
    }
    this.#write(run, turn.actor_index, turn.text)
    write('\n')
    this.#written = null
  }

  #heading(run: Run, actor: number, name = actorsNow(run)[actor]?.name ?? ''): void {
    const { paint, out } = this.#terminal
    const { on, off } = paint.actor(actor)
    out(`\n${paint.bold(`${on}### ${name} ###${off}`)}`)
    this.#written = { actor, text: '' }
  }

  /** What is new of the turn; it is all written again where it does not go on from what stands there. */
  #write(run: Run, actor: number, text: string): void {
    if (this.#written?.actor !== actor || !text.startsWith(this.#written.text)) {
      this.#breakLine()
      this.#heading(run, actor)
    }
    const before = this.#written?.text.length ?? 0
    const { on, off } = this.#terminal.paint.actor(actor)
    const more = plain(text.slice(before))
    if (more !== '') this.#terminal.write(`${on}${more}${off}`)
    this.#written = { actor, text }
  }

  #breakLine(): void {
    if (this.#written !== null) this.#terminal.write('\n')
    this.#written = null
  }
}

/** Nothing said by a model can act: without the control characters that would move the cursor or change the terminal. */
const CONTROL = /[^\P{Cc}\n\t]/gu

export const plain = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(CONTROL, '')
