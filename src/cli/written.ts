import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../core/errors.ts'

/** Writes a file that a person named, and the folders to it. Throws UserError where that is not possible. */
export async function written(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${(error as Error).message}`)
  }
}
