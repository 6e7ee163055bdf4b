/** Whether a sentence of some length in the text has been said in the conversation before, word for word. */
export function alreadySaid(text: string, said: readonly { text: string }[]): boolean {
  const before = said.map((saying) => saying.text).join('\n')
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .some((sentence) => sentence.length > 30 && before.includes(sentence))
}
