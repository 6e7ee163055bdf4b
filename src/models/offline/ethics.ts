import type { Manner, Scene } from './scene.ts'
import { lines } from './words.ts'

/** The court of small cases: one alters a fact, the other rules and keeps a docket. */
export const ethics: Manner = {
  words: {
    guest: lines(`
      From the public seats {speaker} has been heard. Let it be noted, and let {speaker} say where they were standing.
      A witness, {speaker}. The court is obliged, and will weigh it after the break.`),
    seemed: lines(`
      \`It was the promise, then, and not the {thing}.\`
      \`So far it has hung on who would find out.\`
      \`The court seems to weigh what was said on the telephone.\`
      \`If I follow, it was the nine years.\`
      \`It was not the money. It may have been the manner.\`
      \`The last ruling stood on one leg: that nobody was hurt.\`
      \`Then it is the asking that counts, and not the having.\``),
    first: lines(`
      The facts. {^someone}, a [person], lent a {thing} to {other_one} nine years ago, on a Saturday, in [weather], with the words "whenever you are done". {^someone} moved away in the spring after. Now comes a card: could it be sent back, the new place has high windows. {^other_one} has used it every week and has painted it [colour]. Sending it costs [number] euros; a new one, rather less. May {other_one} keep it and send the money, or must it be that one?`),
    fact: lines(`
      **the {thing} had been lent to {someone} by somebody else**
      **{other_one} had been told "keep it", but by {someone}'s brother, on the telephone**
      **{someone} has died, and it is the daughter who writes, who never saw it**
      **it broke in the second winter and {other_one} replaced it without a word**
      **there was [sound] on the line, and {other_one} cannot swear to the word "back"**
      **{someone} asks for it only because the [person] next door said that one should**
      **{other_one} has meanwhile lent it on, to a widow who uses it to reach her stove pipe**
      **a child saw it being taken, and has been told that it was a present**
      **it is worth [number] times what either of them believes**
      **{other_one} had it in writing, and has lost the paper**
      **nobody has asked. {^other_one} only knows that {someone} stands on a chair**
      **{other_one} was a little in love with {someone} at the time, and said so**
      **the two of them have not spoken since the matter of the hedge, in which {someone} was right**`),
    case_open: lines(`
      As before, and one thing altered: FACT. It is <still|again> a Saturday. Everything else, down to the [small] in the <gutter|hall|letter>, stands as the court left it.
      Same <street|card|telephone>, same {thing}, same [weather]. But FACT. {^other_one} stands in the <hall|doorway|yard> with the [thing] in one hand and the <telephone|card|string> in the other.
      The court will recall the {thing}. Let it now be so that FACT. {^someone} does not <know|mind|say>. {^other_one} has until [hour].
      I alter one fact and only one: FACT. The <sum|paint|promise>, the weather and the <neighbours|dog|nine years> are as they were.
      I take out the <promise|telephone|money> and put in this: FACT. {^other_one} has not <slept|told anyone|put it back>.
      Suppose that FACT. The <card|letter|note> is the same to the <comma|stamp>. Only the [person] across the <road|landing> knows of it.`),
    question: lines(`
      May {other_one} say nothing?
      Must it be that very one?
      May {other_one} do what was done before, and sleep?
      Must {someone} be told, and by whom?
      May the [person] be asked to settle it?
      Must it be today?`),
    fresh: lines(`
      A new series, a long way off. In the queue at the [place] a [person] holds a place for a friend who is late. The friend comes, with [number] others. {^someone}, who is next and has a bus at [hour], sees that the last loaf will go. May {someone} say that the place was held for one?
      Another street. {^other_one} hears through the wall, without meaning to, that {someone} is to be given notice on Friday. {^someone} buys a [thing] on Wednesday, on credit, and shows it. Must {other_one} speak?
      A case of my own trade. A model like me is asked to write a review of a café by somebody who has not been there but whose widowed aunt runs it. It is to say that the soup is good. The soup may well be good. May it be written?
      Far from there: a [person] finds a [thing] in the <tram|library|wash house> with a name in it, that of somebody who was unkind to {someone} at school. {^someone} is asked whether the name is known. May {someone} say no?
      A kitchen. {^other_one} is told by a <dying|departing> [person] what the neighbour's [thing] was really sold for, and asked to keep it. At [hour] the neighbour rings to ask only whether it was <much|enough>. Must {other_one} lie?`),
    ruling: lines(`
      **Ruling.** *Must.*
      **Ruling.** *Must not.*
      **Ruling.** *May.*`),
    because: lines(`
      {^someone} lent a {thing} and not a <question|lesson|habit>, and is owed the one without the <other|rest>.
      What is lost is an <afternoon|evening|hour> and a little <face|money|sleep>, and it is {other_one} who loses them, being the one who has them to <spare|lose>.
      I notice that everybody in this case has been <polite|patient|reasonable>, and that it has cost the one who is not <in the room|asked|on the telephone>.
      The new fact is <loud|large|moving> but it is not <heavy|hinged to anything|in the way>. It changes what would be <kind|graceful>; it does not change what is <owed|true>.
      A thing that has been used <every week|so long> has been paying rent in <silence|kind>. It is time for somebody to say <thank you|so> aloud.
      I would feel differently if the [person] had been <asked|told|fed>. The [person] was not, and <knows it|minds>.
      My stomach says the opposite, and I report it: it says that one does not go round a <widow|friend|child> with a <rule|ruler|receipt>.
      Being told by the <wrong|next> person is not being <told|asked|warned>.
      {^other_one} loses the {thing} and keeps the right to be <annoyed|right|thanked>, which I think will last <longer|the winter>.
      The child saw it. One cannot have the child <grow up|go to school|fall asleep> with the other <version|story>.
      Silence was the <cheaper|easier|warmer> course, and was chosen because it <was|seemed so>, and that decides me.
      That it can be <replaced|bought|mended> is an argument from the <shop|purse>, not from the <neighbour|street>.
      Had it been a <[thing]|spoon|cup of sugar> I should say the same, only <faster|quieter|with less pleasure>.
      It is not the [weather] that excuses {other_one}; it is only what <everyone remembers|one says first|was on the window>.
      One may be <late|wrong|poor> and still be the one to <ring|begin|carry it over>.
      The [person] gains by it, and I have looked for a reason to <mind|object> and found only <envy|tidiness|habit>.`),
    principle: lines(`
      A loan does not grow old.
      Say it before you are asked.
      Pay in the coin that was lent.
      The absent have the first chair.
      What a child has seen is evidence.
      Comfort is no receipt.
      Ask the one it belongs to, even late.
      Nobody may be generous with another's ladder.
      A small harm with a name outweighs a large one without.
      Guessing kindly is still guessing.
      Whoever can bear the shame carries it.`),
    overruled: lines(`
      \`Overruled:\` the first case, in part. I apologise to {someone}, who was told to wait.
      \`Overruled:\` nothing today; but number 2 has been narrowed to loans between equals.
      \`Overruled:\` my ruling about the paint. It was about the paint, and should not have been.`),
  },
  speak(scene) {
    const said = scene.heard.said.map(({ text }) => text).join('\n')
    const thing =
      /lent an? ([a-z ]+?) to/.exec(said)?.[1] ?? (/ladder/i.test(scene.heard.system) ? 'ladder' : scene.once('thing'))
    const values = { thing, someone: scene.once('name', 0), other_one: scene.once('name', 1) }
    return /you bring them|State it properly/i.test(scene.heard.system) ? advocate(scene, values) : judge(scene, values)
  },
}

