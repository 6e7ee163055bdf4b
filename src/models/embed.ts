/** With which the vectors of `eagle_images` were made. */
const MODEL = 'text-embedding-3-small'

/** Texts to vectors, by OpenAI's embeddings. */
export function embedder(options: { apiKey: string; baseURL?: string }) {
  return async (text: string, signal: AbortSignal): Promise<number[]> => {
    // Imported when first needed: the bot is ready sooner without it.
    const { default: OpenAI } = await import('openai')
    const client = new OpenAI(options)
    const answer = await client.embeddings.create({ model: MODEL, input: text }, { signal })
    return answer.data[0]?.embedding ?? []
  }
}
