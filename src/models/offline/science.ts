import type { Values } from './grammar.ts'
import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** Two colleagues with a book of bets. It reasons about sinks and spoons, and marks what is only a guess. */
export const science: Manner = {
  words: {
    guest: lines(`
      {speaker}, looking over our shoulders, has put a finger on the page. Entered as an observation, with one point for nerve.
      A remark from {speaker} is written in the margin, in pencil; it may yet decide a bet.`),
    cause:
      list(`the slow layer at the bottom, friction along the edge, the one grain that is larger than the rest, heat lost from above, what the roots hold together,
      the delay between cause and effect, a difference of half a degree, the drag on the outside, the water that goes the long way round, the stiffness of the bank`),
    effect: list(
      `the bend, the spacing, the second swing, the place where it gives way, the slope, the pause before it starts, its preference for one side, the size of the steps`,
    ),
    claim: lines(`
      **Claim.** {^effect} is set by {cause}, and nothing that is [colour], tall or alive comes into it.
      **Claim.** Take {cause} away and {effect} does not weaken; it stops.
      **Claim.** {^effect} would look the same in a bathtub, as long as {cause} has time.
      **Claim.** There are two mechanisms here and we see {effect} only where they disagree.
      **Claim.** {^cause} comes first and {effect} second, and everyone has drawn the arrow backwards.
      **Claim.** It is not that {effect} grows; it is that everything else is worn away sooner.
      **Claim.** With twice the width, {effect} doubles; with twice the depth, nothing happens.`),
    why: lines(`
      **Why.** Push a little water to the outside and it has farther to go, so it runs <faster|harder> there \`[known]\`; faster water lifts <larger|heavier> grains \`[known]\`; so the outside is <eaten|undercut> and the inside is fed. Say <1 mm|half a mm|2 mm> a day: <a third of a metre|a hand's breadth or two|about a step> a year, <10 m|a street's width|a field> in thirty years \`[reckoned]\`.
      **Why.** Picture a tray of <sand|flour|salt> on a slope of 1 in <100|50|80>. A trickle of <1 litre|half a litre> a minute carries, I do not know this number, call it <3|5|2> grams. In an hour that is some <180|300|120> g, a good <cupful|fistful> \`[reckoned]\`. A <cupful|fistful> out of one side is enough to <turn|tip|tempt> the rest.
      **Why.** {^cause} acts at <once|every moment>, {effect} answers late. Whatever answers late <overshoots|goes too far> \`[known]\`; whatever overshoots <swings|comes back>. The delay is about a width divided by a speed: <20 m over 1 m/s, 20 s|6 m over half a m/s, 12 s|100 m over 2 m/s, 50 s> \`[reckoned]\`.
      **Why.** A <spoon|finger|comb> drawn through <soup|custard|wet paint> leaves <swirls|furrows|eddies> at regular distances \`[known]\`. Nothing told the stuff how far. The <spoon|tool> did, by being as wide as it is; <five|seven|four> to one, I would say \`[guess]\`.
      **Why.** What holds a bank together goes with its <surface|skin>, what pushes on it with its <volume|weight>. So <small|low> banks stand and <large|high> ones fall \`[reckoned]\`, and between them lies one size that does <both by turns|neither for long>.
      **Why.** Drop a <cork|leaf|paper boat> in and follow it: it keeps to the <middle|fast thread> for [number] widths, then the <middle|thread> moves over \`[guess]\`. The thread moves because the <floor|bed> is never level; the <floor|bed> is never level because the thread <moves|moved>. It needs only a <pebble|twig|cow> to begin.
      **Why.** Heat is <lost|let out> from the top and <gained|kept> below. A layer of <1 cm|a finger's width|the depth of a plate> turns over in about <a minute|40 s|the time of a sneeze and a half> \`[reckoned]\`, and each turn <drags|combs> its neighbour along. That is {effect}, with <no one|nothing> in charge of it.`),
    lose: lines(`
      **I lose if** somebody lets a tap run over a tilted <baking tray of flour|board of sand|tray of salt> for <an afternoon|a night|the length of a film> and it stays straight.
      **I lose if** the same happens in <oil|honey|syrup>, where {cause} ought to be [number] times as <strong|slow>.
      **I lose if** photographs from [number] years apart show {effect} in the same <place|form|number>.
      **I lose if** a straight cut, dug by people with <shovels|a grudge|a plan>, is still straight after <ten|twenty|three> <floods|winters>.
      **I lose if** a <bucket|tray> of grains all of one size does it <just as well|sooner>.
      **I lose if** one can <freeze it halfway|stop it by hand> and find {cause} <absent|the wrong way round|no larger than elsewhere>.
      **I lose if** a child with a <stick|hose|bucket> and <an hour|a wet day> gets the other result [number] times running.`),
    take: lines(`
      **Take it or leave it.** Taken, at <two|three|five> to one: the mechanism is <good|pretty|half right> and the number is not.
      **Take it or leave it.** Left. As it stands it cannot lose, because {effect} is <in the definition|measured by itself|whatever happens>.
      **Take it or leave it.** Taken, for [number] points; I think that you have found a <cause|lever|passenger>, and not the <one|engine|driver>.
      **Take it or leave it.** Other odds, please: <even|one to three|two to one, mine>, and you must say how <wide|long|often>.
      **Take it or leave it.** You are simply right <there|on that>. So I raise the stake on what follows <from it|next|in winter>.
      **Take it or leave it.** Taken for the <sum|sake of the tray>, left for the <word "always"|mechanism|rest>.`),
    test: lines(`
      **The test.** Try nothing at all: without {cause}, on <level|still> ground. Then {effect} should be gone; but wind on a <dry dune|snowfield|dusty road> makes ripples all the same \`[known]\`. So {cause} is not <needed, only handy|the thing itself|first>.
      **The test.** Try far too much. At <ten|thirty|a hundred> times the flow your figure grows with it, and the whole <valley|tray|kitchen> would have been carried off within a <lifetime|week|minute> \`[reckoned]\`. Something must give out before that. <What?|Name it.|I bet on the bank.>
      **The test.** Try it elsewhere: meltwater on a <glacier|ice sheet> winds as well \`[known]\`, and there is neither <sand nor root|mud nor grass> in it. It melts its banks instead. Same picture, <rival mechanism|other hands|no alibi>.
      **The test.** Check the sum. That many grams of sand is about <100|70|170> ml, which is not what you <called it|poured> but <an egg cup and a half|two spoons|a shot glass> \`[reckoned]\`. I charge one point for the <cup|spoon|crockery>.
      **The test.** In the bathtub the widths are a <thousand|hundred> times smaller and the grains are <not|the same>. I should expect it to <fail|stall> there; if it does not, it was never about <grains|size>.
      **The test.** You marked that \`[known]\`. I would not <sign for it|bet lunch on it>. Call it a \`[guess]\` and we can <go on|breathe>.
      **The test.** Turn it <upside down|inside out>: if {cause} makes {effect}, then {effect} in its turn should <use it up|starve it>. Does it? In a <sink|gutter|ploughed field> it does the <reverse|opposite> for as long as I have <watched|had patience> \`[guess]\`.
      **The test.** Wait. Your mechanism needs <a day|an hour|a season> and the thing is seen after <a minute|one flood|a single night> \`[known]\`. It is <too slow|late> by a factor of <a hundred|sixty|twenty> \`[reckoned]\`.`),
    instead: lines(`
      **Instead.** I say: {cause} only decides <where|when> it begins; {effect} is decided by what is <downstream|underneath|left over>. It would lose to a single <stream|gutter> that winds above a <fall|dam> and not below.
      **Instead.** Roots do <nothing to the bend|little but wait>; they only keep it from being <two bends|a puddle>. Mow one bank and leave the other, and see which <goes|gives>.
      **Instead.** Perhaps it does not <wind|do it> at all; perhaps <straightness|rest> is what is rare, and needs explaining. Count the <straight|quiet> ones.
      **Instead.** A rival: the first <bend|dent> makes the second, and the only question is who made the first. A <cow|cartwheel|fallen tree> would do \`[guess]\`.
      **Instead.** It is a matter of <memory|habit>: the ground keeps last year's <shape|wish>. Smooth it with a <plank|roller> and it should have to <start again|hesitate>.`),
    concede: lines(`
      I pay for the <cup|spoon|word "always"> and keep the [thing]. What I now believe is <narrower|stranger|shorter>:
      Noted, and half conceded. The half I <keep|would still bet on|can draw>:
      You are right about the <grains|glacier|sum>, and it <cheers me|costs me two|spoils my lunch>. So:
      I tried it in the sink <meanwhile|before breakfast>, and it did <something else|neither|it, and then stopped>. That leaves:
      Leave the {it} aside; it was a <guess|crutch|picture>. Without it I say:
      Agreed, agreed, <no|and yet>. Here is what <survives|I would sign>:`),
    common: lines(`
      We have both taken it for granted that the <water|outside|large> is in charge. Suppose it is the <ground|inside|small>.
      Neither of us has said what happens in <winter|the dark|the first second>.
      Both our sums assume a steady <flow|slope|width>. There is no such thing <outdoors|in a kitchen|for long>.
      We agree too easily about the <width|delay|grain>. I ask for one <measurement, with a string|photograph|afternoon>.`),
  },
  speak(scene) {
    const opposing = /You oppose/i.test(scene.heard.system)
    // A claim and its answer speak of the same two things.
    const values = opposing
      ? { cause: named(scene, 'cause'), effect: named(scene, 'effect') }
      : { cause: scene.fill('[cause]'), effect: scene.fill('[effect]') }
    const text = opposing ? oppose(scene, values) : propose(scene, values)
    return `${text}\n\n\`${standing(scene, opposing)}\``
  },
}

