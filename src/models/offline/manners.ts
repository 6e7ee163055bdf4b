import { general } from './general.ts'
import type { Manner } from './scene.ts'

const MANNERS: Readonly<Record<string, Manner>> = {}

export function mannerOf(template: string | undefined): Manner {
  return (template === undefined ? undefined : MANNERS[template]) ?? general
}