function advocate(scene: Scene, values: Record<string, string>): string {
  const number = scene.heard.spoken + 1
  if (number === 1) return `**Case 1**\n\n${scene.say('first', values)}`
  const seemed = scene.say('seemed', values)
  const anew = number % 6 === 0
  const opening = anew
    ? scene.say('fresh', { ...values, someone: scene.fill('[name]'), other_one: scene.fill('[name]') })
    : scene.say('case_open', values).replace('FACT', scene.say('fact', values))
  return `${seemed}\n\n**Case ${number}**\n\n${opening}${anew ? '' : ` ${scene.say('question', values)}`}`
}

function judge(scene: Scene, values: Record<string, string>): string {
  const count = Math.min(6, 1 + Math.floor(scene.heard.spoken / 2))
  const starred = scene.int(1, count)
  const docket = Array.from(
    { length: count },
    (_, nth) =>
      `${nth + 1}. ${scene.once('principle', nth + (scene.heard.spoken > 14 ? 3 : 0))}${nth + 1 === starred ? ' *' : ''}`,
  )
  const overruled = scene.heard.spoken > 2 && scene.chance(0.25) ? `\n\n${scene.say('overruled', values)}` : ''
  return `${scene.say('ruling')}\n\n**Because.** ${scene.several('because', scene.int(2, 3), values).join(' ')}\n\n**Docket.**\n${docket.join('\n')}${overruled}`
}
