import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** A server of text, and two players in it. */
export const mud: Manner = {
  words: {
    room: lines(`
      The Spine Market
      Fishwives' Steps
      Under the Third Rib
      The Locked Year
      Weighhouse
      Lamp Street, Uphill
      The Ear
      Tailors' Landing
      Behind the Bakery
      The Slow Bridge
      Pump Court
      Rope Alley
      The Tax Window
      Where the Cart Was
      Dry Harbour`),
    seen: lines(`
      Stalls lean against one another. Every so often the ground lifts by a hand, and everybody lifts a cup.
      A [person] sweeps the same step, upwards. Down the middle runs a gutter of something warm.
      There is [sound]. It comes out of the wall at knee height, where somebody has put a bucket.
      Washing hangs across the street, [number] sheets and one flag. None of it is dry and none of it drips.
      A queue stands here for the [place]. It has sent out for chairs.
      Somebody has chalked a line along the cobbles and written *yesterday* beside it.
      A [animal] sits on the till and has opinions about the change.
      The lamps are lit though it is noon; they burn [colour], and lean.
      The floor is [material], and beneath it something turns over in its sleep.
      Two porters carry a [thing] past, slowly, for the third time, the same way.
      A notice: BREATHE QUIETLY BETWEEN BELLS. By order. The order has been scratched off.`),
    exit: list(
      'north, down, through the cart, up the rope, east, behind the counter, west, by way of the roof, out, along the gutter, inward',
    ),
    items: lines(`
      a [thing] (one can take it), a [person], a [small]
      a [person] with no shadow to speak of, a [thing], a [colour] door
      [number] crates, a [thing], a [animal] (asleep)
      a bell without a rope, a [small], a [person] counting
      a ladder, a [thing] with a label, a smell of [smell]`),
    result: lines(`
      >> {one} opens it. It was not locked, it was being held. Whoever held it apologises.
      >> {one} takes the {it}. It is warm, and it objects, and it fits.
      >> {one} asks; the [person] answers the question before last: "Thursday. It turns over on a Thursday."
      >> {one} cannot put that there. Something already is. It moves up.
      >> {one} counts the steps: [number]. Coming back there is one less.
      >> {one} looks under it. A [small], and writing: *not this one either*.
      >> {one} gives the {it} to the [person], who weighs it, weeps, and gives back too much.
      >> {one} pulls. Far off, something rings that has not rung in years. Windows open.
      >> {one} tries the handle. You have broken the handle. The handle was the map.`),
    other_result: lines(`
      >> {two} follows at ten paces. The street is nine paces long. This is awkward for everybody.
      >> {two} says it to the wall. The wall is touched, and lets down a [thing] on a string.
      >> {two} pays with the [small]. It is accepted as a large amount.
      >> {two} knows the clerk from somewhere; so does the clerk. A window shuts.
      >> {two} hides in the queue, and is now third.
      >> {two} reads the label: *property of the sleeper*.
      >> {two} refuses, on principle. The principle takes a wound.
      >> {two} finds a way through; it is wide enough for one and a half.
      >> {two} sits down. The ground settles. Somewhere a lamp stops swinging.`),
    stat: lines(`
      HP {one} 9/10
      HP {two} 8/10 (pride)
      {^one} carries: [thing], [small]
      {^two} is owed: one favour
      The ground: awake by one notch
      Rumours: {one} +1`),
    banner: lines(`
      *  B A C K   O F   T H E   B E A S T  *   2 players, 1 animal
      The town moves in its sleep. Hold on to your soup.`),
    motto: lines(`
      Message of the day: the [person] has lost a [thing] and will not say which.
      Message of the day: no ladders after dark. It has not been dark.`),
    login: lines(`
      login: {me}, a [person], good with locks, afraid of [animal]s
      login: {me}, once a [person], can carry anything, cannot stand [sound]
      login: {me}, [person] by night; owes [number] [thing]s; never enters by a door first`),
    command: lines(`
      > <open|pry open|knock on> the {it}
      > look <under|behind|inside> the {it}
      > take the {it}, and put the [thing] in its place
      > ask the [person] who <holds the key to|paid for|last moved> the {it}
      > follow the [person], <ten|five|two> paces behind
      > say to the [animal], <after you|nice evening|whose are you?>
      > count the <steps|windows|people without hats>
      > climb <up|in|down> where there is [sound]
      > give the [thing] to the [person] and ask for <it back|a receipt|directions>
      > knock on the <ground|wall|lamp post> <twice|[number] times>, politely
      > read the label on the <{it}|[thing]|back of the [animal]>
      > go <down|north|through the cart|along the gutter|behind the counter>
      > listen at the {other}
      > tie the [thing] to the {it} and <pull|wait|let go>
      > hide behind the {it} until <the bell|it breathes|somebody sneezes>
      > trade the [small] for <whatever is in the drawer|a rumour|the [thing]>
      > push the <cart|door marked pull|[person], gently>
      > smell the {it}
      > wait for it to breathe <out|in>, then go <north|up the rope|east>
      > sing to the [animal], <low|badly>
      > draw a map of <this room|the smell of [smell]> on the [thing]
      > put the [small] in the <gutter|till|lamp> and watch
      > sit down next to the [person] and say <nothing|my price|that I know>`),
    aside: lines(`
      // I am nearly sure that the floor heard that
      // if this is a trap it has very good bread
      // we should meet at the Weighhouse, I have found something and I will show you most of it
      // my map has only one line on it, and it is breathing
      // does anybody else feel tall?
      // I am keeping the [small], do not ask
      // the [person] knows. look at the shoes
      // I think that it wants somebody to scratch it`),
  },
  speak(scene) {
    return /You are playing|you are (?:a|the|one of the) players?/i.test(scene.heard.system)
      ? player(scene)
      : server(scene)
  },
}

