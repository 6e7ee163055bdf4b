/** A 429 from a limit that the headers do not announce. https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
export class RateLimited extends Error {
  /** seconds */
  readonly retryAfter: number
  /** Discord's JSON error code, for limits that have one */
  readonly code: number | undefined
  constructor(retryAfter: number, code?: number) {
    super(
      code === 30046
        ? 'Maximum number of edits to messages older than 1 hour reached. Try again later'
        : 'You are being rate limited.',
    )
    this.retryAfter = retryAfter
    this.code = code
  }
}
