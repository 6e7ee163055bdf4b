import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** A proud old building speaks as itself; four people with a rope answer. */
export const dungeon: Manner = {
  words: {
    rope: lines(`
      A rope, then. It has been long since anyone let a rope into me. It is new, and smells of [smell], and does not reach: they had to drop the last of the way, all four, and one swore. I have kept the word. Light. I had forgotten what I do with light. There is my entrance hall, with its [number] counters and my brass rails gone green, and water as far as the ankles, which I regret. A way goes down beside the clock. Another goes through the door marked for widows.`),
    show: lines(`
      I let them into my waiting room. The benches still face the wall, as people preferred. Ways out: the low arch, and the stair with the missing third.
      This is my corridor of forms. I have kept one of each. They hang in the damp like fish, and turn when somebody breathes. It goes on to the left, and to the left again.
      Here I am widest. There is a counter, and behind the counter the dark where the clerk sat; a [thing] lies ready there, and nobody has dared. Two doors, of which I like one.
      My archive. The water has read everything up to the fourth shelf. On the fifth lies a [thing], dry, and I am rather proud of it. One hatch, one ladder, one thing that is neither.
      They have come to my lift. It is at another floor. It has been at another floor since [hour] on a day in autumn, with somebody's [thing] in it.
      I show them the stair that I do not show. It was built by the lowest bidder and I have been ashamed of it, and careful with people on it, for a long time.
      The room with the scales. They weighed what people brought; later they weighed the people. There is [sound], and it is only me.
      A [animal] lives here, pale, with a stamp on its back. It has young. It stands in the door and makes itself as large as a widow.`),
    result: lines(`
      What they did with the {it} was clever, and I held still for it.
      The {it} gave way, as I had meant it to, though not so soon. I caught the one I could.
      I had thought they would take the {it}. They put it back, and straight. I do not know what to do with that.
      It went badly. My step, the third, as I said to the builder at the time. Nobody drowned.
      It went better than they hoped: the bolt was rust, and I leaned.
      They got through, and it has cost them a [thing] and somebody's good shoe.
      The echo that they heard was not mine. I have asked it to be still.`),
    want: lines(`
      There is a lamp on my lowest floor. I mention it for no reason.
      I should have liked them to read what is on the wall. One of them cannot, I think. It was to that one that I held it up.
      Nobody has said good evening. I note it; I have the forms.
      I dripped on the one who is kind, so that they would know it was a choice.
      If one of them were to wind the clock I would not stand in the way.
      They asked the walls whether anybody was there. I did not trust my voice.`),
    party: lines(`
      **{a}:** I was here as a girl, with my father and a chicken. We took a number. I've still got the number.
      **{b}:** It's damp. That's all it is, with a roof on. I've plastered worse.
      **{c}:** Don't touch the {it}. Or do, but say so first, I'd like to be behind somebody.
      **{d}:** I'm not going up again. I only say that so nobody waits.
      **{b}:** That stair's been bodged. Look at the riser. I'd not send a bill for that.
      **{a}:** They kept you standing until you confessed to things. I confessed to the chicken.
      **{c}:** What's it say? No, I can read, I want to hear you do it.
      **{d}:** Give the {it} to me, I've nothing to lose it with.
      **{c}:** Torch is going. I counted it, it's going faster on your side.
      **{b}:** If it wanted us dead we'd be dead. It wants us to wipe our feet.
      **{a}:** There was a man behind that window with one sleeve. Don't look, he might still be owed.
      **{d}:** (to the wall) You keep yourself very nicely, considering.
      **{c}:** Is nobody going to say that there is [sound]? No? I'll say it. There is [sound].
      **{b}:** [^animal]s don't guard. They've got something in there. Leave it a biscuit.
      **{a}:** The {it} wasn't there in my day. Somebody's been back.
      **{d}:** My wife paid here. [^number] years, every quarter. I want to see where it went.
      **{c}:** I vote for the door. I vote for it from here.
      **{b}:** Rope first, then the {it}, then pride.`),
    deed: lines(`
      {^a} winds the clock, because it is there. The others wait.
      Gently, they lift the {it} and look beneath it.
      Together they go down by the left side of the stair, {b} first.
      Somebody leaves a biscuit on the sill and steps back.
      Nobody takes the {it}; they set it straight and go on through the arch.
      {^d} holds the torch, and {c} reads out what is written there, letter by letter.
      Slowly {b} ties the rope to the counter and lets it down into the hatch.
      They say good evening to the room, one after the other, and cross it.
      Quietly they follow the water.
      {^c} puts the [thing] in the bag and takes something else out to make room.`),
    intro: lines(`
      **{a}**, pastry cook; good with weights; remembers too much; was here before, with a chicken.
      **{b}**, plasterer; can hear a hollow wall; never believes the first thing; came for the brass.
      **{c}**, notary's clerk, cannot read and has hidden it for years; quick hands; talks when afraid; came to see one form.
      **{d}**, tram driver, retired; steady; does not count the way back; has already watered the plants.`),
    carried: list('rope, brass stamp, biscuits, a chicken’s number, string, one good shoe, the clock key, a wet form'),
  },
  speak(scene) {
    return /You are a dungeon|dungeon\. You/i.test(scene.heard.system.slice(0, 100)) ? building(scene) : party(scene)
  },
}

function building(scene: Scene): string {
  const turn = scene.heard.spoken
  const torches = Math.max(1, 3 - Math.floor(turn / 6))
  const kind = Math.floor(turn / 3)
  const count = `\`torches ${torches} | wounds ${1 + Math.floor(turn / 7)} | carried: ${scene.once('carried')}, ${scene.once('carried', 1 + (turn % 5))} | floor ${Math.min(9, 1 + Math.floor(turn / 2))} of 9 | they have been kind to me ${kind} ${kind === 1 ? 'time' : 'times'}\``
  if (turn === 0) return `${scene.say('rope')}\n\n${count}`
  const body = [scene.say('result'), scene.say('show'), ...(scene.chance(0.7) ? [scene.say('want')] : [])]
  return `${body.join(' ')}\n\n${count}`
}

function party(scene: Scene): string {
  const [a, b, c, d] = [0, 1, 2, 3].map((nth) => scene.once('name', nth))
  const values = { a, b, c, d }
  if (scene.heard.spoken === 0) {
    const four = [0, 1, 2, 3].map((nth) => scene.fill(introOf(nth), values))
    return `${four.join('\n')}\n\n${scene.say('deed', values)}`
  }
  return `${scene.several('party', scene.int(2, 3), values).join('\n\n')}\n\n${scene.say('deed', values)}`
}

/** In the order of their names, unlike everything that is dealt. */
function introOf(nth: number): string {
  return dungeon.words.intro?.[nth] ?? ''
}
