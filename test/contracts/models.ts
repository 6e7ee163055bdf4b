import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatMessage, ModelInfo, Models } from '../../src/core/model.ts'
import { listener, modelCall } from '../models/calls.ts'

export interface ModelsUnderTest {
  models: Models
  model: ModelInfo
  /** The messages of the requests so far, as the provider received them; absent for one without requests. */
  sent?: () => unknown[][]
  /** What a plain call is known to use; absent: nothing. */
  usage?: { input: number; output: number }
  stop: () => Promise<void>
}

const opening: ChatMessage[] = [{ role: 'user', blocks: ['A lamp is lit in the pump house.'] }]
const longer: ChatMessage[] = [
  ...opening,
  { role: 'assistant', blocks: ['Then somebody is up.'] },
  { role: 'user', blocks: ['Ben: It has gone out.', 'Cleo: No, it has only moved.'] },
]

/** What the engine counts on, whoever answers. */
export function modelsContract(name: string, start: () => Promise<ModelsUnderTest>): void {
  describe(`models: ${name}`, () => {
    let under: ModelsUnderTest
    beforeAll(async () => {
      under = await start()
    })
    afterAll(() => under.stop())

    it('streams pieces that join to the text', async () => {
      const { heard, onDelta } = listener()
      const answer = await under.models.call(modelCall(under.model, { onDelta }))
      expect(answer.text.trim()).not.toBe('')
      expect(heard.text).toBe(answer.text)
      expect(heard.reasoning).toBe(answer.reasoning)
      expect(heard.pieces).toBeGreaterThan(1)
      expect(answer).toMatchObject({ stop: 'end', tool_calls: [] })
    })

    it('keeps what the call used', async () => {
      const { usage } = await under.models.call(modelCall(under.model))
      expect(usage).toMatchObject(under.usage ?? { input: 0, output: 0 })
      expect(usage.cost).toBe(under.usage === undefined ? 0 : usage.cost)
      expect(usage.cost).not.toBeNull()
    })

    it('calls off a call before its start', async () => {
      const call = modelCall(under.model, { signal: AbortSignal.abort() })
      await expect(under.models.call(call)).rejects.toMatchObject({ name: 'ModelError', failure: 'aborted' })
    })

    it('calls off a call while it is answering', async () => {
      const person = new AbortController()
      const call = modelCall(under.model, { signal: person.signal, onDelta: () => person.abort() })
      await expect(under.models.call(call)).rejects.toMatchObject({ name: 'ModelError', failure: 'aborted' })
    })

    it('lets a prompt grow only at its end', async ({ skip }) => {
      if (under.sent === undefined) return skip('there are no requests')
      await under.models.call(modelCall(under.model, { messages: opening }))
      await under.models.call(modelCall(under.model, { messages: longer }))
      const [first, second] = under.sent().slice(-2).map(unmarked)
      expect(second?.startsWith(first?.slice(0, -1) ?? '-')).toBe(true)
      expect(second?.length).toBeGreaterThan(first?.length ?? 0)
    })
  })
}

/** The bytes of the messages without cache marks; a list of one text part and that text are the same prompt. */
function unmarked(messages: unknown[]): string {
  return JSON.stringify(messages, (key, value) => (key === 'cache_control' ? undefined : value))
}
