// https://docs.discord.com/developers/reference#snowflakes

const EPOCH = 1_420_070_400_000n

/** The smallest id that something made at this time (ms) can have. */
export const idAt = (time: number): string =>
  String((BigInt(Math.max(0, Math.floor(time))) - EPOCH > 0n ? BigInt(Math.floor(time)) - EPOCH : 0n) << 22n)

/** When (ms) something with this id was made. */
export const timeOf = (id: string): number => Number((BigInt(id) >> 22n) + EPOCH)

export const laterId = (a: string, b: string): string => (BigInt(a) > BigInt(b) ? a : b)
