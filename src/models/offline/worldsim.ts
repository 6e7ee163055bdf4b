import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** One changes a world, a line at a time; the other is the world and keeps its books. */
export const worldsim: Manner = {
  words: {
    guest: lines(`
      A rumour goes about that season, said to be {speaker}'s; it is believed on market days.
      There was weather of the kind they call a {speaker}: it says one thing, and then it is over.`),
    law: lines(`
      let every [thing] be older than its owner
      let [material] be the only thing that keeps a promise
      let there be a people who count from [number]
      let the dead leave behind exactly one [small]
      let rain fall only on those who have asked for it
      let no one own a [thing] for longer than a winter
      let the {it} be forgotten, by everyone but one
      let each town lend its name to the next for a year
      let [animal]s remember
      let it be rude to speak of the {it} before noon
      let there be a second moon, very small, and late
      let whoever lies grow a little colder`),
    time: lines(`
      wait [number] winters
      wait until somebody objects
      wait as long as a wall lasts
      wait one generation, and the day after
      wait until the {it} has a proverb of its own`),
    near: lines(`
      near the woman who is mending a [thing]
      near a kitchen, early, where two are not speaking
      near the [place], on the day it is closed
      near whoever is laughing
      near the one who sells [thing]s by weight
      near the trial of the [person]
      near a [animal] that has been let in
      near the child who keeps [small]s
      ask the [person] what the {it} is for
      ask the oldest of them what used to be here
      ask the one with the [thing] whom she is waiting for`),
    expect: lines(`
      I expect that they will <quarrel over|charge for|give up> the {it} and call it <a feast day|progress|Tuesday>.
      I should like to see what they <swear by|laugh at|sell by weight> now.
      If I am right, there will be less <singing|bread|shouting>. I would like to be wrong.
      It is I who brought the {it} into this. I want to see the <bill|widow|street it ended in>.
      They will not notice before somebody is <born|buried|fined> to whom it seems <normal|old|holy>.
      I think that the [person]s will <gain by it|lose most|say nothing>, and that they will <hide it|write songs|ask for it in writing>.
      I have lost sight of <breakfast|the children|the old ones>; show me <breakfast|somebody's hands|a kitchen>.
      Somebody there will begin to write things down on [material]. I hope it is somebody <dull|left-handed|kind>.
      I have a <bad conscience|suspicion|debt> about the {it}. Let me look at it <closely|at night|from behind>.
      By now there ought to be a <word|tax|game> for it.
      I will touch nothing else until I know who <sweeps up|paid|remembers>.`),
    event: lines(`
      First it was noticed by a [person] in {town}, who had put a [thing] down and could not say whose it was.
      The millers had a word for it inside a month; the priests needed a year and a longer word.
      {^town} moved uphill, house by house, with the doors carried in front.
      In the third winter there was a shortage of [material], and those who had hoarded it were asked to dinner a great deal.
      A [person] called {someone} refused. Nothing happened to {someone}; that was what people could not forgive.
      They invented a measure for it: one [small], which is what a grown person can carry past a neighbour without being asked.
      The coast road fell into disuse. Along it, to this day, there is [sound].
      Children were given a second name, to be lost first.
      There were [number] years of good harvests, which nobody remembers, and one of [weather], which they name the others by.
      The {it} turned up in songs, then in a court of law, then on a coin, the wrong way up.
      Those who lived by the {it} grew rich and took to apologising in the street.
      In {town} it is held that the {it} was always there. The oldest house has no place for one.
      It cost the herons. Nobody had thought of the herons.
      A school was founded to teach people to do without it, and failed, and is still very well attended.
      They began to bury their dead with a [thing] in the left hand, so as to have something to give back.
      A war was prepared for [number] summers and then put off because of [weather]; the drums are used as tables.`),
    close: lines(`
      It is [hour] in {town}. {^someone}, a [person], peels something [colour] over a bowl and throws the peel to a [animal], which <looks at it|buries it|has had enough>. A boy stands in the <corner|doorway|yard> and tells the news, since <nothing else does|he is paid to|it is his week>. "They say the {it} is to be counted again," he says. {^someone} says that somebody should count the <spoons|days|neighbours> first.
      A yard, [weather]. Two people lift a [thing] on to a cart and one of them is lifting <less|for show|with the wrong arm>. Somebody's grandmother watches from a window with [number] of her own <opinions|cups|reasons>. When the cart has gone there is a mark on the stones in the shape of it, and the [animal] goes and <lies down|sits|sneezes> there.
      The [place] is full. {^someone} stands in front with both hands on the rail and is asked where the {it} was. "Where I <left it|found it|was told to look>," says {someone}, "and that is where you looked last, because I am <honest|tall|known>." It takes a moment before anybody <laughs|sits down|writes that down>.
      A stair in {town}, [hour]. Two [animal]s and a child wait before a [colour] door. The child has a [small] in its <fist|cheek|sock> and has been told to give it to whoever <opens|weeps|looks most like a [person]>. Inside there is [sound], and it <stops|goes on|comes nearer>.
      {^someone} is washing a [thing] that belongs to everybody. One does it for <a year|a winter|as long as one can keep a straight face>. The water has turned [colour]. "It used to be the {it} that we passed round," says {someone}, "but it <came back thinner|talked|never came back to us>."
      The table is laid for [number], and there are <two|three|more> of them. {^someone} says the <grace|price|name>; it has a gap in it, where the {it} used to be, and they all <breathe|chew|look at the salt> through the gap.`),
    voice: lines(`
      "What it is for? My husband kept string in it," says {someone}. "Ask them in {town}, they have time. I can tell you what it weighs. It weighs as much as not having one."
      "Before? Before there was the hill," says {someone}, "and then the hill was somewhere else, and we pay the same. You are not from the office? You have the voice of somebody who writes it down."
      "I am not waiting," says {someone}. "I am only standing where one would."`),
    invented: lines(`
      a hinge for two doors, by a [person] with one
      a word for owing somebody an apology in advance, by schoolchildren
      soup sold by the hour, by the widows of {town}
      a game with [number] [small]s and no winner, by night watchmen
      a lock that opens for anyone who is sorry, by a locksmith, who is
      paper from [material], by accident
      a holiday on which nothing may be returned, by lenders
      the second handshake, by two people who distrusted the first`),
    open: lines(`
      who minds the {it}
      whether the [person] was right
      what is under {town}
      who paid for the bridge
      why the [animal]s left
      whose turn it is
      what to call those born since
      whether it was here before us`),
    town: list(
      'Ambel, Low Tarn, Oxmere, Sill, Hadderay, Quince, Neth, Varrow, Pell-under-Wall, Osk, Dunmarrow, Esterly',
    ),
    worldname: list('Ashmere, The Lent, Halfday, Ommen, Undertow, Tarrying, Siller, Nearly'),
    minder: list(
      'shepherds, ferrymen, glaziers, tax clerks, midwives, bell ringers, salt traders, gardeners, carriers, letter writers',
    ),
  },
  speak(scene) {
    return /keeps its books|world in front of you/i.test(scene.heard.system) ? maker(scene) : world(scene)
  },
}

