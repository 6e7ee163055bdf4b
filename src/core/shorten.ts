/** At most `limit` UTF-16 units, no character cut in two. `mark` stands at the end of what was shortened and counts. */
export function shorten(text: string, limit: number, mark = '…'): string {
  if (text.length <= limit) return text
  return text.slice(0, limit - mark.length).replace(/[\uD800-\uDBFF]$/, '') + mark
}
