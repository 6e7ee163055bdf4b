import type { Storage } from './storage.ts'

/** A map whose every change is written through to the storage. */
export class Shelf<T> {
  #items: Map<string, T>
  #storage: Storage
  #kind: string
  #undo = new Map<string, T | undefined>()

  constructor(storage: Storage, kind: string, idOf: (item: T) => string) {
    this.#storage = storage
    this.#kind = kind
    this.#items = new Map(storage.all<T>(kind).map((item) => [idOf(item), item]))
  }

  get(id: string): T | undefined {
    return this.#items.get(id)
  }

  values(): T[] {
    return [...this.#items.values()]
  }

  /** Puts a new item in the place of an old one; items are never changed in place, so that a rollback can bring them back. */
  put(id: string, item: T): void {
    this.#remember(id)
    this.#items.set(id, item)
    this.#storage.put(this.#kind, id, item)
  }

  remove(id: string): void {
    this.#remember(id)
    this.#items.delete(id)
    this.#storage.remove(this.#kind, id)
  }

  /** Ends a transaction: what was changed stays, or comes back as it was. */
  settle(kept: boolean): void {
    if (!kept) {
      for (const [id, item] of this.#undo) {
        if (item === undefined) this.#items.delete(id)
        else this.#items.set(id, item)
      }
    }
    this.#undo.clear()
  }

  #remember(id: string): void {
    if (!this.#undo.has(id)) this.#undo.set(id, this.#items.get(id))
  }

  get size(): number {
    return this.#items.size
  }
}
