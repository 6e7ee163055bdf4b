import { isAbsolute, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import { nearestSentence } from '../core/nearest.ts'
import { type Config, faultsOf, type ReadConfig, readConfig } from './config.ts'
import type { Files } from './files.ts'

/** Names of all configs, broken ones included: paths below configs/, without .json. The registry is none. */
export function configNames(files: Files, below = ''): string[] {
  return files.names(files.path('configs', below)).flatMap((name) => {
    const inner = below === '' ? name : `${below}/${name}`
    if (files.isFolder(files.path('configs', inner))) return configNames(files, inner)
    return name.endsWith('.json') && inner !== 'models.json' ? [inner.slice(0, -'.json'.length)] : []
  })
}

/** Reads a config, whatever is wrong with it. Throws UserError only when the file cannot be read or is no JSON. */
export function inspectConfig(files: Files, name: string, lookUp: (ref: string) => unknown): ReadConfig {
  const path = files.inside(files.path('configs'), `${name}.json`, 'config')
  return readConfig(files.json(path), name, files.shown(path), lookUp)
}

/** Whether a name, or the path of a file from the project's folder, leads to a config. */
export function isConfig(files: Files, ref: string): boolean {
  return configNames(files).includes(bare(ref)) || (bare(ref) !== 'models' && files.exists(resolve(files.root, ref)))
}

/** `configs/x.json` is `x`. */
const bare = (ref: string): string => ref.replace(/^(\.\/)?configs\//, '').replace(/\.json$/, '')

/**
 * @param ref a name (`batch_dreamsim3_query`, `initial/a2`), with or without `configs/` and `.json`; `anywhere`: also the path of a file
 *   outside that folder, which only a terminal may name.
 * @throws UserError with all that is wrong, a line each.
 */
export function loadConfig(files: Files, ref: string, lookUp: (ref: string) => unknown, anywhere = false): Config {
  const name = bare(ref)
  const folder = files.path('configs')
  const outside = resolve(files.root, ref)
  let path: string
  if (anywhere && (isAbsolute(ref) || !files.exists(resolve(folder, `${name}.json`))) && files.exists(outside))
    path = outside
  else path = files.inside(folder, `${name}.json`, 'config')
  if (path === files.path('configs', 'models.json')) {
    throw new UserError('configs/models.json is the model registry, no config: `check` looks at it, `models` shows it.')
  }
  if (!files.exists(path)) {
    throw new UserError(`There is no config "${name}" in configs/. ${nearestSentence(name, configNames(files))}`)
  }
  const read = readConfig(files.json(path), name, files.shown(path), lookUp)
  const wrong = faultsOf(read)
  if (wrong.length > 0 || !read.config) throw new UserError(wrong.join('\n'))
  return read.config
}
