import OpenAI from 'openai'

/** With which the vectors of `eagle_images` were made. */
const MODEL = 'text-embedding-3-small'

/** Texts to vectors, by OpenAI's embeddings. */
export function embedder(options: { apiKey: string; baseURL?: string }) {
  const client = new OpenAI(options)
  return async (text: string, signal: AbortSignal): Promise<number[]> => {
    const answer = await client.embeddings.create({ model: MODEL, input: text }, { signal })
    return answer.data[0]?.embedding ?? []
  }
}
