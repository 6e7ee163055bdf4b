/** A picture that was painted in a run, with its bytes. */
export interface Picture {
  round: number
  /** What it was painted from. */
  description: string
  content_type: string
  base64: string
}
