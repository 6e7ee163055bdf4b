/** Ids as Discord makes them. https://docs.discord.com/developers/reference#snowflakes */
const EPOCH = 1420070400000n

let last = 0n

/** A new id for the time `now` (ms); each is greater than every one before it in this process. */
export function snowflake(now: number): string {
  const first = (BigInt(now) - EPOCH) << 22n
  last = first > last ? first : last + 1n
  return String(last)
}

/** No id made from here on is at or below `id`; called with the newest stored id at start. */
export function continueAfter(id: string): void {
  if (BigInt(id) > last) last = BigInt(id)
}

/** When an id was made, in ms since 1970. */
export function timeOf(id: string): number {
  return Number((BigInt(id) >> 22n) + EPOCH)
}