function propose(scene: Scene, values: Values): string {
  const stake = `**Stake.** ${scene.int(2, 12)} points, at ${scene.int(1, 4)} to 1.`
  const reply =
    scene.heard.spoken === 0
      ? []
      : [
          scene.fill(
            scene.chance(0.5)
              ? 'I pay for the cup and keep the [thing]. What I now believe is narrower:'
              : 'Noted, and half conceded. The half I keep:',
          ),
        ]
  return [...reply, scene.say('claim', values), scene.say('why', values), scene.say('lose', values), stake].join('\n\n')
}

function oppose(scene: Scene, values: Values): string {
  const parts = [scene.say('take', values), scene.say('test', values)]
  if (scene.chance(0.6)) parts.push(scene.say('instead', values))
  if (scene.heard.spoken % 3 === 2) parts.push(scene.say('common', values))
  return parts.join('\n\n')
}

/** What the last message spoke of, or something else of the list. */
function named(scene: Scene, list: 'cause' | 'effect'): string {
  const last = scene.heard.last.toLowerCase()
  return science.words[list]?.find((phrase) => last.includes(phrase.toLowerCase())) ?? scene.fill(`[${list}]`)
}

/** The points move on from where the last turn left them. */
function standing(scene: Scene, opposing: boolean): string {
  const [, left = '100', right = '100', open = '0'] = /(\d+) : (\d+), (\d+|none) open/.exec(scene.heard.last) ?? []
  const moved = opposing ? scene.int(0, 6) : 0
  const bets = Number(open === 'none' ? 0 : open) + (opposing ? -scene.int(0, 1) : 1)
  return `${Number(left) - moved} : ${Number(right) + moved}, ${Math.max(0, bets)} open`
}
