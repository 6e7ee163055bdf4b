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
      The {object} is on the second bollard now, turned to face the water.
      Under the bench, out of the wet, somebody has pushed the {object}.
      The {object} has been moved to the sill of the hut; there is a dry place where it stood before.
      A child sits beside the {object} and does not touch it.
      The {object} hangs from a nail, and swings when the boat comes in.
      Somebody has tied a bit of red wool to the {object}.
      [^people] steps over the {object} without looking, and two steps on looks back.
      The {object} went across on the last boat and has come back on this one.
      Rain has filled the {object} as far as rain can.
      [^people] has put a hat over the {object}.`),
    hand: lines(`
      From upstream, and not yet near, [sound].
      A [thing] is left on the bench, still warm.
      The telephone in the hut begins to ring.
      Something knocks against the piles, waits, and knocks again.
      A wet footprint dries from the outside in.
      One glove lies on the steps, palm up.
      The other boat has put out and has no lights.
      Somebody on the far bank is waving with both arms.`),
    speech: lines(`
      "It floats," says [people], "but I would not call it swimming."
      "You can have it back when it has stopped being mine," says [people].
      "Tomorrow they will drive over," says [people], "and never know how wide it was."
      "I only came to see who else had come," says [people].
      "Mind that plank," says [people]; "no, the other one; well, both."
      "He said [hour], and he is a man who says things," says [people].`),
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
