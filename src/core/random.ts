/**
 * Deterministic randomness, the same on every machine: mulberry32 (Tommy Ettinger's public-domain 32-bit generator),
 * started from the seed mixed with a counter.
 */
export function randomOf(seed: number, counter = 0): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(counter | 0, 0x85ebca6b)) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of a list that is not empty. */
export function sample<T>(list: readonly T[], seed: number, counter = 0): T {
  return list[Math.floor(randomOf(seed, counter)() * list.length)] as T
}
