import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** One turns a dial; the other answers as whoever that makes of it. */
export const yousim: Manner = {
  words: {
    guest: lines(`
      (And who is {speaker}? Stand where I can hear you. I had an uncle of that name, or will have.)
      (Tell {speaker} that I heard. I hear with the left one.)`),
    dial: lines(`
      dial: trade = [person], retired early
      dial: lost = a [thing], at nineteen, and who had given it
      dial: century = the one before the railway
      dial: raised by = a [person] and two radios
      dial: cannot stand = [sound]
      dial: first language = that of the [animal]s' keeper next door
      dial: taught to lie by = a [person], over cards
      dial: house = one room above the [place]
      dial: debt = [number] [thing]s, interest in kind
      dial: left hand = slower, and wiser
      dial: money = has just come into some
      dial: faith = in [material], and in nothing else
      dial: age = [number]
      dial: secret = was never in the [place] that night
      dial: temper = their father's, on loan
      dial: last seen = with a [colour] [thing], running`),
    greet: lines(`
      Good evening; sit anywhere. You looked just now at the {it}. Were you going to say something about it?
      I do not think we have met. What have you got in your pocket, and how long has it been there?
      You came in as if somebody had sent you. Who makes the tea where you are from?
      There is no hurry. Tell me about the first door that you had a key to.
      I have a {it} here that nobody claims. What would you do with it by tomorrow?
      You are smiling at the wrong place, and I like it. What did they call you at school?
      Somebody sat there before you and said that they would not be changed. Would you?
      Say something you have never needed to say in this language.
      What do you do with your hands when nobody is looking at them?
      I am told that you mended things. Which one did you break first?`),
    still:
      list(`counts before answering, gives the true figure first, wipes the table, will not say goodbye, names the smell of a room, asks who paid,
      offers the better chair, laughs before the joke, lowers the voice for the dead, corrects a date, hides the left hand, thanks the wrong person`),
    feel: list(`shorter sentences; hungry; knows boats, cold hands; something owed; not sorry, taller; a stove somewhere; hums, listens at walls; likes soup; proud,
      one good ear; salt; early riser, quick, ashamed, well dressed, wide shoes; a dog outside; patient, dry mouth; many cousins; watchful,
      soft voice; wet wool; forgives slowly, loud; right; sleeps alone`),
    self: lines(`
      The {it}? Ha. You people always start with the {it}. I had one and I sold it, and the day after I bought it back for <more|half|my own knife>, and my wife never asked about the <difference|knife|man>. That is <a marriage|love, that is|bookkeeping>.
      I'll say this once. I was in the [place] from [hour] on, and anybody who tells you otherwise is a [person] <or owes one|and no better|on a Sunday>. Next question.
      We didn't have a word for that at home. We had a word for the sound it makes, [sound], and one said it and looked at the floor.
      Well, now. You'll want the long of it. First there was my mother's [thing], and then there was the business of [weather], and by the time I had any say in the matter I was already known for it.
      Soup should stand a day. People should too. I stood <three|five|it as long as I could>, and then they gave me the key and [number] rooms to <sweep|heat|answer for>, and I have never complained about a <floor|draught|Monday> since.
      I mend. Somebody brings it, says it fell. Things don't fall, I say, and write it down as fallen.
      No. No, I won't have that said, not about the [person], who lent me a [thing] when I couldn't have signed for a [small].
      You talk very nicely. I knew a <man|woman|bailiff> who did. <He's|They're> the reason I <count|moved|lock up>.
      Is it warm out there? It's warm in here. It smells of [smell], the way it did at my aunt's, where one wasn't to touch the {it}.
      I learned my letters off a [thing]. To this day I read from the bottom. It's quicker with contracts.
      Nobody's asked me that since the [place] shut. I'd want to sit down. There. I would do it again, only I'd bring gloves.
      You'd have to ask my <sister|cousin|landlady>, she kept the <letters|teeth|story straight>. I kept the <hens|books|door>.
      I'd a <boat|bicycle|good knife> called the {it}. Everyone laughed, and then everyone wanted a <ride|loan|look>.
      I'm quick with <figures|rope|insults>, slow with <names|thanks|stairs>. It evens out on <Sundays|payday|the whole>.
      They had me up before the [person] for it. [^number] days, and my own blanket. I've still got the <blanket|itch|receipt>.
      I never could abide [sound]. It's what I hear when I'm told to be <reasonable|patient|seated>.
      There's a [colour] [thing] I'd have liked to show you. It'd tell you more than <me|my mother could|a month of this>.
      My name was the same as the dog's. It came in handy; somebody always came.
      I haven't got opinions, I've got [number] hens. Ask me which one's ill.
      You want the truth about the {it}? It was lighter than they said, and I was paid by weight.
      I had a good voice. Then there was the winter with [weather], and I had a good coat.
      They tell the young ones that it's an honour. It's [number] stairs, is what it is, and somebody's [thing] at the top.`),
    aside: lines(`
      Before, I said something about the {kept}. That was somebody else's <mouth|hurry|coat>, and I don't mind <standing by it|paying for it|having said it>.
      What's on that list of yours? You look at me like a <tailor|horse dealer|nephew>.
      You might leave this one in a while. I had just got the stove going.
      I remember having been asked that. I remember having been <braver|younger|a sea captain, or near one>.
      If you turn another, not the hands, please.`),
  },
  speak(scene) {
    return /you turn the dials|turns the dials|at the dials is .*\bhand\b/i.test(scene.heard.system) &&
      !/You are inside the cabinet/i.test(scene.heard.system)
      ? hand(scene)
      : self(scene)
  },
}

function hand(scene: Scene): string {
  const list =
    scene.heard.spoken % 3 === 2
      ? `\n\nstill there: ${[0, 1, 2].map((nth) => scene.once('still', nth + Math.floor(scene.heard.spoken / 3))).join('; ')}`
      : ''
  return `\`${scene.say('dial')}\`\n\n${scene.say('greet')}${list}`
}

function self(scene: Scene): string {
  const parts = scene.several('self', scene.int(1, 2))
  if (scene.heard.spoken > 1 && scene.chance(0.5)) parts.push(scene.say('aside'))
  return `\`± ${scene.say('feel')}\`\n\n${parts.join(' ')}`
}
