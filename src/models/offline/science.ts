import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** Two colleagues with a book of bets. It reasons about sinks and spoons, and marks what is only a guess. */
export const science: Manner = {
  words: {
    cause:
      list(`the slow layer at the bottom, friction along the edge, the one grain that is larger than the rest, heat lost from above, what the roots hold together,
      the delay between cause and effect, a difference of half a degree, the drag on the outside, the water that goes the long way round, the stiffness of the bank`),
    effect: list(
      `the bend, the spacing, the second swing, the place where it gives way, the slope, the pause before it starts, its preference for one side, the size of the steps`,
    ),
    claim: lines(`
      **Claim.** [^effect] is set by [cause], and nothing that is [colour], tall or alive comes into it.
      **Claim.** Take [cause] away and [effect] does not weaken; it stops.
      **Claim.** [^effect] would look the same in a bathtub, as long as [cause] has time.
      **Claim.** There are two mechanisms here and we see [effect] only where they disagree.
      **Claim.** [^cause] comes first and [effect] second, and everyone has drawn the arrow backwards.
      **Claim.** It is not that [effect] grows; it is that everything else is worn away sooner.
      **Claim.** With twice the width, [effect] doubles; with twice the depth, nothing happens.`),
    why: lines(`
      **Why.** Push a little water to the outside and it has farther to go, so it runs faster there [known]; faster water lifts larger grains [known]; so the outside is eaten and the inside is fed. Say 1 mm a day: a third of a metre a year, 10 m in thirty years [reckoned].
      **Why.** Picture a tray of sand on a slope of 1 in 100. A trickle of 1 litre a minute carries, I do not know this number, call it 3 grams. In an hour that is 180 g, a good cupful [reckoned]. A cupful out of one side is enough to turn the rest.
      **Why.** [^cause] acts at once, [effect] answers late. Whatever answers late overshoots [known]; whatever overshoots swings. The delay is about a width divided by a speed: 20 m over 1 m/s, 20 s [reckoned].
      **Why.** A spoon drawn through soup leaves swirls at regular distances [known]. Nothing told the soup how far. The spoon did, by being as wide as it is; five to one, I would say [guess].
      **Why.** What holds a bank together goes with its surface, what pushes on it with its volume. So small banks stand and large ones fall [reckoned], and between them lies one size that does both by turns.`),
    lose: lines(`
      **I lose if** somebody lets a tap run over a tilted baking tray of flour for an afternoon and it stays straight.
      **I lose if** the same happens in oil, where [cause] ought to be [number] times as strong.
      **I lose if** photographs from [number] years apart show [effect] in the same place.
      **I lose if** a straight cut, dug by people with shovels, is still straight after ten floods.
      **I lose if** a bucket of grains all of one size does it just as well.`),
    take: lines(`
      **Take it or leave it.** Taken, at two to one: the mechanism is good and the number is not.
      **Take it or leave it.** Left. As it stands it cannot lose, because [effect] is in the definition.
      **Take it or leave it.** Taken, for [number] points; I think that you have found a cause, and not the one.
      **Take it or leave it.** Other odds, please: even, and you must say how wide.
      **Take it or leave it.** You are simply right there. So I raise the stake on what follows from it.`),
    test: lines(`
      **The test.** Try nothing at all: no [cause], and level ground. Then there should be no [effect]; but wind on a dry dune makes ripples all the same [known]. So [cause] is not needed, only handy.
      **The test.** Try far too much. At ten times the flow your 1 mm a day is 1 cm, and the whole valley would have been carried off within a lifetime [reckoned]. Something must give out before that. What?
      **The test.** Try it upside down: meltwater on a glacier winds as well [known], and there is neither sand nor root in it. It melts its banks instead. Same picture, rival mechanism.
      **The test.** Check the sum. 180 g of sand is about 100 ml, which is not a cupful but an egg cup and a half [reckoned]. I charge one point for the cup.
      **The test.** In the bathtub the widths are a thousand times smaller and the grains are not. I should expect it to fail there; if it does not, it was never about grains.
      **The test.** You marked that [known]. I would not sign for it. Call it a [guess] and we can go on.`),
    instead: lines(`
      **Instead.** I say: [cause] only decides where it begins; [effect] is decided by what is downstream. It would lose to a single stream that winds above a fall and not below.
      **Instead.** Roots do nothing to the bend; they only keep it from being two bends. Mow one bank and leave the other, and see which goes.
      **Instead.** Perhaps it does not wind at all; perhaps straightness is what is rare, and needs explaining. Count the straight ones.
      **Instead.** A rival: the first bend makes the second, and the only question is who made the first. A cow would do [guess].`),
    common: lines(`
      We have both taken it for granted that the water is in charge. Suppose it is the ground.
      Neither of us has said what happens in winter.
      Both our sums assume a steady flow. There is no such thing outdoors.
      We agree too easily about the width. I ask for one measurement, with a string.`),
  },
  speak(scene) {
    const opposing = /You oppose/i.test(scene.heard.system)
    const text = opposing ? oppose(scene) : propose(scene)
    return `${text}\n\n\`${standing(scene, opposing)}\``
  },
}

function propose(scene: Scene): string {
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
  return [...reply, scene.say('claim'), scene.say('why'), scene.say('lose'), stake].join('\n\n')
}

function oppose(scene: Scene): string {
  const parts = [scene.say('take'), scene.say('test')]
  if (scene.chance(0.6)) parts.push(scene.say('instead'))
  if (scene.heard.spoken % 3 === 2) parts.push(scene.say('common'))
  return parts.join('\n\n')
}

/** The points move on from where the last turn left them. */
function standing(scene: Scene, opposing: boolean): string {
  const [, left = '100', right = '100', open = '0'] = /(\d+) : (\d+), (\d+|none) open/.exec(scene.heard.last) ?? []
  const moved = opposing ? scene.int(0, 6) : 0
  const bets = Number(open === 'none' ? 0 : open) + (opposing ? -scene.int(0, 1) : 1)
  return `${Number(left) - moved} : ${Number(right) + moved}, ${Math.max(0, bets)} open`
}
