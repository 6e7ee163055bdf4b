/** Names and descriptions in other languages. https://docs.discord.com/developers/interactions/application-commands#localization */
import { characters } from './characters.ts'

type Problem = { path: string; code: string; message: string }
type Dictionary = Record<string, string> | null | undefined

/** https://docs.discord.com/developers/reference#locales */
const LOCALES: ReadonlySet<string> = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
)

/** Keys have to be available locales, values are judged by `check`. @param path of the dictionary */
export function checkDictionary(
  dictionary: Dictionary,
  path: string,
  check: (text: string, path: string) => Problem[],
): Problem[] {
  return Object.entries(dictionary ?? {}).flatMap(([locale, text]) => {
    const here = `${path}.${locale}`
    if (LOCALES.has(locale)) return check(text, here)
    return [{ path: here, code: 'ENUM_TYPE_COERCE', message: `Value "${locale}" is not a valid enum value.` }]
  })
}

/** Characters of the longest form of a text: that one alone counts towards a command's size. https://docs.discord.com/developers/interactions/application-commands#slash-commands */
export function longest(text: string | null | undefined, dictionary: Dictionary): number {
  return Math.max(characters(text ?? ''), ...Object.values(dictionary ?? {}).map(characters))
}

/**
 * An option's name in a language has to differ from the default names of the other options, and from their names in that language.
 * https://docs.discord.com/developers/interactions/application-commands#localization
 * @returns the languages in which the option at `index` has a name that is taken
 */
export function namesTaken(
  options: readonly { name: string; name_localizations?: Dictionary }[],
  index: number,
): string[] {
  const own = options[index]?.name_localizations ?? {}
  return Object.entries(own)
    .filter(([locale, name]) =>
      options.some(
        (other, at) =>
          at !== index && (other.name === name || (at < index && other.name_localizations?.[locale] === name)),
      ),
    )
    .map(([locale]) => locale)
}

/** Fallbacks of locales that a dictionary lacks. https://docs.discord.com/developers/interactions/application-commands#localization */
const FALLBACKS: Record<string, string> = { 'en-US': 'en-GB', 'en-GB': 'en-US', 'es-419': 'es-ES' }

/** The text for a locale, or undefined: the default is meant. */
export function localized(dictionary: Dictionary, locale: string | undefined): string | undefined {
  if (!dictionary || locale === undefined) return undefined
  return dictionary[locale] ?? dictionary[FALLBACKS[locale] ?? '']
}
