/** Shapes of keys and tokens, should a provider repeat one that we do not know. */
const SECRETS = [
  /\b(?:sk|pk|rk|xai|gsk|hf|key)[-_][\w*.-]{6,}/gi,
  /\bBearer\s+[^\s"',;]+/gi,
  /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+/g,
  /\bAIza[\w-]{20,}/g,
]

/** A provider's own words without secrets: one line, at most 180 characters. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '***')
  for (const shape of SECRETS) clean = clean.replace(shape, '***')
  clean = clean.replace(/\s+/g, ' ').trim()
  return clean.length > 180 ? `${clean.slice(0, 179).trimEnd()}…` : clean
}
