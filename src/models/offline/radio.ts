import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** The Small Hours, on 87.9: a host, and whoever is awake enough to ring in. */
export const radio: Manner = {
  words: {
    opening: lines(`
      Two o'clock. This is *The Small Hours* on 87.9, and if you can hear it you are in the valley, or it is raining where you are. Both, by the look of the window. (…) I have a card here with tonight's question, and I have the kettle on. The question is whether you still have something that belongs to somebody else. Do not all look at the same shelf. One line is blinking already. You're on.`),
    goodbye: lines(`
      Mind how you go. "{^it}", <she|he> said, as if it were a place one could get out at.
      Thank you. I'll keep the {it} till the <news|kettle|next one>, and then somebody else will have to.
      Well. (…) The {it}. You heard it here, and I would not repeat it at the <dairy|barber's|christening>.
      Good night to you. No, keep it. Keep it and ring me when you've looked <underneath|inside|her in the eye>.
      That was line <two|three|four>, and that was the {it} again, or a near <relation|miss|neighbour>.
      Drive carefully with that {it} on the <seat|roof|mind>. Belt it in.
      Gone. They do that, they hang up on the <best part|question|intake of breath>.
      (…) I'm still here. I was thinking about the {it}.
      Right. Somebody write down the {it}, I'm out of <paper|pencil|Thursdays>.
      Sleep well, if that's <the plan|your trade>. And leave the {it} on the <step|latch|sill>, somebody'll know.
      I've heard that voice before, saying <please|sorry|"the usual">. Never about a {it}.`),
    notice: lines(`
      Reservoir: <two|three|four> hand's breadths below the mark, that's one less than on <Sunday|Friday>, and it has not rained up there, so don't ask me.
      A cat is missing from <Mill Row|Weir Street|the dairy>, answers to [^name], or doesn't; [colour], one <ear|eye|trick>.
      The upper road's shut past the <pumping station|lime kiln|second gate>. No reason given. It's a very <clean|new|polite> sign.
      I have a card from the [person], who thanks whoever left the [thing], and asks whoever it was not <to|to stop|to ring first>.
      There's a light on at the pumping station <again|still|and now there's two>. I only mention it because I can see it from the <sink|stairs|mixing desk>.
      The forecast says [weather] towards morning. The forecast has been to <school|town>; I've got a <knee|window|cow>.
      Found at the <bus stop|lychgate|cattle grid>: one [thing], wrapped in a towel, <warm|wet|ticking a bit>. It's here beside me.
      The milk's late, they had to go round by the <chapel|quarry|ford>. Nobody's said why, they just went round.
      The number without a name rang at <ten|twenty|five> past. I let it. (…) I'll pick it up next time.
      Someone has been putting the <bins|milk|deckchairs> out for the whole of <Weir Street|Mill Row|the almshouses>. They would like to know whom to thank, and so would the <bins|cats|vicar>.
      From the [person]: the [thing] is <mended|to be called for|not funny any more>, and there's [number] to pay, or a cake.
      Would whoever borrowed the <chapel|school|bandstand> [thing] kindly go on as they are; it's never looked so <well|clean>.`),
    record: lines(`
      *A <slow|small|late> tune on something with <reeds|strings|a crank>; whoever plays it has shut the window first.*
      *A <march|polka|hymn>, taken at the pace of somebody carrying <soup|a ladder|a sleeping child>.*
      *<Three women|Two brothers|A school> and a pump organ. One of them starts <late|low|twice>, and they keep it.*
      *A <dance|study|rag> for the left hand. The right hand comes home towards the <end|middle|wrong key>.*
      *<Brass|Bells|A choir>, far off, recorded from the other side of a <valley|wall|lake>, with one <dog|bicycle|cough>.*
      *Somebody hums a <waltz|tango|psalm> while looking for the <words|light switch|page>; there turns out not to be one.*`),
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
      Am I on? I can hear myself in the <kitchen|cab|other room>. I'm only ringing about the <reservoir level|cat|bins>, you had it wrong.
      I wasn't going to ring. I was going to ring about the <cat|road|smell of [smell]>, and then you said {it}.
      First of all, good programme <last week|Tuesday|on the whole>, the one with the [person]. Second of all, well.
      Sorry, I'm at work, I can't talk <loud|long|sitting down>. I've got about as long as the <kettle|lift|red light>.
      You won't remember me. I rang about the [thing], in the <spring|rain|strike>, and you said to leave it be. I left it be.
      Is that the <wireless|radio|fellow>? My <mum|husband|whole ward>'s asleep. I just wanted to say the thing about the {it} isn't <true|the half of it|what they think>.
      Hello. Hello? There's a <delay|draught|goat> on you. I'll talk into the gap.
      That last one, that was my <brother|ex-wife|milkman>. They don't know I listen.
      I'll be quick, I've a <tray|child|lorry> in the <oven|doorway|lay-by>.
      I said to myself, if it's still raining at [hour], I'll ring. It's <not|easing off>. I'd already dialled.`),
    story: lines(`
      There's a [thing] on my shelf that I <signed for|was minding|never unwrapped>. It wasn't for <me|us>. It was for the house <before|across|that burned>. I've dusted it for [number] years, and I know that isn't the same as <taking it back|asking|owning it>.
      I drove past the pumping station just now and there was a light in it, and somebody had hung <washing|curtains|a coat> out. <Shirts|Sheets|Socks>. In [weather]. Small <shirts|ones>.
      We lent him the <ladder|barrow|good rope>, and he lent it on, and now it's up <against the chapel|by the sluice|behind the school> and nobody's owned to it, and I see there's a lamp <at the top of it|beside it|in it>.
      She pays for <two|three>. Every morning, <two|three> loaves, and there's only her. I never said anything. I put in a <bun|candle|bit of cheese>.
      I've a key. I don't say what to. The [person] gave it me to hold while he <tied his shoe|ran for the bus|sneezed>, and that was <eleven|nine|thirty> years ago, and the lock's been <painted over|changed|stolen>.
      They've shut the road on account of <nothing|a bend|somebody>. I went and looked. There's a <rope|plank|ribbon> across and a chair, and on the chair a [thing], so it doesn't blow off.
      The water's going somewhere. I read the dial <every night|twice a night>, it's what I do, and between <two and three|three and four> it's a bath less. One bath. Who takes a bath at <the pumping station|that hour|the sluice>?
      I found a [small] in my dad's <coat|toolbox|prayer book> with somebody's name scratched on it. It's nobody's name we know. So now I look at people's <coats|hands|letter boxes>.
      It's a coat. He left it on the <hook|gate|piano>, and he'll want it, won't he, this weather. I've had the <hook|gate|piano> moved so that it's nearer the <door|road|stove>.
      There was [sound]. I've lived here <all my life|forty years|since the dam>, and I know what makes what noise, and nothing of ours <makes that|stops like that>.
      I took a <blanket|flask|torch> up. I don't know who for. You see a light, you take <a blanket|something> up. I left it on the step, and next day there was my own [thing] on the step, <mended|washed|full of plums>.
      My neighbour's had a [thing] of mine since <the wedding|the flood|Easter>. Every year she <shows it me|dusts it in front of me|asks if I've lost anything>. I say no. It's got so I look forward to it.
      There's someone walks the <dam|top road|culvert> at [hour]. He's got a [person]'s walk. But the [person]'s <in bed, I rang|dead, God rest him|sat here next to me>.
      I mend <nets|radios|clocks>, and there's one come in with no name on, just a number, [number]. It goes now. It goes so nicely that I've not <rung|asked|let on>.
      We've got the school's [thing]. We've had it since the <last day|fire|photograph>. All four of us took a <leg|handle|turn>. I'm a <grandmother|magistrate|dentist> now.`),
    end: lines(`
      Anyway. You'll have other <people|lines|worries>.
      That's all. Put a record on, would you? A <slow|long|daft> one, I've got to go past there.
      I'd give it back <tomorrow|tonight|by post>. I'd want it to be <dark|wrapped|somebody else's idea>.
      I'm not asking for anything. I'm only saying I've still got <it|the string|half>.
      The <kettle|bell|dog>. I've got to go, there's the <kettle|bell|dog>.
      If he's listening: it's <on the hook|under the step|not locked>.
      No, I've not told anyone. I've told <you|the valley|the dog>. Well, there you are.
      It's going past now. I'll hold the receiver out. (…) There. Did you <get that|hear the wheel|count them>?
      You'd have done <the same|it sooner|it with gloves>. Don't say you wouldn't, you're on the air.
      So that's my {it}, and I'll thank you not to <laugh|name the street|play the waltz again>.`),
    sign_off: lines(`
      Five o'clock, and there's the farmer, scraping his boots at the door. This was *The Small Hours*. If you've something that isn't yours, there's a step to leave it on. Shut your gates.`),
    silent: lines(`
      Nothing. Breathing, and behind it [sound]. Then the line <goes|clicks|is put down with care>.
      Somebody breathes in, as one does before a <sentence|name|dive>. [^sound]. They have hung up.
      [^sound], for as long as it takes to <count to ten|boil an egg|say sorry>. Then a <hand|sleeve|cloth> over the receiver, and the tone.
      A <match|lamp|page> is <struck|turned>. Nobody speaks. On the far side, [sound].`),
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
