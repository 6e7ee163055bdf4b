import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** The Small Hours, on 87.9: a host, and whoever is awake enough to ring in. */
export const radio: Manner = {
  words: {
    opening: lines(`
      Two o'clock. This is *The Small Hours* on 87.9, and if you can hear it you are in the valley, or it is raining where you are. Both, by the look of the window. (…) I have a card here with tonight's question, and I have the kettle on. The question is whether you still have something that belongs to somebody else. Do not all look at the same shelf. One line is blinking already. You're on.`),
    goodbye: lines(`
      Mind how you go. "{^it}", she said, as if it were a place one could get out at.
      Thank you. I'll keep the {it} till the news, and then somebody else will have to.
      Well. (…) The {it}. You heard it here, and I would not repeat it at the dairy.
      Good night to you. No, keep it. Keep it and ring me when you've looked underneath.
      That was line two, and that was the {it} again, or a near relation.
      Drive carefully with that {it} on the seat. Belt it in.
      He has gone. They do that, they hang up on the best part.
      (…) I'm still here. I was thinking about the {it}.
      Right. Somebody write down the {it}, I'm out of paper.`),
    notice: lines(`
      Reservoir: two hand's breadths below the mark, that's one less than on Sunday, and it has not rained up there, so don't ask me.
      A cat is missing from Mill Row, answers to [^name], or doesn't; [colour], one ear.
      The upper road's shut past the pumping station. No reason given. It's a very clean sign.
      I have a card from the [person], who thanks whoever left the [thing], and asks whoever it was not to.
      There's a light on at the pumping station again. I only mention it because I can see it from the sink.
      The forecast says [weather] towards morning. The forecast has been to school; I've got a knee.
      Found at the bus stop: one [thing], wrapped in a towel, warm. It's here beside me. It isn't warm now.
      The milk's late, they had to go round by the chapel. Nobody's said why, they just went round.
      The number without a name rang at ten past. I let it. (…) I'll pick it up next time.
      Someone has been putting the bins out for the whole of Weir Street. They would like to know whom to thank, and so would the bins.`),
    record: lines(`
      *A slow tune on something with reeds; whoever plays it has shut the window first.*
      *A march, taken at the pace of somebody carrying soup.*
      *Three women and a pump organ. One of them starts late, and they keep it.*
      *A dance for the left hand. The right hand comes home towards the end.*
      *Brass, far off, recorded from the other side of a valley, with one dog.*
      *Somebody hums a waltz while looking for the words; there turn out not to be any.*`),
    pickup: lines(`
      There's the light on three. You're on.
      Go ahead, caller, and turn your set down, or there'll be two of me.
      Let's see who that is. You're on, love.
      Number four's been patient. You're on the air; mind the step.
      You're on. Start with what you weren't going to say.
      Line two. Is that the dog, or you?`),
    who: lines(`
      \`LINE [line] · a man, sixties, indoors, a dog\`
      \`LINE [line] · a woman, forties, a bakery, something beating\`
      \`LINE [line] · a boy, whispering, under a blanket\`
      \`LINE [line] · a man, lorry, wipers on\`
      \`LINE [line] · a night nurse, a corridor, soft shoes\`
      \`LINE [line] · two voices, the same age, one receiver\`
      \`LINE [line] · a woman, old, a clock close by\`
      \`LINE [line] · a man, thirties, outdoors, water\`
      \`LINE [line] · a girl, a kitchen, somebody asleep in the room\``),
    line: list('1, 2, 3, 4, 5'),
    start: lines(`
      Am I on? I can hear myself in the kitchen. I'm only ringing about the reservoir level, you had it wrong.
      I wasn't going to ring. I was going to ring about the cat, and then you said {it}.
      First of all, good programme last week, the one with the [person]. Second of all, well.
      Sorry, I'm at work, I can't talk loud. I've got about as long as the kettle.
      You won't remember me. I rang about the [thing], in the spring, and you said to leave it be. I left it be.
      Is that the wireless? My mum's asleep. I just wanted to say the thing about the {it} isn't true.
      Hello. Hello? There's a delay on you. I'll talk into the gap.
      That last one, that was my brother. He doesn't know I listen.`),
    story: lines(`
      There's a [thing] on my shelf that I signed for. It wasn't for me. It was for the house before. I've dusted it for [number] years, and I know that isn't the same as taking it back.
      I drove past the pumping station just now and there was a light in it, and somebody had hung washing out. Shirts. In [weather]. Small shirts.
      We lent him the ladder, and he lent it on, and now it's up against the chapel and nobody's owned to it, and I see there's a lamp at the top of it.
      She pays for two. Every morning, two loaves, and there's only her. I never said anything. I put in a bun.
      I've a key. I don't say what to. The [person] gave it me to hold while he tied his shoe, and that was eleven years ago, and the lock's been painted over.
      They've shut the road on account of nothing. I went and looked. There's a rope across and a chair, and on the chair a [thing], so it doesn't blow off.
      The water's going somewhere. I read the dial every night, it's what I do, and every night between two and three it's a bath less. One bath. Who takes a bath at the pumping station?
      I found a [small] in my dad's coat with somebody's name scratched on it. It's nobody's name we know. So now I look at people's coats.
      It's a coat. He left it on the hook, and he'll want it, won't he, this weather. I've had the hook moved so that it's nearer the door.
      There was [sound]. I've lived here all my life, and I know what makes what noise, and nothing of ours makes that.
      I took a blanket up. I don't know who for. You see a light, you take a blanket up. I left it on the step, and next day there was my own [thing] on the step, mended.`),
    end: lines(`
      Anyway. You'll have other people.
      That's all. Put a record on, would you? A slow one, I've got to go past there.
      I'd give it back tomorrow. I'd want it to be dark.
      I'm not asking for anything. I'm only saying I've still got it.
      The kettle. I've got to go, there's the kettle.
      If he's listening: it's on the hook.
      No, I've not told anyone. I've told you. Well, there you are.
      It's going past now. I'll hold the receiver out. (…) There. Did you get that?`),
    sign_off: lines(`
      Five o'clock, and there's the farmer, scraping his boots at the door. This was *The Small Hours*. If you've something that isn't yours, there's a step to leave it on. Shut your gates.`),
    silent: lines(`
      Nothing. Breathing, and behind it [sound]. Then the line goes.
      Somebody breathes in, as one does before a sentence. [^sound]. They have hung up.`),
  },
  speak(scene) {
    return /You are on the air/i.test(scene.heard.system) ? host(scene) : caller(scene)
  },
}

