import type { ModelAnswer, ModelCall } from '../core/model.ts'

/** One way to reach models. Streams through `call.onDelta`; throws ModelError and nothing else. */
export type Provider = (call: ModelCall) => Promise<ModelAnswer>

/** Environment variables by name, as `src/env.ts` read them. */
export type ModelEnv = Readonly<Record<string, string | undefined>>

export interface Timeouts {
  /** Until the response's headers are there, ms. A local server may load its model first. */
  headers: number
  /** Between two pieces of the response, ms. Pings and comments count: they say that work goes on. */
  idle: number
  /** For a whole answer, ms, however lively its stream. */
  total: number
}
