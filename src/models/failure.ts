import { ModelError, type ModelInfo, type Usage } from '../core/model.ts'

export function aborted(model: ModelInfo, usage?: Usage): ModelError {
  return new ModelError('aborted', `The call to ${model.display_name} was called off before it had answered.`, {
    usage,
  })
}
