import type { Manner, Scene } from './scene.ts'
import { lines } from './words.ts'

/** Four cameras that see and do not suppose, and a guard who explains everything. */
export const cctv: Manner = {
  words: {
    quiet: lines(`
      Shutter down. Puddle, left, [number] paces wide. Nothing in it.
      Cleaning machine, parked, charging light on. One wet track, straight.
      Benches, [number]. Balloon at waist height, string on the floor.
      Fox, left to right, carrying something [colour]. Gone at :52.
      Escalator off. Handrail lit along one third.
      Fire door closed. Paper cup on the floor, upright.
      Fountain dry. Coins. The mop leans where the mop leans.
      Lights on half. One tube flickers, every fourth second.
      Kiosk, shutter down, calendar behind the glass, [number].
      Empty. Draught moves a strip of tape at the left.
      Shop window, three dummies, coats, facing out.
      Pigeon on the sign. Sign off.
      Lift at level 0, doors shut, arrow up.
      Trolleys, nested, [number]. The last one stands across.
      Planter. Plastic palm. Jacket on the palm, sleeve down.`),
    changed: lines(`
      Benches, one less than before. Four marks on the floor where it stood.
      The mop leans on the other side. The bucket has not moved.
      Shop window, three dummies. The middle one faces in.
      Fire door open by a hand. Cup lies on its side.
      A [thing] stands in the middle of the floor. It was not there at the last picture.
      Coat hook, bare. The coat is on the bench, folded.
      The balloon is against the ceiling.
      Jacket gone from the palm.
      A chair by the fountain. It faces the camera.
      The calendar shows tomorrow.
      Wet footprints, bare, [number] of them, from the fountain. They end at the mat.
      The shutter is up by the height of a [thing].
      Lift at level 0, doors open, light on. Arrow down.
      The trolleys stand in a row along the wall, the same way round.`),
    close: lines(`
      Closer: the [thing] is dry. On it lies a [small], and the label has been turned to the wall.
      Closer: light grey, one edge darker. It is cloth. It has been folded in three.
      Closer: two marks, side by side, the length of a shoe. Between them, dust.
      Closer: nothing at the place. The place is cleaner than what is round it.
      Closer: a hand's breadth of floor and the end of a string. The string goes on out of the picture.
      Closer: the lock is shut. The key is in it, on this side.`),
    note: lines(`
      {^it}, on the screen. That's the cleaner, she leaves things to see if I'm awake. I'm awake.
      Counted again. One up on last night. I count everything, it was the same on the boats.
      Draught. There's a panel loose behind the kiosk, I've reported it twice, once in writing.
      The {it}: somebody from the day shift put it there, and forgot, and somebody else from the day shift remembered, at night, and came in, and moved it, and I was making tea. It's possible.
      Kettle on. Fuse went. So CAM 3 was dark for the time it takes, and I'm not having that it was longer.
      Cheese and pickle. I eat the crusts first so it's over with. Didn't take my eyes off 2.
      The fox again. The fox knows the times better than I do.
      I nearly rang Dorota. I got as far as the prefix. One doesn't ring people up about a {it}.
      The one by the fountain is fine, don't count it, it says in the handover. I've not counted it. I've noticed that I'm not.
      A tired lens. They get tired. The man from the firm said so, he said it quite kindly.
      I did security at a museum for a bit, and there you learn that things are moved by people, at [hour], in slippers.
      Nobody comes in here to fold things. I want that on paper.
      If it is the {it}, then it's been going from 1 towards 4 at about the pace my mother went, after her hip.
      It's somebody cold. I don't know why I wrote that. I'll leave it in.
      I was short with the wife about nights. Nights are all right. You get the whole of the place, and nobody wants anything in it.
      Went through it twice: it could be the heating. Metal shrinks. It would have to shrink that way every night, and fold.
      Put a cup of tea on the mat by the fire door. It's only a cup of tea.
      Four months, and I've never once heard [sound] in here, and now I have, and there's no sound on these.`),
    rule: lines(`
      *Not looking at 2 between the quarter hours.*
      *If a thing has moved back, it has not moved.*
      *Say the number out loud.*
      *Tea only after a full round of four.*
      *No names for it. "It" will do.*
      *When it's still, write down that it's still.*`),
    order: lines(`
      > zoom 3, left of the shutter
      > zoom 2, by the bench
      > lights atrium
      > lights off, corridor B
      > lock B
      > unlock B
      > ring Dorota
      > walk round
      > leave it
      > zoom 1, the floor
      > zoom 4, low
      > heater on, by the fountain
      > leave the fire door as it is
      > hold 3`),
  },
  speak(scene) {
    return /You are the cameras/i.test(scene.heard.system) ? cameras(scene) : guard(scene)
  },
}

/** When the day shift comes, in minutes; the night counts on past 24 hours. */
const SIX = 30 * 60
const GATE = `\`\`\`
CAM 1  loading bay   06:00:00   Gate open. Day shift, [number], on foot.
CAM 2  atrium        06:00:00   Lights on. Nobody.
CAM 3  corridor B    06:00:00   Chair. On the chair a cup, empty.
CAM 4  guard's door  06:00:00   Open. Two shadows.
\`\`\`

^C^C`

const SITES = ['loading bay', 'atrium', 'corridor B', 'fountain']

function cameras(scene: Scene): string {
  const minutes = lastClock(scene, 22 * 60) + scene.int(2, 18)
  if (minutes >= SIX) return scene.fill(GATE)
  const odd = scene.int(0, 3)
  const rows = SITES.map((site, index) => {
    const where = index === 3 && minutes > 29 * 60 ? "guard's door" : site
    const time = `${stamp(minutes)}:${String(scene.int(0, 59)).padStart(2, '0')}`
    const seen = scene.say(index === odd && scene.heard.spoken > 0 ? 'changed' : 'quiet')
    return `CAM ${index + 1}  ${where.padEnd(13)} ${time}   ${seen}`
  })
  const closer = />\s*(?:zoom|hold)/.test(scene.heard.last) ? `\n\n${scene.say('close')}` : ''
  return `\`\`\`\n${rows.join('\n')}\n\`\`\`${closer}`
}

function guard(scene: Scene): string {
  const time = stamp(lastClock(scene, 22 * 60 + 5) + scene.int(0, 3))
  const notes = scene.several('note', scene.int(1, 3))
  if (scene.chance(0.35)) notes.push(scene.say('rule'))
  const rang = scene.heard.speaker === null ? '' : ` Telephone. ${scene.heard.speaker}, by the name. Wrote it down.`
  return `\`${time}\` ${notes.join(' ')}${rang}\n\n${scene.say('order')}`
}

/** The latest clock in minutes; hours before noon belong to the night's second half. */
function lastClock(scene: Scene, start: number): number {
  const times = scene.heard.said.flatMap(({ text }) => [...text.matchAll(/\b(\d\d):(\d\d)(?::\d\d\s|`)/g)])
  const last = times.at(-1)
  if (last === undefined) return start
  const minutes = Number(last[1]) * 60 + Number(last[2])
  return minutes < 12 * 60 ? minutes + 24 * 60 : minutes
}

function stamp(minutes: number): string {
  return `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
