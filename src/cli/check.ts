import { Catalog } from '../config/catalog.ts'
import { checkFiles } from '../config/check.ts'
import { type CliIo, EXIT, readArgs } from './io.ts'

/** `check [--json]`: every template, preset, config and server file, a line each; exit code 1 when one has an error. */
export function check(args: string[], io: CliIo): number {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  const checked = checkFiles(new Catalog({ root: io.root, offline: false }), io.mcpConfig)
  if (values.json) io.out(JSON.stringify(checked, null, 2))
  else {
    for (const { file, ok, errors, warnings } of checked) {
      io.out(`${ok ? 'ok   ' : 'ERROR'} ${file}`)
      for (const error of errors) io.out(`      ${error}`)
      for (const warning of warnings) io.out(`      warning: ${warning}`)
    }
    const broken = checked.filter(({ ok }) => !ok).length
    const warnings = checked.reduce((sum, each) => sum + each.warnings.length, 0)
    io.err(`${checked.length} files, ${broken} with errors, ${warnings} warnings.`)
  }
  return checked.every(({ ok }) => ok) ? EXIT.done : EXIT.failed
}
