import type { Manner } from './scene.ts'
import { lines, list } from './words.ts'

const HOURS = list(
  'Midnight, One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, Noon, One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven',
)

/** A book of hours: one place, one day, one object that is handed on. */
export const hours: Manner = {
  words: {
    people: list(
      'the ferryman, the woman with the geese, the boy from the ticket hut, old Halina, the surveyor, the man who mends nets',
    ),
    night: lines(`
      The lamp at the end of the landing draws moths and [number] of them lie under it already.
      No moon; what light there is comes up from the water and stops at the knees.
      Somebody has left a window lit on the far bank, and it lies on the river in pieces.
      Dark still. The planks give back [sound].
      There is frost on the rope, and the rope ticks.`),
    dawn: lines(`
      Light comes over the far trees, grey first, then the colour of [smell].
      Gulls begin. One by one things get their edges back: the bollard, the [thing], the dog.
      The mist stands on the river as high as a table and cannot be made to leave.
      The shutters of the hut go up, stick at the height of a face, and go up.`),
    noon: lines(`
      The sun is straight overhead and nobody has a shadow worth mentioning.
      Heat comes off the boards with a smell of [smell].
      The queue has become one animal with [number] baskets.
      It is too bright to read the timetable, so everybody knows it by heart.`),
    late: lines(`
      The light lies down along the water, [colour] and then less so.
      One side of everything is already evening.
      Swallows, low; then none; then the bell for the last crossing but one.
      The wind has gone round and brings [sound] from the town.`),
    deed: lines(`
      [^people] ties up, stern first, with the knot that only three people on this river can undo, and wipes both hands on one trouser leg.
      [^people] counts the fares into a tin, finds one coin too many, and lays it on the rail for whoever it was.
      [^people] oils the pulley as on every day of nineteen years, and stands back as though it might say something.
      [^people] is asleep sitting up, with a [thing] held on both knees like a child in a tram.
      [^people] scrapes the old paint from the notice board and keeps the flakes in a [thing].
      [^people] has come without a reason and finds one: the gutter is full of leaves.
      [^people] reads the letter for the second time, standing, and folds it smaller than it was.
      [^people] carries a [thing] down to the water, looks at it, and carries it up again.
      [^people] quarrels with a [animal] about a sandwich, and loses.
      [^people] teaches the dog to wait. The dog has known for years.
      [^people] pays for somebody who has not come yet.
      [^people] changes the water in the jar on the sill, though the flowers are paper.
      [^people] bails the skiff with a [thing], [number] strokes and a rest.
      [^people] walks out to the end of the planks, and it is a long while before the footsteps come back.`),
    object: lines(`
      The {object} is on the <second|last|far> bollard now, turned to face the <water|hut|other bank>.
      Under the <bench|eaves|ramp>, out of the wet, somebody has pushed the {object}.
      The {object} has been moved to the <sill of the hut|foot of the mast|top step>; there is a dry place where it stood before.
      A child sits beside the {object} and does not <touch it|look up|want to go home>.
      The {object} hangs from a <nail|hook|rope>, and swings when the boat comes in.
      Somebody has tied a bit of <red wool|string|net> to the {object}.
      [^people] steps over the {object} without looking, and <two|three|five> steps on looks back.
      The {object} went across on the last boat and has come back on <this one|the one after|foot, it seems>.
      <Rain|Dew|River> has filled the {object} as far as <rain|dew|a river> can.
      [^people] has put a <hat|sack|plank> over the {object}.
      The {object} has been <weighed|wiped|chalked> by somebody: there is a number on it, [number].
      A [animal] has made itself at home behind the {object}.
      The {object} casts a shadow a little <longer|wider|later> than itself.
      Three people ask whose the {object} is, and the fourth <moves it out of the sun|sits down on it|does not ask>.`),
    hand: lines(`
      From upstream, and not yet <near|certain|round the bend>, [sound].
      A [thing] is left on the <bench|step|rail>, still <warm|wet|turning>.
      The telephone in the hut begins to <ring|tick|ring, and is let>.
      Something knocks against the piles, waits, and knocks <again|lower|twice>.
      A wet <footprint|paw mark|ring> dries from the outside in.
      One <glove|shoe|oar> lies on the <steps|shingle|roof>, the wrong way up.
      The <other|mail|red> boat has put out and has no <lights|hurry|name>.
      Somebody on the far bank is waving with <both arms|a sheet|a lamp>.
      A [small] rolls to the edge of the planks and <stays|is gone|is picked up>.
      Behind the hut a <door|shutter|voice> is shut with <care|a hip|a word>.
      The wind brings a smell of [smell], and after it, [sound].`),
    speech: lines(`
      "It floats," says [people], "but I would not call it <swimming|a boat|mine>."
      "You can have it back when it has stopped being <mine|wet|talked about>," says [people].
      "Tomorrow they will <drive over|wave from a rail|be across before they have sat down>," says [people], "and never know how <wide|cold|brown> it was."
      "I only came to see who else had <come|stayed away|paid>," says [people].
      "Mind that plank," says [people]; "no, the other one; well, <both|all of them|never mind>."
      "He said [hour], and he is a man who <says things|owns no watch|means the next day>," says [people].
      "That makes [number] times," says [people], "and it was never once <the same fish|thanked|on the list>."
      "Whose is it, then?" asks [people], and looks at <nobody|the dog|the sky> in particular.
      "If you hold this," says [people], "I shall have a hand free for <saying no|the other|my hat>."
      "My father rowed it in [weather]," says [people], "for a <bet|bride|loaf>."
      "I have smelled worse," says [people], "and <married into it|eaten it|sold it>." `),
    last: lines(`
      *the rope remembers the shape of the hand*
      *[number] steps down, and the last one is water*
      *what the lamp does not reach is also there*
      *nobody had asked the river*
      *a coin on a rail, and who would take it*
      *on the other side somebody shuts a gate*
      *all the keys of the house in one wet pocket*
      *bread first, and then the news*
      *the dog sees it and says nothing*
      *so much string, and nothing to tie*
      *the bench keeps two warm places apart*
      *[smell], and then the smell of rope*
      *what was lent comes back lighter*
      *a hat goes by, with nobody under it*`),
  },
  speak(scene) {
    const written = scene.heard.said.filter(({ text }) => /^\*\*(?:[A-Z][a-z]+)\*\*/m.test(text)).length
    const hour = written % HOURS.length
    const light = hour < 5 || hour > 21 ? 'night' : hour < 9 ? 'dawn' : hour < 16 ? 'noon' : 'late'
    const values = { object: scene.once('thing') }
    const placed =
      written === 0
        ? scene.fill(`Somebody has set down a ${values.object} in the middle of the planks, and gone.`)
        : scene.say('object', values)
    const deeds = scene.several('deed', scene.int(1, 2), values)
    const guest = scene.heard.speaker
    const passing =
      guest === null
        ? []
        : [scene.fill(`A stranger by the name of ${guest} goes by, and nods to the [thing] and not to the people.`)]
    const middle = [...deeds, ...passing, placed, ...(hour % 2 === 1 ? [scene.say('speech', values)] : [])]
    const text = [scene.say(light, values), ...middle, scene.say('hand', values)].join(' ')
    const end = written === HOURS.length - 1 ? '\n\n^C^C' : ''
    return `**${HOURS[hour]}**\n\n${text}\n\n${scene.say('last', values)}${end}`
  },
}