function maker(scene: Scene): string {
  const orders = [scene.say(scene.chance(0.55) ? 'law' : 'near')]
  if (scene.chance(0.6)) orders.push(scene.say('time'))
  if (scene.chance(0.5)) orders.push(scene.say('near'))
  return `${[...new Set(orders)].map((order) => `\`${order}\``).join('\n')}\n\n${scene.say('expect')}`
}

function world(scene: Scene): string {
  const books = scene.heard.said.findLast(({ text }) => /^YEAR +\d/m.test(text))?.text ?? ''
  const year = Number(/^YEAR +(\d+)/m.exec(books)?.[1] ?? 0)
  const living = Number(/^LIVING +about ([\d,]+)/m.exec(books)?.[1]?.replaceAll(',', '') ?? 4100)
  const asked = /\bask\b/.test(scene.heard.last)
  const near = /\bnear\b/.test(scene.heard.last)
  const waited = /\bwait\b/.test(scene.heard.last)
  const values = { town: scene.fill('[town]'), someone: scene.fill('[name]') }
  const events = asked
    ? [scene.say('voice', values)]
    : near
      ? [scene.say('close', values)]
      : scene.several('event', scene.int(2, 4), values)
  if (asked || near) events.push(scene.say('event', { ...values, town: scene.fill('[town]') }))
  const people = Math.round((living * (0.9 + scene.rng() * 0.35)) / 100) * 100
  return `${events.join(' ')}

\`\`\`
WORLD    ${scene.heard.spoken < 2 ? 'not yet named by anybody' : scene.once('worldname')}
YEAR     ${year + (waited ? scene.int(12, 90) : scene.int(1, 6))}
LIVING   about ${people.toLocaleString('en-GB')}, most of them ${scene.fill('[minder]')}
NEW      ${scene.say('invented', values)}
OPEN     ${scene.say('open', values)}; ${scene.say('open', { ...values, town: scene.fill('[town]') })}
\`\`\``
}
