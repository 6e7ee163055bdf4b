/** How far a server may go (ms, bytes). */
export interface Limits {
  /** Until it has said hello. */
  startMs: number
  /** The same, once it has written to stdout what is not MCP. */
  garbageMs: number
  /** Of one message. */
  maxBytes: number
  /** After this long without a word it is asked whether it is still there, and may take `pongMs`. */
  pingMs: number
  pongMs: number
  /** Before a crashed server is started again; doubles with every failure, up to the second. */
  backoffMs: [first: number, most: number]
  /** A call waits so long for a server that is being tried again; past that it fails at once with what is wrong. */
  patienceMs: number
}

export const LIMITS: Limits = {
  startMs: 60_000,
  garbageMs: 10_000,
  maxBytes: 32 * 1024 * 1024,
  pingMs: 30_000,
  pongMs: 10_000,
  backoffMs: [1000, 300_000],
  patienceMs: 5000,
}
