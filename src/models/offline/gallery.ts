import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** A curator hangs one work a room; a visitor looks at it and picks a door. */
export const gallery: Manner = {
  words: {
    guest: lines(`
      Another visitor, {speaker} by the cloakroom ticket, has said something in the next room; it carries.
      {speaker} is standing where one is not supposed to stand, and the guard pretends to read.`),
    title: lines(`
      [^thing], Seen from Behind
      Portrait of a [^person] as a Draught
      The Better Half of a [^thing]
      Study for an Apology
      [^thing] with Handle Missing
      What the [^animal] Kept
      Last Day at the [^place]
      [^number] Attempts at a [^thing]
      Instrument for Leaving a Room
      Supper, Cleared
      Untitled (It Was Titled)
      The [^person]'s Other Coat
      A [^thing] Lent to the Sea
      Uniform of a Service that Was Never Called`),
    maker: lines(`
      [^name], a [person] by trade
      Unknown hand, left
      Workshop of the widow [^name]
      Attributed to [^name], who denied it
      [^name] and a neighbour
      A pupil of the [place] evening class`),
    year: list('1887 1911 1931 1948 1956 1962 1974 1983 1990'.replaceAll(' ', ', ')),
    came: lines(`
      Left at the cloakroom.
      Exchanged for a [thing].
      Found in the wall when the lift was put in.
      Bequeathed by a [person], with conditions.
      Bought back twice.
      On loan since before the loan book.
      Delivered by mistake and kept on purpose.`),
    label: lines(`
      The [thing] stands left of the middle and leans towards the door. Its shadow, which is [colour], leans the other way, and was put there in [year] with a brush.
      From the top: a strip of [material], then a seam, then [number] holes, of which one has been used.
      The surface has been mended with [material] in more places than it has places. What you take for the original is the first repair.
      The maker had a [animal] that would not be left alone, and worked with one hand.
      The restoration of 1931 has been criticised by people who were not there.
      The lower part is missing. It is on view in another town, where they say that the upper part is missing.
      If you put your ear to the glass there is [sound]; the glass is new.
      The {it} in the last room has been described, in this house, as finished. That was hasty.
      The sitter, a [person], paid for two hands and received three.
      The maker is known to have eaten at [hour] every day, with the lid on.
      The smell is of [smell]. It was added by the public.
      The provenance is complete except for the years that matter.
      The handle turns. It has been asked to be turned back.
      On the underside is written, in pencil, {it}, and it has been crossed out by somebody taller.
      It was repaired here on [number] occasions, most recently by the [person] who dusts it.
      The frame is a later [thing]. No one has been able to take it off without starting to whistle.`),
    light: lines(`
      *Lit from below by a bulb that the [person] brought from home. Two ways out: one smells of [smell], behind the other there is [sound].*
      *Daylight, what there is. Three ways out: varnish, wet stone, and the one where somebody is sweeping.*
      *One lamp, on a timer. Two ways out, a warm one and the one with [sound].*
      *Lit by the exit sign. One way out smells of [smell]; the other was bricked up, and smells of [smell2].*
      *A skylight, [weather] on it. Four ways out, three of them to the [place].*`),
    first: lines(`
      What I see first is that it has been moved. There is a pale patch on the wall beside it in its exact shape.
      I saw the {it} from the door, and had to go back out and come in again like a person.
      First the glass, with me in it; behind my collar, a good way in, the {it}.
      It is smaller than its room. Everyone who comes in lowers the voice for it, as for somebody's child.
      I thought it was the fire extinguisher.
      First I saw the nail.`),
    minute: lines(`
      After a minute one notices that the {it} is not quite shut.
      After a minute my feet hurt, and the [colour] part comes forward.
      Give it a minute and the left side gets heavier; somebody has put a coin under the plinth.
      After a minute there is only the one thumbprint, low down, and I cannot get past it.
      One looks, and one begins to hear [sound], and it is the guard's sandwich paper.
      A school class came through and took some of it with them.`),
    crouch: lines(`
      Crouching, one finds a [small] in the corner of the case, which is not in the label.
      From underneath it is signed twice, once kindly.
      If you crouch there is a second, much smaller {it} behind it, facing the wall.
      Down by the skirting board somebody has written [number] in pencil, at the height of a kneeling person.
      From down here I can see how it is held up. I wish I had not.
      There is a pencil under the bench with my teeth in it, or teeth like mine.`),
    disagree: lines(`
      The label is wrong about the shadow: that is not [colour], that is dust, and it is fresh.
      It was not the maker who had the [animal]. You can see who had the [animal].
      I do not believe in the year. They did not have that kind of screw.
      "Mended", it says. That was broken on purpose, by somebody with time, and then regretted.
      Nothing is missing. It was made like that, by someone who ran out of room and not of nerve.
      They say [number] holes. I counted, and one of those is a fly.`),
    leak: lines(`
      Somebody I knew used to work here. In those days one could touch.
      I am early. I have been early since this morning.
      I would steal this. That makes one.
      I take back what I said about the {kept}; I had the sun in my eyes, and a letter in my pocket.
      She would have walked past it. I stayed for her share too.
      Who dusts it? Somebody has dusted round a thing that is not here any more.
      I have a ticket for half past that I do not mean to use.
      This is obviously important. I looked at the floor, which is [material], and very fine.`),
    leave: lines(`
      → the door that smells of [smell], because my aunt did
      → the warm one; I have been cold since room one
      → where there is [sound]; someone should tell them
      → the one that is bricked up: there is a draught
      → the door with the worn sill, since it is tired too
      → back the way I came, to see if it waits`),
  },
  speak(scene) {
    return /You run a museum/i.test(scene.heard.system) ? curator(scene) : visitor(scene)
  },
}

function curator(scene: Scene): string {
  const facts = scene.fill(
    `*[maker], [year]. [^material] and [material2]. ${scene.int(9, 240)} × ${scene.int(12, 190)} cm. [came]*`,
  )
  const label = scene.several('label', scene.int(3, 4)).join(' ')
  return `**Room ${scene.int(2, 39)}. ${titled(scene.say('title'))}**\n${facts}\n\n${label}\n\n${scene.say('light')}`
}

function visitor(scene: Scene): string {
  const seen = [scene.say('first'), scene.say('minute'), ...(scene.chance(0.6) ? [scene.say('crouch')] : [])]
  return `${seen.join(' ')}\n\n${scene.say('disagree')} ${scene.say('leak')}\n\n${scene.say('leave')}`
}

/** Small words stay small in a title. */
function titled(text: string): string {
  return text.replace(/\b[a-z]\w{3,}/g, (word) =>
    ['from', 'with', 'that'].includes(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
  )
}
