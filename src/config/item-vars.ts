import { placeholdersOf } from '../core/template.ts'
import type { BatchConfig } from './config.ts'
import type { Files } from './files.ts'
import { readTemplate } from './template-files.ts'

/** Sentences about variables that a batch fills from its items, and that no placeholder of its template takes up. */
export function unusedItemVars(files: Files, config: BatchConfig): string[] {
  const { template } = readTemplate(files, config.options.template)
  if (!template) return []
  const texts = template.agents.flatMap(({ system, history }) => [system, ...history.map(({ content }) => content)])
  const used = new Set(texts.flatMap(placeholdersOf))
  const hasItems = config.source.kind !== 'none' && config.source.kind !== 'static'
  const filled = [
    ...(hasItems ? Object.keys(config.vars_from_item).map((name) => ({ key: 'template_vars_from_item', name })) : []),
    ...(config.secondary === null
      ? []
      : Object.keys(config.vars_from_secondary).map((name) => ({ key: 'template_vars_from_secondary', name }))),
  ]
  return filled
    .filter(({ name }) => !used.has(name))
    .map(
      ({ key, name }) =>
        `${config.file}: ${key}: nothing in the template "${template.name}" says {${name}}, so what is put into it is read by nobody.`,
    )
}
