import { randomBytes, randomInt } from 'node:crypto'

const LETTERS = '23456789abcdefghjkmnpqrstvwxyz'

/** Eight letters and digits that people can read to each other. */
export function newRunId(): string {
  return Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

/** 20 characters: a message's nonce may have 25. */
export function newDeliveryId(): string {
  return randomBytes(15).toString('base64url')
}
