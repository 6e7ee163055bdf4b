import type { ModelInfo } from '../core/model.ts'
import type { Files } from './files.ts'
import { makeActors } from './resolve.ts'
import { resolveVar, type Template, templateNames } from './template-files.ts'

/** Fills a template with nothing but its own variables. Throws UserError on what would stop a run: an unknown placeholder, say. */
export function tryTemplate(files: Files, template: Template): void {
  const { name, file, agents, vars, defaults } = template
  const folder = files.path('templates', name)
  const set = Object.entries(defaults.vars ?? {}).map(([key, value]) => [
    key,
    resolveVar(files, folder, value, `${file}: defaults.vars.${key}`),
  ])
  const models = agents.map((_, i): ModelInfo => ({ ...STAND_IN, display_name: `Model ${i + 1}` }))
  makeActors(template, models, {
    ...{ QUERY: 'x', DREAM_TEXT: 'x' },
    ...vars,
    ...Object.fromEntries(set),
  })
}

const STAND_IN: ModelInfo = {
  alias: 'model',
  provider: 'offline',
  api_name: 'model',
  display_name: 'Model',
  company: 'company',
  context_window: 1,
  max_tokens: null,
  price: null,
  quirks: {},
}

/** Folders in templates/ that no run can use: they have no template.json. */
export function strayFolders(files: Files): string[] {
  const names = new Set(templateNames(files))
  return files
    .names(files.path('templates'))
    .filter((name) => !names.has(name) && files.isFolder(files.path('templates', name)))
}
