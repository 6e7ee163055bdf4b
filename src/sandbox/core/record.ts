/** Every REST request and gateway dispatch in order, for tests to assert on. */
interface Entry {
  /** ISO time */
  at: string
  kind: 'request' | 'dispatch'
  [detail: string]: unknown
}

export interface Recorder {
  add(entry: Omit<Entry, 'at'> & { kind: Entry['kind'] }): void
  list(): Entry[]
}

/** The oldest entries go when there are more. */
const KEPT = 20_000

export function createRecorder(clock: () => number): Recorder {
  let list: Entry[] = []
  return {
    add(entry) {
      list.push({ at: new Date(clock()).toISOString(), ...entry })
      if (list.length > KEPT * 1.2) list = list.slice(-KEPT)
    },
    list: () => [...list],
  }
}
