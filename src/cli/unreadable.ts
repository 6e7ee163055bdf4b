/** Why a file that a person named cannot be read, as a sentence. `wanted`: what to name where it is a folder. */
export function unreadable(name: string, { code, message }: NodeJS.ErrnoException, wanted: string): string {
  if (code === 'ENOENT') return `There is no file ${name}.`
  if (code === 'EISDIR') return `${name} is a folder: name ${wanted} in it.`
  if (code === 'EACCES') return `${name} cannot be read: you may not.`
  return `${name} cannot be read: ${message}`
}
