/** How long a text is. Discord counts code points. https://github.com/discord/discord-api-docs/issues/1315 */
export function characters(text: string): number {
  let pairs = 0
  for (let at = 0; at < text.length - 1; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0xd800 || code > 0xdbff) continue
    pairs += 1
    at += 1
  }
  return text.length - pairs
}
