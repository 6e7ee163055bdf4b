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
      Do this: before you light anything, lay your whole hand on the <stove|kettle|stone> and count to [number] in the cold. Then strike the match <away from you|downwards|with the other hand>. I do it every morning, and it is the only time in the day that I am not <early|ashamed|counting on somebody>.
      You take the broom <at the top|near the top, both thumbs up|as one takes a rope> and not in the middle. Begin in the corner behind the <door|stove|font>, where nobody has ever <knelt|looked|stood on purpose>. Sweep towards the <light|street|step> and do not lift what you have until <the end|the bell|you have seen all of it>.
      Here is <a task|one for the hands|something for a bad morning>. Wash one [thing] that is <clean|nobody's|put away>. Dry it as if it were <wet|new|lent>, and put it <where it stood|a hand to the left|back in the dark>.
      We oil the <hinge|latch|wheel of the bell> on the same day each month. One drop, on a [thing], and then <open and shut|back and forth|up and down> until it says <nothing|its own name|thank you>. I have got it down to [number].
      I fold the cloth in <thirds|quarters>, then in <halves|thirds>, with the <mend|stain|hem> inside. If the edges do not meet I <begin again|say so aloud|shake it out>. They have not met since <autumn|the burial|you wrote>.
      Carry the <water|ash|wood> from the yard in the <smaller|older|dented> pail, so that you must go twice. On the second way do not think of the <first|third|pail>.
      Stand for the length of the <short psalm|long grace|list of names> with your weight on the <bad|left|colder> side. You have a good side too; it will want to <help|be thanked|take over>. Say no to it.
      Put out [number] cups for [number] people and <one|two> more. Fill <the one|those> first. Then sit down with your <back|side|deaf ear> to it and pour the rest without <hurry|counting|looking round>.
      Wind the clock in the <porch|vestry|hall> with your eyes shut, [number] turns, and stop <one short|on the click|when it minds>. Leave the <key|lid|last turn> to whoever is next.
      Scrape the <wax|frost|moss> from the [thing] with the back of a <knife|spoon|comb>, always the same way. What comes off you keep in a <tin|saucer|paper> until <spring|there is enough|somebody asks>.`),
    book: lines(`
      In the book there is a <man|woman|stranger> who is thanked for something that <has not been done yet|nobody saw|somebody else did>. I had read over it for <thirty|twenty|all these> years. Nobody says <what it was|who did the thanking|whether they minded>.
      The rubric says "here all <stand|rise|turn>", and there are nine of us and <five|four|six> who can. The book does not say "those who can". I take it as a <kindness|joke|kind of manners> that it did not notice.
      It says in the margin, in a hand from before the <war|flood|new roof>, *<louder|wait|not yet|once more>*. There are no words beside it.
      There is a list of <names|towns|trades> to be read on this day. The <fourth|last|seventh> is only "<and the other one|whoever is late|as before>".
      The prayer for <travellers|the sick|those at sea> asks that they be kept from [weather] and from <advice|relatives|good news too soon>.
      A <verse|line|whole page> has been pasted over with a <cleaner|shorter|later> one. Against the window one can read <both|the first|neither, and yet>. They <agree|differ by one word|ask the same thing of different people>.`),
    house: lines(`
      A tenth person came on <Sunday|Thursday|the feast>, sat under the <window that they quarrel about|clock|leak>, and <ate nothing|sang flat|left before the bread>.
      The roof has begun to come in over the bench of the [person]. We have put a [thing] under it, and it <keeps better time than I do|fills by the second reading|is spoken of as one of us>.
      We buried the [person]. The ground was <hard|all roots|frozen as deep as a hand>, and the spade <rang|slipped|was borrowed>, and I thought of <your bench|your needles|what you had asked>.
      The child asked whether <anybody lives here|it is always this cold|one may lie down|I am the owner>. I said that I had the <key|broom|list>. It seemed to be enough for <both of us|her|the time being>.
      The two who disagree about the <window|hymn|heating> have stopped <speaking|coming together|sharing a book>, and have started to bring each other <soup|firewood|the newspaper>.
      Somebody has left a [thing] in the <porch|vestry|gutter> with a label: *for <whoever|the one who sweeps|later>*. None of the nine will say that they are not <whoever|it|meant>.
      The bell rope broke on the <third|last|loudest> stroke, and the [person] said that it was about <time|right|what one expects>. We ring with a [thing] now.`),
    doubt: lines(`
      I do not believe that anyone <hears it|is listening|has ever picked up>.
      I said the words <today|on my knees|twice over>, and they were <words|cold|mine alone>.
      Six years now; it has not become <smaller, only more tidy|lighter, only better balanced|a grief, it is more like a climate>.
      If there is someone, they have never once <held the other end of the table|brought the wood in|answered by return of post>.
      I looked up at the place where one <looks up|sighs|is seen>, and it needs <paint|a plasterer|nothing, it was only high>.
      What I kneel to is the <floor|hour|dust>.
      There was a <silence|draught|pause> after the reading, and it was <only that|a silence|somebody's stomach>.`),
    answer_a: lines(`
      You asked about the {it}. <No|Not yet|Yes, in a way>. But I have been <sweeping round it|carrying it about|short with people> all week because you asked.
      As to the {it}: leave it <where it is|out in the weather|under the lamp>. I would rather you were annoyed with it <daily|out loud|with me> than done with it.
      You want to know whether I miss it. I miss the {kept}. The other thing I cannot miss, I do not remember <what it weighed|which pocket it was in|its step on the stairs>.
      The answer to your question is <yes|no|"on Tuesdays">, and I <resent it|had to sit down|have told the broom>.
      Do not send me the {it}; it would be put in the <vestry|stove|collection> with the others.
      I read your letter <standing|by the stove|to the cat>. About the {it} you are <right|wrong|early>, and it <helps no one|made me laugh|kept me awake until the bell>.
      The {it}, since you will not let it rest: I <had one|gave one away|dropped one down the well> when I was [number].`),
    tried: lines(`
      I did it as you said. I <laid my hand on the cold stove|stood on the bad side|went twice with the pail> and counted, and at <five|seven|three> I was certain, as I always am, and at <nine|eleven|eight> I was certain and <bored|cold|hungry>.
      I swept the <workshop|stairs|yard> from behind the door. I found a <pivot|needle|screw> that I had accused an <apprentice|uncle|honest man> of losing, in the year <my daughter was born|of the strike|we had the flood>. I have written to him.
      I tried your <folding|way with the cloth|winding>, with a <chart|sail|shirt>. The edges met at <once|the first try>, and I felt that I had <cheated|missed it|been let off>.
      I carried the <water|coal|ash> twice. The second time I thought of <nothing but the first|the price of it|you, limping>.
      The {it} went wrong. I had the right <hands|tool|words> and the wrong <day|light|shoes>, and knocked over a [thing] with the <elbow|zeal|confidence> of a believer.
      I stood as you told me. My daughter came in and asked if it was my <heart|back|turn>.
      I oiled a hinge that had never <complained|opened|been asked>. Now it <sings|sticks|will not stay shut>, and the whole house is <in a draught|wiser|cross with me>.
      I set out the cups. One person came, for a <barometer|signature|light>, and drank <the one over|two|standing up>. I do not say that it means anything. I say he <washed it|took sugar|asked who was expected>.`),
    sure: lines(`
      Being sure is no use with a <stuck needle|bad tooth|daughter>. It is like knowing that the <landlord is in|tide is coming|shop has it in the back>.
      You will not expect this: it makes me less <patient|kind|polite to clergymen>. If someone is in the next room, why does nobody <come to the door|cough|ask who is hammering>?
      I am never <comforted|improved|warmed> by it. I am only never alone in the <workshop|boat|dark>, which at [hour] is not the same.
      I was angry today, properly, with <Him|the weather|all three> and then with you, in that order, and it was you that I <felt bad about|wrote to|forgave first>.
      What I have is not a <feeling|view|hope>. A <feeling|view|hope> one could have in a <hall|choir|chair>.
      I went into the <church by the fish market|chapel on the hill|hall with the good heating> and lasted <four|three|almost five> minutes. I was bored as one is by <a description of somebody one knows|slides of one's own street|one's own name, misspelt>.
      It has never told me <what to do|anything|where the [thing] is>. It is there as <north|the harbour|a tooth> is there.`),
    bench: lines(`
      On the bench, a compass from a boat that went to the wrong <island|harbour|wedding> for <eleven|six|twenty> years. There is a [small] under the card. It always pointed true to the [small].
      The captain says that he has never <opened the case|dropped it|been north of the mole>. There is [smell] in it, and his <thumb|initials|lunch>.
      I found a maker's mark on the <barometer|sextant|clock>, scratched where none but a repairer looks: *<forgive me, it was a Friday|not my best|second one, she kept the first|turn me gently>*.
      A needle that sticks at <north-east|south|the letter W>. I have had it out [number] times. It is not <wrong|broken|tired> so much as <loyal|homesick|polite>.
      Somebody has brought a <sextant|log|chart glass> in a <bread bag|pillowcase|boot>. The <mirror|scale|good half> is gone, and he would like it to look as though it were not.
      A <barometer|tide clock|depth gauge> that has stood at *<change|fair|slack>* since the <war|divorce|launch>. I cleaned it, and it went to *<storm|low|nothing>* and <back|stayed|shook>. The owner wants the <change|old word|storm> again.`),
    ask: lines(`
      When you sweep, do you leave the place where the <dead one|child|quarrel> sat till last?
      Who taught you the <words|tune|order of it>, and did they <mean them|cry|get it right>?
      If I paid for the <roof|rope|bread>, would that be praying, or only a <roof|rope|bill>?
      What do you do with your <face|hands|good ear> while they sing?
      Would you tell the nine, if one of them asked you <straight|drunk|dying>?
      Do you ever skip <one|a name|the cold parts>? I should like to hear <which|what you do instead|how it feels on the stairs>.
      What is it in the [place] that you do not <look at|dust|let others lift>?
      Has anybody ever <answered back|stayed behind|brought you the [thing] and said nothing>?
      If it came to you after all, on a <Tuesday|ferry|ladder>, would you <write and say so|tell them|be angry>?`),
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
