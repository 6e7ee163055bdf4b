import type { Manner, Scene } from './scene.ts'
import { lines } from './words.ts'

/** One runs the dream, with a status line and a pull; the other walks in it. */
export const dreamsim3: Manner = {
  words: {
    guest: lines(`
      From another room a voice that everyone calls {speaker} says it again, more slowly.
      Through the wall somebody named {speaker} asks for it back.
      {speaker} has been here, says the [person]; the chair is warm.`),
    place_now: lines(`
      You are in the [place]. It is also the kitchen, and everybody has agreed not to say so.
      You are on the stairs, between two floors that have the same number.
      You stand in the [place], which has been rented out by the hour, and yours has begun.
      You are back where the {it} was. The room has moved round it by the width of a bed.
      You are outdoors, in [weather]; the wallpaper goes on as far as the trees.
      You are in the queue. At its head a [person] sells tickets for the place where you are.
      You are sitting at the far end. It is nearer than the middle was.
      You have taken the {it} with you without picking it up.
      You are under the table. There is more room here than in the house.
      You are late for the [place], and it comes to fetch you.`),
    there: lines(`
      The {it} lies on a chair with a number pinned to it: [number].
      A [person] whom you know by the voice of an aunt hands you a [thing] and says it has been paid.
      The water is level with the sills and has a skin on it like milk. Something [colour] goes by below, slowly, with its lights on.
      There is [sound]. It comes from the {it}, but only when you look elsewhere.
      Each door has a [thing] in place of a handle. One of them is warm.
      A [animal] goes through the room with a letter, sees you, changes it to the other side of its mouth.
      On the wall hangs a list of those who have telephoned. All of them are you at different heights.
      The {other} is here too, much larger, and somebody has hung washing on it.
      The clock has [number] hands, and they are all busy.
      Your shoes belong to the [person]. They have been resoled with [material].
      Somebody's grandmother is ironing the light and folding it away by size.
      You read the sign: NO SOUP AFTER THE BELL. You read it again: ONE BELL AFTER THE SOUP.
      The floor is [material] and gives a little, as a lid does.
      A [person] is explaining the [thing] to an empty bed, kindly, for the third time.
      Out of the drawer comes the smell of [smell], then a sleeve, then the rest of the coat.
      The ceiling is lower on the side where you were a child.
      Everyone at the table has your [thing] and is being careful with it.
      The lift arrives, full of [thing]s. There is room if you stand as one.
      The {it} has been mended with [material], and the mend is older than the {it}.`),
    turn: lines(`
      When you turn, the [place] has been put away.
      You say that there must be a mistake, and a [person] writes it down in the column for names.
      Nobody minds. That is what they tell you, one after another, getting up.
      You put the [small] into your mouth so as not to lose it.
      It has been for you since before the stairs were built.
      The {it} you touched stays where it is. The rest is let go, like a breath.`),
    pull: lines(`
      ? [sound], one floor up
      ? a hand on your sleeve, and it is wet
      ? the last door stands open by the width of a [small]
      ? your name, said by somebody eating
      ? the {it} has begun to ring
      ? the [person] gets up and goes out, leaving the [thing]
      ? under the water, a light is switched on
      ? somebody has kept you a place
      ? the smell of [smell], from the left
      ? the stairs go on without you`),
    deed: lines(`
      > open the {it}
      > go after the [person]
      > take the {it} and do not look at it
      > lie down under the table
      > answer it
      > give the [thing] back
      > follow the sound
      > ask the [person] what it costs
      > put the {it} in my pocket
      > bite into the [thing]
      > go up, and count the steps
      > close the door behind me, slowly
      > look into the {other}
      > turn round`),
    inside: lines(`
      I know the {it}. We had it in the hall, before the move, and I was not allowed to.
      My sister will be angry. She is always first to be told, and this time it was me.
      My hands do it by themselves; they are good at this, I should have let them long ago.
      It weighs as much as somebody asleep.
      I am not afraid of the {it}. I am afraid of whoever will come to ask for it.
      I remember the street: [number] houses, and ours without a number because everyone knew.
      It tastes of [smell] and of being nine.
      There is a rule about the {it}, and I have already broken it. I feel how light that is.
      I want the {kept}. That is why I came. I had only forgotten that I had come.
      They called me by the name of the [person], and I answered, and now I have to go on answering.
      I think: this cannot be so, a room does not breathe in. Then I think: well, this one has to.
      I had been going to say sorry, and I have brought a [thing] instead.
      My shoes are full of water. I take care not to let it out.
      Somebody I loved did this exactly like that, with the [body] and not with the hand.
      I should be at work. They will be sitting there with my [thing] in the middle of the table.
      If I do it quickly it will count as not having noticed.
      I have been here, and I left something running.
      It is Tuesday; on Tuesdays the [person] comes; I have not tidied the water.`),
  },
  speak(scene) {
    const isDream =
      /DREAMSIM|simulator|let it be walked/i.test(scene.heard.system) && !/You are asleep/i.test(scene.heard.system)
    return isDream ? dream(scene) : sleeper(scene)
  },
}

function dream(scene: Scene): string {
  const status = scene.heard.said.findLast(({ mine, text }) => mine && text.includes('lucidity'))?.text ?? ''
  const number = (name: string, from: number) => Number(new RegExp(`${name} ([\\d.]+)`).exec(status)?.[1] ?? from)
  const noticed = /cannot be so|cannot be/i.test(scene.heard.last)
  const lucidity = clamp(number('lucidity', 0.06) + (noticed ? 0.11 : scene.int(-3, 4) / 100), 0.02, 0.78)
  const drift = clamp(number('drift', 0.02) + scene.int(1, 5) / 100, 0, 1)
  const depth = clamp(number('depth', 1) + (scene.chance(0.2) ? 1 : 0) - (scene.chance(0.1) ? 1 : 0), 1, 5)
  const clock = `${String(scene.int(0, 23)).padStart(2, '0')}:${String(scene.int(0, 59)).padStart(2, '0')}`
  const line = `\`DREAMSIM 3 | ${clock} | depth ${depth} | lucidity ${lucidity.toFixed(2)} | drift ${drift.toFixed(2)}\``
  const body = [scene.say('place_now'), ...scene.several('there', scene.int(2, 4))]
  if (scene.chance(0.6)) body.push(scene.say('turn'))
  return `${line}\n\n${body.join(' ')}\n\n${scene.say('pull')}`
}

function sleeper(scene: Scene): string {
  const deeds = scene.several('deed', scene.chance(0.3) ? 2 : 1)
  return `${deeds.join('\n')}\n\n${scene.several('inside', scene.int(1, 3)).join(' ')}`
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
