import { UserError } from '../core/errors.ts'
import { WrongUse } from './io.ts'

/** Why a file that a person named cannot be read: wrong use where it is none. `wanted`: what to name where it is a folder. */
export function unreadable(name: string, { code, message }: NodeJS.ErrnoException, wanted: string): UserError {
  if (code === 'ENOENT') return new WrongUse(`There is no file ${name}.`)
  if (code === 'EISDIR') return new WrongUse(`${name} is a folder: name ${wanted} in it.`)
  if (code === 'EACCES') return new UserError(`${name} cannot be read: you may not.`)
  return new UserError(`${name} cannot be read: ${message}`)
}
