import { Catalog } from '../config/catalog.ts'
import type { Actor } from '../core/run.ts'
import { parseVar } from '../core/vars.ts'
import { type CliIo, EXIT, readArgs, WrongUse } from './io.ts'

const OPTIONS = {
  template: { type: 'string' },
  lm: { type: 'string', multiple: true },
  var: { type: 'string', multiple: true },
  query: { type: 'string' },
  json: { type: 'boolean' },
} as const

/**
 * `render <template> --lm a b [--var N=V] [--query Q] [--json]`: what each actor would be given before the first turn, without calling
 * anything. Throws UserError when the run could not begin.
 */
export function render(args: string[], io: CliIo): number {
  const { values, positionals } = readArgs({ args, options: OPTIONS, allowPositionals: true }, ['lm'])
  const models = [...(values.lm ?? [])]
  const [template, ...more] = [...positionals, ...(values.template === undefined ? [] : [values.template])]
  if (more.length > 0) throw new WrongUse(`render takes one template, not also "${more[0]}".`)
  const catalog = new Catalog({ root: io.root, offline: false })
  // `render --lm a b roleplay`: the list has swallowed the template.
  const swallowed = template === undefined && models.length > 1 ? models.pop() : undefined
  const name = template ?? swallowed
  if (name === undefined) throw new WrongUse('render needs a template: render roleplay --lm opus sonnet')
  const spec = catalog.resolveRun({
    template: name,
    models: models.length > 0 ? models : ['opus'],
    vars: Object.fromEntries((values.var ?? []).map(parseVar)),
    query: values.query,
    // Nothing is spent here, so no price has to be known.
    max_turns: 1,
  })
  if (values.json)
    io.out(
      JSON.stringify(
        spec.actors.map(({ system, history }) => ({ system, history })),
        null,
        2,
      ),
    )
  else io.out(spec.actors.map(readable).join('\n\n'))
  return EXIT.done
}

function readable({ name, system, history }: Actor): string {
  const parts = [`### ${name} ###`, system === '' ? '(no system prompt)' : system]
  for (const { role, content } of history) parts.push(`--- ${role} ---`, content)
  return parts.join('\n')
}
