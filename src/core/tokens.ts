/**
 * A rough count of the tokens of a text, for budgets and estimates only: four characters of
 * English a token; outside ASCII (most scripts, box drawings, emoji) tokens are shorter.
 */
export function roughTokens(text: string): number {
  let quarters = 0
  for (let i = 0; i < text.length; i++) quarters += text.charCodeAt(i) < 128 ? 1 : 2.5
  return Math.ceil(quarters / 4)
}
