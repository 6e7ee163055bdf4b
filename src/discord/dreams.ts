import type { Dream } from '../core/dreams.ts'

/** `d07` · 2023-01-14 · mine: */
export function dreamHead({ id, date, source }: Dream): string {
  const about = [date, source].filter((each) => each !== null).join(' · ')
  return `\`${id.replaceAll('`', '')}\`${about === '' ? '' : ` · ${about}`}:`
}
