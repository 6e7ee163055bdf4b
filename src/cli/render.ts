import { Catalog } from '../config/catalog.ts'
import type { Actor } from '../core/run.ts'
import { parseVar } from '../core/vars.ts'
import { asTyped, resolveTyped } from './as-typed.ts'
import { chosenModels } from './chosen-models.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Given } from './flags.ts'
import { type CliIo, EXIT, WrongUse } from './io.ts'

/** What each actor would be given before the first turn, without calling anything. */
export const render = {
  summary: 'What each actor of a template would be told, without calling anything',
  usage: ['<template> [--lm a b] [--var NAME=value] [--query text] [--json]'],
  flags: {
    lm: {
      kind: 'list',
      value: 'model',
      help: 'Who would speak; the first again where there are too few; opus by default',
    },
    template: { kind: 'text', value: 'name', help: 'The template, if it is not the first word' },
    var: { kind: 'list', value: 'NAME=value', help: 'A variable of the template' },
    query: { kind: 'text', value: 'text', help: 'Sets QUERY and DREAM_TEXT' },
    json: JSON_FLAG,
  },
  examples: [
    ['render roleplay --lm opus sonnet', 'system prompts and histories, filled in'],
    ['render dreamsim3 --query "a staircase of static" --json', '[{"system", "history": [{"role", "content"}]}]'],
  ],
  run(given: Given, io: CliIo): number {
    const catalog = new Catalog({ root: io.root, offline: false })
    const { models, template } = chosenModels(given, catalog, 'render')
    if (template === undefined) throw new WrongUse('render needs a template: render roleplay --lm opus sonnet')
    const vars = asTyped(() => Object.fromEntries(given.list('var').map(parseVar)))
    const spec = resolveTyped(catalog, {
      template,
      models: models.length > 0 ? models : ['opus'],
      vars,
      query: given.text('query'),
      // Nothing is spent here, so no price has to be known.
      max_turns: 1,
    })
    if (given.has('json')) {
      const told = spec.actors.map(({ system, history }) => ({ system, history }))
      io.out(JSON.stringify(told, null, 2))
    } else io.out(spec.actors.map(readable).join('\n\n'))
    return EXIT.done
  },
} satisfies Command

function readable({ name, system, history }: Actor): string {
  const parts = [`### ${name} ###`, system === '' ? '(no system prompt)' : system]
  for (const { role, content } of history) parts.push(`--- ${role} ---`, content)
  return parts.join('\n')
}
