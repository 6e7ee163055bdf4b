import { expect, test } from 'vitest'
import { engineWith, place, ScriptedModels, spec } from './kit.ts'

test('a run that is blocked again before its notice was posted owes no second one of the same words', async () => {
  const parts = await engineWith(new ScriptedModels((): Promise<never> => new Promise(() => {})))
  const run = await parts.engine.start(spec(), place)
  for (const why of ['No permission.', 'No permission.', 'Locked.', 'No permission.']) {
    await parts.engine.pauseBecause(run.id, why)
    expect(await parts.store.run(run.id)).toMatchObject({ status: 'paused', status_text: why })
    await parts.engine.resume(run.id)
  }
  const owed = (await parts.store.owed(`run:${run.id}`, 100)).map(({ body }) => body)
  expect(owed.flatMap((body) => (body.kind === 'notice' ? [body.text] : []))).toEqual([
    'Paused: No permission.',
    'Paused: Locked.',
  ])
})
