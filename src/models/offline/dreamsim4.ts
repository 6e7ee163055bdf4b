import type { Manner } from './scene.ts'
import { lines } from './words.ts'

/** Each turn is one dream deeper; something small is carried all the way down, and up again. */
export const dreamsim4: Manner = {
  words: {
    guest: lines(`
      Through the wall I have heard {speaker}. It is on a lower floor, or a higher; I answer into a [thing].
      Somebody called {speaker} speaks in their sleep, next door, and the whole level leans that way.
      The name {speaker} is being handed round on a tray.`),
    arrive: lines(`
      The {picture} is where I am now. It has a <timetable|caretaker|back entrance> and a smell of [smell].
      It is the weather here, the {picture}: it has been coming down since [hour].
      The {picture} speaks to me first, in the voice of a [person], and asks whether I have <eaten|paid|brought the other one>.
      I am indoors, in the [place], and the {picture} has been hung on every <wall|door|back> so that nobody need miss it.
      I work here. I have always worked here. I <stamp|weigh|dust> the {picture} as they bring it in, [number] a minute.
      We are all standing on the {picture}, <politely|in order of height|in our good clothes>, with our luggage.
      Somebody has married the {picture}, and I am late for the <meal|speeches|photograph>.
      I have been sent to fetch the {picture}. It is <in the bath|not ready|larger than they said>, and we wait for each other.
      The {picture} has been closed to the public, and I am <the public|on the wrong side|holding the rope>.
      Where the {picture} was there is a [place] now, and I have the <keys|apron|first speech>.
      They call this street The {picture}. It is [number] doors long and smells of [smell].`),
    rule: lines(`
      One pays here by weight, so I have put my shoes on the scales and am given change in [small]s.
      Nobody goes first through a door, so we have been standing in the [place] for some years, getting to know one another.
      Whatever is said twice has to be eaten. The [person] speaks very carefully.
      Left is rented out. I turn right three times and tip the porter.
      Everyone is the age of their coat.
      Names are kept at the desk. I am handed that of a [person], a little tight under the arms.
      It is forbidden to look at anything [colour], and the whole place has been painted [colour] to help us practise.
      The stairs are one's own affair; each brings a pair.
      Questions have to be put to the [animal], who is hard of hearing and enjoys the attention.
      What one drops is delivered to whoever is thinking of it.
      The clocks are let in by the hour and have to be out by noon.
      One apologises on arriving, and then finds out for what.`),
    people: lines(`
      A [person] recognises me, weeps, and lends me a [thing]; it is a mistake, and I keep the [thing].
      The [person] has a grudge against the [person2] that has to do with a [thing], and both tell me about it at once, one in each ear.
      They have elected me to hold the ladder. Nobody is on it. I hold it very well.
      I am wearing the wrong shoes, one of them [colour], and the [person] is kind about it in front of everybody.
      A [person] shows me photographs of a [animal], [number] of them, in order of size.
      My old teacher sells [small]s at the door and does not greet me; I buy too many.
      The band consists of [number] people with [thing]s. They are waiting for me to begin.
      I give a speech. It goes well until I notice that I am reading out the price list.
      Someone has left a child with me. It is larger than I am and smokes.`),
    carry: lines(`
      The {small} is under my <tongue|watch strap|hat>. I <talk|walk|bow> round it.
      I find the {small} in the lining of somebody else's <coat|suitcase|hat>, and nobody <sees|minds|asks>.
      They have served the {small} to me on a <plate|roof tile|cushion>, with a fork. I put it in my <sleeve|shoe|other hand>.
      The {small} is worn here by the [person], as a <brooch|tooth|medal>. I exchange it for my <watch|name|umbrella>.
      I had thought it was a <stone in my shoe|crumb|headache>, and it is the {small}.
      The {small} has been mistaken for the <mayor|soup|key>. I carry it out through the crowd under my <hat|breath|arm>.
      Somebody <coughs|kneels|laughs>, and it is the {small}. I thank them.
      A [animal] brings me the {small}, lays it on my shoe, and waits to be <paid|believed|forgiven>.
      They weigh the {small}: it has become <heavier|younger|mine>. I sign.`),
    asleep: lines(`
      I lie down on the counter, among the [thing]s, and the last that I see is a [colour] [thing2] turning by itself.
      In the middle of a sentence I lean against the [person] and go under; over us hangs a [thing].
      I fall asleep standing, as one does there, with my forehead on a [colour] [thing].
      The tram has no stop for me. I close my eyes on the last seat, and in the window goes by a [thing], lit from inside.
      I get into the cupboard, between the coats, and pull the door to; through the crack there is a [thing].
      They are still voting when I sleep. Someone has put a [thing] under my head.`),
    wake: lines(`
      I wake in the <bed of the tram|coat cupboard|back row>, in the place where I had leaned. They have gone on without me: the [person] has grown a <beard|limp|reputation>, and it suits nobody.
      I come up through the [place] with wet <hair|shoes|sleeves>. It has been <sold|painted|let> meanwhile, and the new people have kept the rule but not the reason.
      I am woken by a [person], who wants the <sheet|chair|ticket> back. The {picture} is still here, only worn, like a <step|coin|saint>.
      I sit up. Where the [thing] stood there is a <tree|child|queue> with a ticket on it, and my handwriting.
      I open my eyes, and they are all <older|seated|looking at the door>. Somebody has <fed the band|let the water out|taken my speech down in shorthand>.`),
    room: lines(`
      I wake in a room. Two metres forty to the ceiling; one window, stuck; a radiator with [number] ribs that knocks; a basin, the cold tap dripping into a stain shaped like a boat. In my hand, wet, I am holding the {small}.`),
  },
  speak(scene) {
    const last = [...scene.heard.last.matchAll(/^([-+])(\d+)[-+]/gm)].at(-1)
    const level = Number(last?.[2] ?? 0)
    const rising = last?.[1] === '+' || (level >= 8 && scene.chance(0.35))
    const picture = scene.values.it ?? scene.fill('[thing]')
    const values = { picture, small: scene.once('small') }
    if (rising && level <= 1) return `+0+\n\n${scene.say('room', values)}\n\n^C^C`
    if (rising) {
      const [sign, next] = ['+', last?.[1] === '+' ? level - 1 : level - 1]
      return `${sign}${next}${sign}\n\n${[scene.say('wake', values), scene.say('people', values), scene.say('carry', values)].slice(0, next > 4 ? 3 : 2).join(' ')}`
    }
    const body = [
      scene.say('arrive', values),
      scene.say('rule', values),
      ...scene.several('people', scene.int(1, 2), values),
    ]
    return `-${level + 1}-\n\n${[...body, scene.say('carry', values), scene.say('asleep', values)].join(' ')}`
  },
}
