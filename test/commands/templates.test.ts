import { expect, onTestFinished, test } from 'vitest'
import { project } from '../config/project.ts'
import { startKit } from './kit.ts'

const HISTORY = { 'open.md': '# user\nBegin.' }
const template = (name: string, json: object, files: Record<string, string> = HISTORY) => ({
  [`templates/${name}/template.json`]: json,
  ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`templates/${name}/${file}`, text])),
})

test('a template whose files leave doubts starts, and both the start and the list say so', async () => {
  const root = project({
    ...template('duet', { description: 'Two talk', agents: [{ system: 'gone.md', history: 'open.md' }, {}] }),
    ...template('hole', { agents: [{ history: 'open.md' }] }, { 'open.md': '# user\n{NOBODY}' }),
    'templates/stray/notes.md': 'nothing',
  })
  const kit = await startKit({ root, answers: 1 })
  onTestFinished(() => kit.close())
  const started = (await kit.type('/backrooms start opus sonnet duet')).response?.content
  expect(started).toMatch(
    /^It begins in <#\d+>\.\n-# ⚠️ .*system: templates\/duet\/gone\.md does not exist; .* no system/,
  )
  await kit.type('/settings set ask_above:0')
  const asked = (await kit.type('/backrooms start opus sonnet duet')).response?.content
  expect(asked).toMatch(/Begin\?\n-# ⚠️ .*gone\.md does not exist/)
  const listed = (await kit.type('/backrooms templates')).response?.content
  expect(listed).toMatch(/\*\*duet\*\* \(2\) · Two talk\n-# ⚠️ .*gone\.md does not exist/)
  expect(listed).toMatch(
    /\*\*hole\*\* \(1\) .*\n-# ⚠️ templates\/hole\/open\.md, line \d: unknown placeholder \{NOBODY\}/,
  )
  expect(listed).toContain('❌ **stray** is no template: it has no template.json.')
})
