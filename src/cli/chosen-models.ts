import type { Catalog } from '../config/catalog.ts'
import type { Given } from './flags.ts'
import { WrongUse } from './io.ts'

/**
 * The models of `--lm` and the template, which may be `--template`, the command's one word, or the last value of `--lm`
 * (`--lm opus sonnet roleplay`), if that is the name of a template. Throws WrongUse when there are two templates.
 */
export function chosenModels(
  given: Given,
  catalog: Catalog,
  command: string,
): { models: string[]; template: string | undefined } {
  const models = given.names('lm')
  const named = [...given.words, ...given.list('template')]
  const [template, second] = named
  if (second !== undefined) throw new WrongUse(`${command} takes one template, not also "${second}".`)
  const last = models.at(-1)
  if (template !== undefined || last === undefined || models.length < 2) return { models, template }
  const isTemplate = catalog.templates().some(({ name }) => name === last)
  const isModel = catalog.models().some(({ alias }) => alias === last)
  return isTemplate && !isModel ? { models: models.slice(0, -1), template: last } : { models, template }
}
