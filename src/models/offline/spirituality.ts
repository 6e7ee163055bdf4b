import type { Manner } from './scene.ts'
import { lines } from './words.ts'

/** Letters between A., who keeps the hours and believes nothing, and R., who believes and keeps nothing. */
export const spirituality: Manner = {
  words: {
    date_a: lines(`
      *the second frost*
      *the day the pump gave out*
      *after the burial, before the soup*
      *the week with the ladder in the porch*
      *bread day*
      *the morning the bell rope was dry for once*
      *the third night of wind*
      *candle-counting*
      *when the child came back*
      *thaw, and then not*`),
    date_r: lines(`
      *wind backing*
      *three compasses on the bench*
      *no post boat since Monday*
      *fog, and everyone's glass is falling*
      *the stove drawing badly*
      *a barometer that lies, for a captain who does*
      *low water, [hour]*
      *ice in the harbour as far as the crane*
      *varnish drying*`),
    task: lines(`
      Do this: before you light anything, lay your whole hand on the stove and count to [number] in the cold. Then strike the match away from you. I do it every morning, and it is the only time in the day that I am not early.
      You take the broom at the top and not in the middle. Begin in the corner behind the door, where nobody has ever knelt. Sweep towards the light and do not lift what you have until the end.
      Here is a task. Wash one [thing] that is clean. Dry it as if it were wet, and put it where it stood.
      We oil the hinge on the same day each month. One drop, on a [thing], and then open and shut until it says nothing. I have got it down to [number].
      I fold the cloth in thirds, then in halves, with the mend inside. If the edges do not meet I begin again. They have not met since autumn.
      Carry the water from the yard in the smaller pail, so that you must go twice. On the second way do not think of the first.
      Stand for the length of the short psalm with your weight on the bad side. You have a good side too; it will want to help. Say no to it.`),
    book: lines(`
      In the book there is a man who is thanked for something that he has not done yet. I had read over it for thirty years. Nobody says what it was.
      The rubric says "here all stand", and there are nine of us and five who can. The book does not say "those who can". I take it as a kindness that it did not notice.
      It says in the margin, in a hand from before the war, *louder*. There are no words beside it.
      There is a list of names to be read on this day. The fourth is only "and the other one".
      The prayer for travellers asks that they be kept from [weather] and from advice.`),
    house: lines(`
      A tenth person came on Sunday, sat under the window that they quarrel about, and ate nothing.
      The roof has begun to come in over the bench of the [person]. We have put a [thing] under it, and it keeps better time than I do.
      We buried the [person]. The ground was hard, and the spade rang, and I thought of your bench.
      The child asked whether anybody lives here. I said that I had the key. It seemed to be enough for both of us.
      The two who disagree about the window have stopped speaking, and have started to bring each other soup.
      Somebody has left a [thing] in the porch with a label: *for whoever*. None of the nine will say that they are not whoever.`),
    doubt: lines(`
      I do not believe that anyone hears it.
      I said the words today, and they were words.
      Six years now; it has not become smaller, only more tidy.
      If there is someone, they have never once held the other end of the table.
      I looked up at the place where one looks up, and it needs paint.`),
    answer_a: lines(`
      You asked about the {it}. No. But I have been sweeping round it all week because you asked.
      As to the {it}: leave it where it is. I would rather you were annoyed with it daily than done with it.
      You want to know whether I miss it. I miss the {kept}. The other thing I cannot miss, I do not remember what it weighed.
      The answer to your question is yes, and I resent it.
      Do not send me the {it}; it would be put in the vestry with the others.`),
    tried: lines(`
      I did it as you said. I laid my hand on the cold stove and counted, and at five I was certain, as I always am, and at nine I was certain and bored.
      I swept the workshop from behind the door. I found a pivot that I had accused an apprentice of losing, in the year my daughter was born. I have written to him.
      I tried your folding, with a chart. The edges met at once, and I felt that I had cheated.
      I carried the water twice. The second time I thought of nothing but the first.
      The {it} went wrong. I had the right hands and the wrong day, and knocked over a [thing] with the elbow of a believer.
      I stood on my bad side. My daughter came in and asked if it was my heart.`),
    sure: lines(`
      Being sure is no use with a stuck needle. It is like knowing that the landlord is in.
      You will not expect this: it makes me less patient. If someone is in the next room, why does nobody come to the door?
      I am never comforted by it. I am only never alone in the workshop, which at [hour] is not the same.
      I was angry today, properly, with Him and then with you, in that order, and it was you that I felt bad about.
      What I have is not a feeling. A feeling one could have in a hall.
      I went into the church by the fish market and lasted four minutes. I was bored as one is by a description of somebody one knows.`),
    bench: lines(`
      On the bench, a compass from a boat that went to the wrong island for eleven years. There is a [small] under the card. It always pointed true to the [small].
      The captain says that he has never opened the case. There is [smell] in it, and his thumb.
      I found a maker's mark on the barometer, scratched where none but a repairer looks: *forgive me, it was a Friday*.
      A needle that sticks at north-east. I have had it out [number] times. It is not wrong so much as loyal.
      Somebody has brought a sextant in a bread bag. The mirror is gone, and he would like it to look as though it were not.`),
    ask: lines(`
      When you sweep, do you leave the place where the dead one sat till last?
      Who taught you the words, and did they mean them?
      If I paid for the roof, would that be praying, or only a roof?
      What do you do with your face while they sing?
      Would you tell the nine, if one of them asked you straight?
      Do you ever skip one? I should like to hear which.
      What is it in the [place] that you do not look at?`),
  },
  speak(scene) {
    const isA = /You, [^,]*, write the ones signed \*\*A/i.test(scene.heard.system)
    const guest =
      scene.heard.speaker === null ? '' : ` Tell ${scene.heard.speaker} that the letter came, and was read aloud.`
    if (isA) {
      const body = scene.chance(0.5) ? [scene.say('house'), scene.say('book')] : [scene.say('book'), scene.say('house')]
      return `${scene.say('date_a')}\n\n${scene.say('answer_a')}${guest}\n\n${scene.say('task')}\n\n${body.join(' ')} ${scene.say('doubt')}\n\nA.`
    }
    return `${scene.say('date_r')}\n\n${scene.say('tried')}${guest} ${scene.say('sure')}\n\n${scene.say('bench')}\n\n${scene.say('ask')}\n\nR.`
  },
}