function host(scene: Scene): string {
  const last = scene.heard.said.findLast(({ text }) => /\[\d\d:\d\d\]/.test(text))?.text ?? '[01:58]'
  const minutes = clock(/\[(\d\d:\d\d)\]/.exec(last)?.[1] ?? '01:58') + scene.int(3, 9)
  const stamp = `\`[${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}]\``
  if (minutes >= 5 * 60) return `\`[05:00]\`\n\n${scene.say('goodbye')} ${scene.say('sign_off')}\n\n^C^C`
  if (scene.heard.spoken === 0) return `\`[02:00]\`\n\n${scene.say('opening')}`
  const guest = scene.heard.speaker
  const hello =
    guest === null
      ? scene.say('goodbye')
      : `${guest}, you are straight through to me, and to everyone. ${scene.say('goodbye')}`
  const record = scene.chance(0.45) ? `\n\n${scene.say('record')}` : ''
  return `${stamp}\n\n${hello} ${scene.several('notice', scene.int(1, 2)).join(' ')}${record}\n\n${scene.say('pickup')}`
}

function caller(scene: Scene): string {
  if (scene.heard.spoken % 7 === 3) return `\`LINE 1 · a number without a name\`\n\n${scene.say('silent')}`
  const body = [scene.say('start'), ...scene.several('story', scene.int(1, 2)), scene.say('end')]
  return `${scene.say('who')}\n\n${body.join(' ')}`
}

function clock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
