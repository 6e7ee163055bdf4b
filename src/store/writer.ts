import { type Kysely, sql, type Transaction } from 'kysely'
import type { Schema } from './schema.ts'

interface Job {
  work: (trx: Transaction<Schema>) => Promise<unknown>
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** Jobs of one commit. More would keep readers waiting. */
const TOGETHER = 25

/**
 * Writes that are asked for at the same moment share one commit, because waiting for the disk is what a commit costs: a thousand runs would
 * otherwise wait for it one after the other. Each keeps its own savepoint: it happens whole or not at all, and resolves when it is on disk.
 */
export class Writer {
  readonly #db: Kysely<Schema>
  #waiting: Job[] = []
  #busy = false

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  write<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject })
      // After the events that arrived together: each of them may bring a write.
      if (!this.#busy) setImmediate(() => this.#commitAll())
    })
  }

  /** Resolves when everything that was asked for is on disk. */
  async idle(): Promise<void> {
    while (this.#busy || this.#waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  async #commitAll(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting.splice(0, TOGETHER)
      await this.#commit(jobs)
      // Whatever has arrived meanwhile gets its turn: a person's command does not wait for a thousand runs.
      if (this.#waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    }
    this.#busy = false
  }

  async #commit(jobs: Job[]): Promise<void> {
    const settle: (() => void)[] = []
    try {
      await this.#db.transaction().execute(async (trx) => {
        for (const { work, resolve, reject } of jobs) {
          await sql`savepoint job`.execute(trx)
          try {
            const value = await work(trx)
            settle.push(() => resolve(value as never))
          } catch (error) {
            await sql`rollback to savepoint job`.execute(trx)
            settle.push(() => reject(error))
          }
          await sql`release savepoint job`.execute(trx)
        }
      })
    } catch (error) {
      for (const { reject } of jobs) reject(error)
      return
    }
    for (const each of settle) each()
  }
}