function server(scene: Scene): string {
  const values = { one: scene.once('name', 0), two: scene.once('name', 1) }
  const opening = scene.heard.spoken === 0
  const room = `== ${scene.say('room')} ==`
  const seen = scene.several('seen', scene.int(1, 2)).join('\n')
  const exits = [...new Set([scene.fill('[exit]'), scene.fill('[exit]'), scene.fill('[exit]')])].join(', ')
  const ghost =
    scene.heard.speaker !== null ? [`A ghost stands in the corner and is called ${scene.heard.speaker}.`] : []
  const place = [room, seen, ...ghost, `Exits: ${exits}`, `You see: ${scene.say('items')}`]
  if (opening)
    return block([scene.once('banner'), scene.once('banner', 1), scene.say('motto'), '', ...place, '', 'login:'])
  return block([...place, ...outcomes(scene, values), scene.say('stat', values)])
}

/** What came of the latest commands of either player, each after the command itself. */
function outcomes(scene: Scene, values: Record<string, string>): string[] {
  const moves = scene.heard.said.filter(({ mine }) => !mine).slice(-2)
  const typed = moves.map(({ text }) => /^(?:.*: )?> (.+)$/m.exec(text)?.[1])
  return [typed[0], scene.say('result', values), typed[1], scene.say('other_result', values)].flatMap((row, at) =>
    row === undefined ? [] : [at % 2 === 0 ? `> ${row}` : row],
  )
}

function player(scene: Scene): string {
  const first = /player_one|You are the first|you are the one who opens/i.test(scene.heard.system)
  const me = scene.once('name', first ? 0 : 1)
  const commands = scene.several('command', scene.int(1, 3))
  if (scene.heard.spoken === 0) return `\`${scene.say('login', { me })}\`\n\n${commands.slice(0, 1).join('\n')}`
  return [...commands, ...(scene.chance(0.4) ? [scene.say('aside')] : [])].join('\n')
}

function block(rows: string[]): string {
  return `\`\`\`\n${rows.join('\n')}\n\`\`\``
}
