import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../core/errors.ts'
import { jsonFault } from './json-fault.ts'

/**
 * The project's files as people edit them while the bot runs: each is read again when its time or size changed, and not before.
 * Every error names the path relative to the project.
 */
export class Files {
  readonly root: string
  readonly #texts = new Map<string, { stamp: string; text: string }>()

  constructor(root: string) {
    this.root = resolve(root)
  }

  /** How a path is shown to people. */
  shown(path: string): string {
    const from = relative(this.root, path)
    return (from.startsWith('..') || isAbsolute(from) ? path : from).split(sep).join('/')
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts)
  }

  exists(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  }

  isFolder(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  }

  /** Names in a folder, sorted, without hidden ones; empty when there is no such folder. */
  names(folder: string): string[] {
    try {
      return readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .sort()
    } catch {
      return []
    }
  }

  /** UTF-8 text with `\n` line ends. Throws UserError when there is no such file or it is no such text. */
  text(path: string): string {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat?.isFile()) throw new UserError(`${this.shown(path)}: there is no such file.`)
    const stamp = `${stat.mtimeMs}:${stat.size}:${stat.ino}`
    const kept = this.#texts.get(path)
    if (kept?.stamp === stamp) return kept.text
    let text: string
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).replaceAll(/\r\n?/g, '\n')
    } catch (cause) {
      const what = cause instanceof TypeError ? 'is not UTF-8 text; save it as UTF-8' : 'cannot be read'
      throw new UserError(`${this.shown(path)} ${what}.`, { cause })
    }
    this.#texts.set(path, { stamp, text })
    return text
  }

  /** Throws UserError with line and column when it is not JSON. */
  json(path: string): unknown {
    const text = this.text(path)
    try {
      return JSON.parse(text)
    } catch (cause) {
      const { line, column, what } = jsonFault(text)
      throw new UserError(`${this.shown(path)}, line ${line}, column ${column}: broken JSON: ${what}.`, { cause })
    }
  }

  /**
   * The path of `name` inside `folder`, symbolic links followed (rule 9). A file that does not exist is not refused here.
   * @param said how the one who wrote the name is told of it: `templates/x/template.json: agent 1`
   */
  inside(folder: string, name: string, said: string): string {
    const path = resolve(folder, name)
    const refuse = () =>
      new UserError(`${said}: "${name}" leaves ${this.shown(folder) || 'the project'}; name a file inside it.`)
    if (isAbsolute(name) || !isWithin(folder, path) || name.includes('\0')) throw refuse()
    if (statSync(path, { throwIfNoEntry: false }) && !isWithin(realpathSync.native(folder), realpathSync.native(path)))
      throw refuse()
    return path
  }
}

function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path)
  return from !== '' && from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from)
}
