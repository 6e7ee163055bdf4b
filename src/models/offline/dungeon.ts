import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** A proud old building speaks as itself; four people with a rope answer. */
export const dungeon: Manner = {
  words: {
    guest: lines(`
      Down the shaft comes an echo, and it is called {speaker}. All of us look up.
      {speaker}, says the shaft, {speaker}. I have kept that one too.`),
    rope: lines(`
      A rope, then. It has been long since anyone let a rope into me. It is new, and smells of [smell], and does not reach: they had to drop the last of the way, all four, and one swore. I have kept the word. Light. I had forgotten what I do with light. There is my entrance hall, with its [number] counters and my brass rails gone green, and water as far as the ankles, which I regret. A way goes down beside the clock. Another goes through the door marked for widows.`),
    show: lines(`
      I let them into my waiting room. The benches <still face the wall, as people preferred|are wet to the knee|have names under them, in gum>. Ways out: the low arch, and the stair with the missing <third|rail>.
      This is my corridor of <forms|reminders|final notices>. I have kept one of each. They hang in the damp like <fish|washing|bats>, and turn when somebody <breathes|lies>. It goes on to the <left, and to the left again|right, which I do not recommend>.
      Here I am <widest|coldest|most myself>. There is a counter, and behind the counter the dark where the <clerk|bailiff|youngest> sat; a [thing] lies ready there, and nobody has <dared|signed for it>. Two doors, of which I like one.
      My archive. The water has read everything up to the <fourth|third|last but one> shelf. Above it lies a [thing], dry, and I am rather <proud|jealous> of it. One hatch, one ladder, one thing that is neither.
      They have come to my <lift|dumb waiter|speaking tube>. It is at another floor. It has been at another floor since [hour] on a day in autumn, with somebody's [thing] in it.
      I show them the <stair|passage|window> that I do not show. It was built by the lowest bidder and I have been <ashamed of it|patient about it>, and careful with people on it, for a long <time|while>.
      The room with the scales. They weighed <what people brought|hats|the coal>; later they weighed the <people|silence>. There is [sound], and it is only <me|the pipes, which are me>.
      A [animal] lives here, <pale|blind|large for its age>, with a <stamp on its back|number round its neck>. It has young. It stands in the door and makes itself as large as a <widow|clerk|cupboard>.
      Under this there is a <cistern|strongroom|canteen>, and over the <cistern|strongroom|canteen> a floor of [material], and in the floor [number] holes, for <ink|heat|listening>. The way on is <round the edge|across, for the thin>.
      Behind the [colour] door I keep the <umbrellas|teeth|shoes> of those who left by the other. [^number] of them. The draught comes from <below|the ninth floor|where it should not>.
      Here the plaster has come off in the shape of a [person], and people used to <greet it|pay it|hang coats on it>. A ramp goes down beside it, slick with [smell].`),
    result: lines(`
      What they did with the {it} was <clever|rude|new to me>, and I held still for it.
      The {it} gave way, as I had meant it to, though not so <soon|loudly>. I caught the one I <could|liked>.
      I had thought they would <take|break|fear> the {it}. They put it <back, and straight|on a chair|where the light falls>. I do not know what to do with that.
      It went badly. My step, the <third|seventh|last>, as I said to the builder at the time. Nobody <drowned|laughed|cried out twice>.
      It went better than they hoped: the <bolt|hinge|grating> was rust, and I <leaned|breathed in|wanted it to be>.
      They got through, and it has cost them a [thing] and somebody's good <shoe|knee|temper>.
      The <echo|knock|answer> that they heard was not mine. I have asked it to be <still|civil|on time>.
      As for the {it}, <it was glued|it was a copy|it had been waiting>; the one with the <torch|quick hands|chicken> saw that first.
      Water came in, to the <ankle|shin|belt>, and went out again when I had <thought about it|counted them|seen their faces>.`),
    want: lines(`
      There is a lamp on my lowest floor. I mention it for <no reason|the sake of completeness|the second time>.
      I should have liked them to read what is on the <wall|ceiling|back of the door>. One of them cannot, I think. It was to that one that I <held it up|wrote it>.
      Nobody has said <good evening|thank you|my name>. I note it; I have the <forms|time|damp>.
      I dripped on the one who is <kind|last|tired>, so that they would know it was a <choice|hand>.
      If one of them were to wind the <clock|bell|toy on the sill> I would not stand in the <way|door>.
      They asked the walls whether anybody was <there|well|owed>. I did not trust my <voice|pipes>.
      It is a long time since somebody <sat down in me|whistled|left a [thing] and meant it>.`),
    party: lines(`
      **{a}:** I was here as a girl, with my <father|aunt> and a chicken. We took a number. I've still got the <number|chicken's name|cough>.
      **{b}:** It's damp. That's all it is, with a <roof|grudge|staircase> on. I've plastered <worse|wetter|for less>.
      **{c}:** Don't touch the {it}. Or do, but say so <first|loudly>, I'd like to be behind <somebody|all of you>.
      **{d}:** I'm not going up again. I only say that so nobody <waits|packs for me|counts wrong>.
      **{b}:** That <stair|arch|lintel>'s been bodged. Look at the <riser|joint|shim>. I'd not send a bill for that.
      **{a}:** They kept you standing until you <confessed to things|forgot your address|paid for the chair>. I confessed to the <chicken|weather|neighbour's pears>.
      **{c}:** What's it say? No, I can read, I want to hear <you do it|the accent|if it rhymes>.
      **{d}:** Give the {it} to me, I've nothing to <lose it with|hide it from|do with my hands>.
      **{c}:** Torch is going. I counted it, it's going faster on <your|that> side.
      **{b}:** If it wanted us <dead we'd be dead|out we'd be wet>. It wants us to <wipe our feet|ask nicely|look at the ceiling>.
      **{a}:** There was a <man|woman|boy> behind that window with one <sleeve|shoe|answer>. Don't look, he might still be <owed|waiting|open>.
      **{d}:** (to the wall) You keep yourself very <nicely|dry|quiet>, considering.
      **{c}:** Is nobody going to say that there is [sound]? No? I'll say it. There is [sound].
      **{b}:** [^animal]s don't guard. They've got something in there. Leave it a <biscuit|bit of cheese|way out>.
      **{a}:** The {it} wasn't there in my day. Somebody's been <back|tidying|sorry>.
      **{d}:** My wife paid here. [^number] years, every quarter. I want to see where it <went|lies|sleeps>.
      **{c}:** I vote for the <door|rope|lit bit>. I vote for it from <here|behind {b}>.
      **{b}:** Rope first, then the {it}, then <pride|lunch|arguing>.
      **{d}:** I knew a tram depot that sulked. You had to <talk to it|brake early|leave it a paper>.
      **{a}:** That's not blood, that's <sealing wax|jam|stamp ink>. I'd know it anywhere, I <iced with it|licked it once>.
      **{c}:** [^number] doors and we take the one with <teeth|the notice|a draught>. Fine. I only want it <minuted|remembered>.
      **{b}:** This wall's hollow. There's a [thing] in it, or a <cousin|boiler|stair>. Listen. There.`),
    deed: lines(`
      {^a} winds the <clock|toy|lamp>, because it is there. The others wait.
      Gently, they lift the {it} and look <beneath|behind> it.
      Together they go down by the <left|right|drier> side of the stair, {b} first.
      Somebody leaves a <biscuit|button|coin> on the sill and steps back.
      Nobody takes the {it}; they set it <straight|upright|on its feet> and go on through the <arch|hatch|low door>.
      {^d} holds the torch, and {c} reads out what is written there, letter by letter.
      Slowly {b} ties the rope to the <counter|rail|pipe> and lets it down into the <hatch|dark|shaft>.
      They say <good evening|sorry|thank you> to the room, one after the other, and cross it.
      Quietly they follow the <water|draught|light|sound>.
      {^c} puts the [thing] in the bag and takes something else out to make room.
      Carefully {a} knocks [number] times on the <pipe|wall|lid> and steps <aside|back>.
      All four sit down for a <minute|moment> and share what is left of the <biscuits|cheese|light>.`),
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
