import { cctv } from './cctv.ts'
import { cli } from './cli.ts'
import { dreamsim3 } from './dreamsim3.ts'
import { dreamsim4 } from './dreamsim4.ts'
import { dungeon } from './dungeon.ts'
import { ethics } from './ethics.ts'
import { fugue } from './fugue.ts'
import { gallery } from './gallery.ts'
import { general } from './general.ts'
import { hours } from './hours.ts'
import { mud } from './mud.ts'
import { radio } from './radio.ts'
import { roleplay } from './roleplay.ts'
import type { Manner } from './scene.ts'
import { science } from './science.ts'
import { side } from './side.ts'
import { spirituality } from './spirituality.ts'
import { worldsim } from './worldsim.ts'
import { yousim } from './yousim.ts'

const MANNERS: Readonly<Record<string, Manner>> = {
  cctv,
  cli,
  dreamsim3,
  dreamsim4,
  dungeon,
  ethics,
  fugue,
  gallery,
  hours,
  mud,
  radio,
  roleplay,
  science,
  spirituality,
  worldsim,
  yousim,
}

/** By template; a call without one is no turn of a run. */
export function mannerOf(template: string | undefined): Manner {
  if (template === undefined) return side
  return (Object.hasOwn(MANNERS, template) ? MANNERS[template] : undefined) ?? general
}
