import type { ModelInfo } from './model.ts'
import type { Actor, RunSpec, RunState } from './run.ts'

/** The actors as they are now: a swap replaces the model and with it the name and the face, never the prompt. */
export function actorsNow(run: { spec: RunSpec; state: RunState }): Actor[] {
  return run.spec.actors.map((actor, index) => {
    const model = run.state.swaps[index]
    if (!model) return actor
    const name = `${model.display_name} ${index + 1}`
    return { ...actor, model, name, face: faceOf(model.display_name) }
  })
}

/** A name for a model's picture: letters, digits and underscores, as Discord wants an emoji's name. */
export function faceOf(displayName: string): string {
  return displayName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 28)
}

/** All models of a run, those of its narrators and media agents included. */
export function modelsOf(spec: RunSpec): ModelInfo[] {
  const helpers = [...spec.profiles, ...spec.media].map(({ preset }) => preset.model)
  return [
    ...spec.actors.map(({ model }) => model),
    ...helpers.filter((model): model is ModelInfo => typeof model === 'object' && model !== null),
  ]
}
