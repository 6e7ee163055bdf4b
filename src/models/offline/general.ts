import type { Manner } from './scene.ts'
import { lines } from './words.ts'

/** For templates the voice has never heard of: two people at a table, handing things to each other. */
export const general: Manner = {
  words: {
    guest: lines(`
      {speaker}, I heard that; sit down with us, there is a [thing] free.
      What {speaker} says stands in the room now, and one has to walk round it.
      I should like {speaker} to say that again with the {it} in one hand.`),
    answer: lines(`
      You said the {it}, and I had to put my cup down.
      The {it} is the part I would not have dared to mention.
      I knew a [person] once who [deed] whenever there was talk of a {it}.
      Leave the {it} where it is for a moment; it has only just stopped moving.
      If the {it} is still there tomorrow I shall believe all of it.
      About the {it}: mine was [colour], and it smelled of [smell].
      There was a {it} in our house as well, behind the [thing], and we were told it was on loan.
      You go past the {it} quickly, like someone who owes it money.
      I would trade the {it} for a [thing] and not haggle.
      Funny that you should start with the {it}. I was going to end with it.
      Not the {it} itself, then, but the mark it left on the table.
      A {it} does not get there by itself; somebody [deed].
      Say {it} again, more slowly, and listen to what the room does.
      So there is a {it}. Then there is also whoever is waiting for it.
      The {it} belongs with the {kept}, I think: same dust, same patience.
      I kept the {kept} from earlier. Put beside the {it}, it looks almost deliberate.`),
    asked: lines(`
      You ask me this: "{asked}?" Ask me at [hour] and I will say yes.
      "{asked}?" The honest answer has a [thing] in it, and [number] steps down.
      I turned your question over. On the back it says [smell], in pencil.
      As for what you asked: nobody would say, but the [person] [deed], and that is an answer where I come from.`),
    image: lines(`
      Behind it there is [sound], and nobody has got up to see.
      In the [place] they keep a [thing] for exactly this, and it has never been needed.
      It was [hour]; there was [weather]; a [person] [deed].
      I can give you one picture: a [colour] [thing] on a chair in the [place], and the chair pulled out a little, as for somebody late.
      What I remember is [sound] and, over it, [smell].
      A [animal] came in at the door of the [place], looked round as if it had rented it, and lay down.
      There were [number] of them in a row along the [place], each with a [small] tied to it by a thread.
      Somebody had written [number] on the [thing] in chalk and rubbed it out again, though not well.
      Think of the [place] at [hour]: [smell], and the light lying on the floor like something put down.
      A [person] told me that [material] remembers the hand, and that this is why nobody will borrow a [thing].
      The [person] never locked the [place]. The [person] said that whoever wanted a [thing] that badly should have it.
      First there was [weather]. Then [sound]. Then the [thing], which had not been there.
      I once carried a [thing] all the way to the [place] and when I got there they had [number] already.
      Under the [thing] there was a [small], and under the [small] the floor had kept its old colour.`),
    turn: lines(`
      But that is only what it looks like from the [place].
      Here is where I would have stopped, and did not.
      What nobody mentions is who swept up afterwards.
      I said so at the time, to a [person], who [deed].
      Still, one of us ought to go and look.
      It weighs more than it did; feel.
      And it has to be back before [hour], that was the condition.
      I am not complaining. I am only counting, and I get [number].
      Both can be true, the way a door is both sides.
      One more thing, and then I shall let you.`),
    offer: lines(`
      Tell me what was in the other hand.
      What would you put in its place: a [thing], or nothing at all?
      Who let you in, that first time?
      I leave you this: a [colour] [thing], no label. It is your move.
      Where does it go when the [place] is shut?
      If you had to hide it from a [person], where?
      Your turn. Begin with [sound] and leave out the ending.
      What did it cost, and who paid?
      I have put a [small] on the table. You need not say anything about it.
      Would you have opened it?
      Say the next thing before [sound] stops.
      And the [person]: did they ever come back for it?
      Which of us is holding the [thing] now?
      Let us see what it does when we both look away.`),
    hello: lines(`
      Good; you are there. I have brought a [thing] and no explanation.
      I will begin, since somebody must: it was [hour], and there was [sound].
      Come in. Mind the [thing]; it was here before us.`),
  },
  speak(scene) {
    const first =
      scene.values.it === undefined
        ? scene.say('hello')
        : scene.say(scene.values.asked && scene.chance(0.5) ? 'asked' : 'answer')
    const parts = [first]
    const shape = scene.int(0, 4)
    if (shape === 0) return `${first}\n\n${scene.say('offer')}`
    parts.push(...scene.several('image', shape >= 3 ? 2 : 1))
    if (shape !== 2) parts.push(scene.say('turn'))
    const body = parts.join(' ')
    return shape === 4 ? body : `${body}\n\n${scene.say('offer')}`
  },
}
