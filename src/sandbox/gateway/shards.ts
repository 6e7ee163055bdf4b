/** https://docs.discord.com/developers/events/gateway#sharding-sharding-formula */
export type Shard = readonly [id: number, count: number]

/** Events without a guild go to shard 0 alone. */
export function isForShard(guildId: string | undefined, [id, count]: Shard): boolean {
  if (guildId === undefined) return id === 0
  return Number((BigInt(guildId) >> 22n) % BigInt(count)) === id
}
