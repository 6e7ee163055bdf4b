/** A 429 from a limit that the headers do not announce. https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
export class RateLimited extends Error {
  /** seconds */
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super('You are being rate limited.')
    this.retryAfter = retryAfter
  }
}
