/** What is one emoji, written as its characters. https://unicode.org/reports/tr51/#Definitions */

const ONE = /^(?:\p{RGI_Emoji}|\p{Regional_Indicator})$/v
/** Shown as text unless a variation selector follows. */
const TEXT_BY_DEFAULT =
  /(?:(?![0-9#*]|\p{Emoji_Presentation}|\p{Emoji_Modifier})\p{Emoji}(?!\p{Emoji_Modifier})|[0-9#*](?=\u20e3))/gv

/**
 * One emoji of Unicode, flags, keycaps, skin tones and joined ones included, with or without its variation selectors; or one of the
 * letters that flags are made of, which Discord has as emojis of their own (`:regional_indicator_a:`).
 */
export const isEmoji = (text: string): boolean =>
  ONE.test(text.replaceAll('\ufe0f', '').replace(TEXT_BY_DEFAULT, '$&\ufe0f'))
