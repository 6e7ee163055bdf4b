/** Addresses that a message may carry: the schema takes any scheme, Discord does not. */
import { invalidForm } from './errors.ts'

/** Throws 50035 unless the address has one of the schemes. */
export function needScheme(path: string, url: unknown, schemes: string[]): void {
  if (typeof url !== 'string' || url === '') return
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? ''
  if (schemes.includes(scheme)) return
  const list = schemes.map((name) => `'${name}'`).join(', ')
  throw invalidForm(
    path,
    'URL_TYPE_INVALID_SCHEME',
    `Scheme "${scheme}" is not supported. Scheme must be one of (${list}).`,
  )
}
