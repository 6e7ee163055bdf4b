import type { Catalog } from '../config/catalog.ts'
import { LM_OPTIONS, type RunOptions } from '../config/options.ts'
import { UserError } from '../core/errors.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { RunSpec } from '../core/run.ts'
import { WrongUse } from './io.ts'

/** What is wrong with words that were typed is wrong use, whoever finds it. */
export function asTyped<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UserError && !(error instanceof WrongUse)) throw new WrongUse(error.message)
    throw error
  }
}

/**
 * A run from what was typed: names first, then all the rest. Throws WrongUse for what was typed, UserError for what is wrong in a file that it
 * names.
 */
export function resolveTyped(catalog: Catalog, options: RunOptions): RunSpec {
  const { template, profiles = [], media = [] } = options
  requireNames(catalog, { ...options, models: options.models ?? LM_OPTIONS.map((lm) => options[lm]) })
  const files = [
    ...catalog.templates().filter(({ name }) => name === template),
    ...catalog.profiles().filter(({ name }) => profiles.includes(name)),
    ...catalog.mediaPresets(template).filter(({ name }) => media.includes(name)),
  ]
  const isSound = files.every(({ error }) => error === null)
  return isSound ? asTyped(() => catalog.resolveRun(options)) : catalog.resolveRun(options)
}

interface Names {
  models?: readonly (string | undefined)[] | undefined
  template?: string | undefined
  profiles?: readonly string[] | undefined
  media?: readonly string[] | undefined
}

/** Throws WrongUse where a typed name means nothing here. What is wrong inside of a file that it names is no wrong use. */
export function requireNames(catalog: Catalog, { models = [], template, profiles = [], media = [] }: Names): void {
  if (template !== undefined) {
    known(
      'template',
      template,
      catalog.templates().map(({ name }) => name),
    )
  }
  // A registry that is broken is no fault of what was typed.
  catalog.models()
  for (const model of models) if (model !== undefined) asTyped(() => catalog.model(model))
  const narrators = catalog.profiles().map(({ name }) => name)
  for (const name of profiles) known('narrator', name, narrators)
  const painters = [
    ...catalog.mediaPresets(template).map(({ name }) => name),
    ...(template === undefined ? [] : [template]),
  ]
  for (const name of media) known('media preset', name, painters)
}

function known(what: string, name: string, names: string[]): void {
  if (!names.includes(name)) throw new WrongUse(`There is no ${what} "${name}". ${nearestSentence(name, names)}`)
}
