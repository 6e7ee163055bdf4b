import { expect, it } from 'vitest'
import { facePng, faceSvg } from '../../src/discord/face-picture.ts'
import { usernameOf } from '../../src/discord/personas.ts'

it.each([
  ['Claude Opus 1', 'Claude Opus 1'],
  ['  two\n lines ', 'two lines'],
  ['Clyde', 'C·lyde'],
  ['the DISCORD clYde', 'the DIS·CORD c·lYde'],
  ['everyone', 'every·one'],
  ['here', 'he·re'],
  ['', 'someone'],
  ['\n', 'someone'],
  ['x'.repeat(100), 'x'.repeat(80)],
  [`${'x'.repeat(79)}😀`, 'x'.repeat(79)],
])('makes of %j a name that a webhook may bear', (name, username) => {
  expect(usernameOf(name)).toBe(username)
})

it('draws the same small picture for the same name, and another for another', async () => {
  const png = await facePng('claude_opus')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128])
  // https://docs.discord.com/developers/resources/emoji: at most 256 KiB.
  expect(png.length).toBeLessThan(64 * 1024)
  expect(faceSvg('claude_opus')).toBe(faceSvg('claude_opus'))
  const names = Array.from({ length: 200 }, (_, i) => `model_${i}`)
  expect(new Set(names.map(faceSvg)).size).toBe(names.length)
})
