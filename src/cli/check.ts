import { Catalog } from '../config/catalog.ts'
import { checkFiles } from '../config/check.ts'
import { plural } from '../core/figures.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Given } from './flags.ts'
import { type CliIo, EXIT } from './io.ts'

/** Every template, preset, config and server file, a line each; exit code 1 when one has an error. */
export const check = {
  summary: 'Check every template, preset, config and server file',
  usage: ['[--json]'],
  about:
    'Calls nothing and spends nothing. An error is what would stop a run; a warning is what may be meant otherwise, or a name that points at nothing here. Ends with 1 when a file has an error.',
  words: 0,
  flags: { json: JSON_FLAG },
  examples: [
    ['check', 'a line for each file'],
    ['check --json', '[{"file", "ok", "errors": [], "warnings": []}]'],
  ],
  run(given: Given, io: CliIo): number {
    const checked = checkFiles(new Catalog({ root: io.root, offline: false }), io.mcpConfig)
    if (given.has('json')) io.out(JSON.stringify(checked, null, 2))
    else {
      for (const { file, ok, errors, warnings } of checked) {
        io.out(`${ok ? 'ok   ' : 'ERROR'} ${file}`)
        for (const error of errors) io.out(`      ${error}`)
        for (const warning of warnings) io.out(`      warning: ${warning}`)
      }
      const broken = checked.filter(({ ok }) => !ok).length
      const warnings = checked.reduce((sum, each) => sum + each.warnings.length, 0)
      io.err(`${plural(checked.length, 'file')}, ${broken} with errors, ${plural(warnings, 'warning')}.`)
    }
    return checked.every(({ ok }) => ok) ? EXIT.done : EXIT.failed
  },
} satisfies Command
