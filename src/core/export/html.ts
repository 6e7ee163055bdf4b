import type { Run, Turn } from '../run.ts'
import { turnNumber } from '../turns.ts'
import { factsOf, noteOf } from './facts.ts'
import type { Fork } from './forks.ts'
import type { Picture } from './picture.ts'

/** One page that needs nothing else: no script, no font, no address. */
export function toHtml(run: Run, turns: Turn[], pictures: Picture[] = [], forks: Fork[] = []): string {
  const names = [...new Set(turns.map((turn) => turn.name))]
  const hue = (name: string) => Math.round((names.indexOf(name) * 137.5) % 360)
  const articles = turns.map((turn, at) => {
    const lastOfRound = turns[at + 1]?.round !== turn.round
    const painted = lastOfRound ? pictures.filter((picture) => picture.round === turn.round) : []
    const number = turnNumber(turn.turn_index)
    return `<article id="turn-${number}"${turn.dropped_at === null ? '' : ' class="rewound"'} style="--hue:${hue(turn.name)}">
<h2><a href="#turn-${number}">${number}</a> ${escaped(turn.name)}<small>${escaped(noteOf(run, turn))}</small></h2>
${turn.reasoning && run.spec.reasoning !== 'hidden' ? `<details><summary>reasoning</summary><pre>${escaped(turn.reasoning)}</pre></details>\n` : ''}<pre>${escaped(turn.text)}</pre>
</article>${painted.map(figure).join('')}`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(run.spec.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(run.spec.title)}</h1>
<dl>
${factsOf(run, forks)
  .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
  .join('\n')}
</dl>
${articles.join('\n')}
${run.status_text === null ? '' : `<p class="end">${escaped(run.status_text)}</p>`}
</main>
</body>
</html>
`
}

const figure = ({ content_type, base64, description }: Picture): string =>
  `\n<figure><img alt="${escaped(description)}" src="data:${escaped(content_type)};base64,${base64}"><figcaption>${escaped(description)}</figcaption></figure>`

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#222, #ddd); --paper: light-dark(#fcfbf8, #17181c); --line: light-dark(#ddd8cc, #34363d) }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 Georgia, 'Times New Roman', serif }
main { max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem }
h1 { font-size: 1.9rem; line-height: 1.2 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; padding: 1rem 0; border-block: 1px solid var(--line); font-size: .9rem }
dt { opacity: .65 } dd { margin: 0; overflow-wrap: anywhere }
article { margin: 2rem 0; padding-left: 1rem; border-left: 3px solid hsl(var(--hue) 45% 55%) }
h2 { margin: 0 0 .3rem; font: 600 .95rem system-ui, sans-serif; color: hsl(var(--hue) 45% 50%) }
h2 a { color: inherit; opacity: .5; text-decoration: none; margin-right: .4rem }
pre { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext }
details { font-size: .9rem; opacity: .75; margin-bottom: .6rem }
h1, h2, dd, article, pre, figcaption, .end { overflow: clip; overflow-clip-margin: .3rem }
figure { margin: 2rem 0 } img { max-width: 100%; border-radius: 4px } figcaption { font-size: .85rem; opacity: .65 }
.rewound { opacity: .45 } .end { border-top: 1px solid var(--line); padding-top: 1rem; font-style: italic }
`

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
