import { basename } from 'node:path'
import type { ArchivedRun, ArchiveStore } from '../core/archive.ts'

/**
 * Knows a log again wherever it was moved: it has the name of one that is in the archive, and one of the two texts begins with the other
 * (a run that went on, or of which only the meta line was there).
 */
export class KnownLogs {
  readonly #store: Pick<ArchiveStore, 'archived'>
  /** The archive's keys by the file's name. */
  readonly #keys = new Map<string, string[]>()

  constructor(store: Pick<ArchiveStore, 'archived'>, keys: readonly string[]) {
    this.#store = store
    for (const key of keys) this.add(key)
  }

  add(key: string): void {
    const name = nameOf(key)
    const keys = this.#keys.get(name) ?? []
    if (!keys.includes(key)) this.#keys.set(name, [...keys, key])
  }

  /** Whether a log of this name is known. */
  has({ log_file }: Pick<ArchivedRun, 'log_file'>): boolean {
    return this.#keys.has(nameOf(log_file))
  }

  async find(run: ArchivedRun): Promise<ArchivedRun | null> {
    const exact = await this.#store.archived(run.log_file)
    if (exact) return exact
    for (const key of this.#keys.get(nameOf(run.log_file)) ?? []) {
      const known = await this.#store.archived(key)
      if (known && isSame(known.transcript, run.transcript)) return known
    }
    return null
  }
}

const isSame = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)

const nameOf = (key: string): string => basename(key.replaceAll('\\', '/'))
