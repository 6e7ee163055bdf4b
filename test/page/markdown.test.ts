import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MarkdownNode, parse, plainText, sourceOf } from '../../src/sandbox/page/client/markdown.js'

/** A compact picture of a tree: `bold(a italic(b))`. */
const draw = (nodes: MarkdownNode[]): string =>
  nodes
    .map((node) => {
      if (node.type === 'text') return node.text
      const inner = node.children ? draw(node.children) : (node.text ?? node.id ?? node.name ?? '')
      const extra =
        node.type === 'heading' ? node.level : node.type === 'code_block' && node.lang ? `:${node.lang}` : ''
      return `${node.type}${extra}(${inner})`
    })
    .join('')

describe('Discord markdown', () => {
  it.each([
    ['**bold** and *soft* and _soft_', 'bold(bold) and italic(soft) and italic(soft)'],
    ['***both***', 'bold(italic(both))'],
    ['**a *b***', 'bold(a italic(b))'],
    ['__under__ ~~gone~~ ||hidden||', 'underline(under) strike(gone) spoiler(hidden)'],
    ['**across\nlines**', 'bold(across\nlines)'],
    ['snake_case_name stays', 'snake_case_name stays'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['\\*not\\* soft', 'escape(*)notescape(*) soft'],
    ['¯\\_(ツ)_/¯', '¯escape(_)(ツ)_/¯'],
    ['`**code**` and ``a`b``', 'code(**code**) and code(a`b)'],
    ['**a `**` b**', 'bold(a code(**) b)'],
  ])('reads styles: %s', (text, tree) => expect(draw(parse(text))).toBe(tree))

  it.each([
    ['# One\n## Two\n### Three\n#### four', 'heading1(One)heading2(Two)heading3(Three)#### four'],
    ['-# small *print*', 'subtext(small italic(print))'],
    ['> one\n> **two**\nafter', 'quote(one\nbold(two))after'],
    ['>>> all\nthe rest', 'quote(all\nthe rest)'],
    ['- a\n- b\n  - c\n- d', 'list(item(a)item(blist(item(c)))item(d))'],
    ['3. x\n4. y', 'list(item(x)item(y))'],
    ['- a\n1. b\n2. c', 'list(item(a))list(item(b)item(c))'],
    ['> - a\n> - b', 'quote(list(item(a)item(b)))'],
    ['```ts\nlet a = 1\n```', 'code_block:ts(let a = 1)'],
    ['see ```\n# no heading\n``` there', 'see code_block(# no heading) there'],
    ['not # a heading', 'not # a heading'],
    ['-not a list', '-not a list'],
  ])('reads blocks: %j', (text, tree) => expect(draw(parse(text))).toBe(tree))

  it.each([
    ['<@1> <@!2> <@&3> <#4>', 'user(1) user(2) role(3) channel(4)'],
    ['<:smile:5> <a:dance:6>', 'emoji(5) emoji(6)'],
    ['</backrooms start:7> </a b c:8>', 'command(7) command(8)'],
    ['<id:customize> <id:browse> <id:guide>', 'place(customize) place(browse) place(guide)'],
    ['<id:linked-roles> <id:linked-roles:9> <id:else>', 'place(linked-roles) place(9) <id:else>'],
    ['<t:1> <t:1:t> <t:1:s> <t:1:S> <t:1:x>', 'time() time() time() time() <t:1:x>'],
    ['@everyone @here @ben', 'everyone(everyone) everyone(here) @ben'],
    ['<t:1700000000:R>', 'time()'],
    ['(https://a.example/b_c_d).', '(link(https://a.example/b_c_d)).'],
    ['<https://a.example>', 'link(https://a.example)'],
    ['[the **place**](https://a.example "title")', 'link(the bold(place))'],
  ])('reads what stands for something else: %s', (text, tree) => expect(draw(parse(text))).toBe(tree))

  it('makes links of web addresses only', () => {
    for (const text of [
      '[x](javascript:alert(1))',
      'javascript:alert(1)',
      '<javascript:alert(1)>',
      '[x](data:text/html,1)',
    ])
      expect(draw(parse(text))).toBe(text)
  })

  it('does not let the name of a link be another address', () => {
    const [first] = parse('[https://bank.example](https://thief.example)')
    expect(first?.type).toBe('text')
  })

  const markup = fc.array(
    fc.constantFrom(
      '*',
      '**',
      '_',
      '__',
      '~~',
      '||',
      '`',
      '```',
      '\\',
      '\n',
      ' ',
      '> ',
      '>>> ',
      '# ',
      '-# ',
      '- ',
      '1. ',
      '  ',
      '[',
      '](',
      ')',
      '<',
      '>',
      '<@1>',
      'word',
      'https://a.example',
      '💬',
      '\ud800',
    ),
    { maxLength: 60 },
  )

  it('never throws and loses nothing, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => sourceOf(parse(text)) === text))
    fc.assert(
      fc.property(markup, (parts) => {
        const text = parts.join('')
        expect(sourceOf(parse(text))).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it('shows every word of a text, in order', () => {
    const word = fc.constantFrom('*', '**', '_', '__', '~~', '||', '`', '```\n', '\n', ' ', '> ', '# ', '- ', '  ')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (parts) => {
        const text = parts.map((part, index) => `${part}w${index}w`).join('')
        const words = (shown: string) => shown.match(/w\d+w/g) ?? []
        expect(words(plainText(parse(text)))).toEqual(words(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('stays quick on text made to be slow', () => {
    const nasty = ['*', '**', '_', '`*', '[', '||', '> ', '- ', '<', '\\*', '***a', '__a*', '```']
    for (const part of nasty) {
      const began = performance.now()
      parse(part.repeat(4000 / part.length))
      expect(performance.now() - began).toBeLessThan(2000)
    }
  })
})
