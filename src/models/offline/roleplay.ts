import type { Manner } from './scene.ts'
import { lines, list } from './words.ts'

/** Two people in a room who want different things. */
export const roleplay: Manner = {
  words: {
    guest: lines(`
      *Somebody called {speaker} has said something from the dark. One of the two shades both eyes with a [thing].*
      *A voice from the back, {speaker}'s. Nobody on the stage lets on, but the {it} is moved a little downstage.*
      "Was that {speaker}? Let them stay. They have paid, or they know the [person]."`),
    trade:
      list(`clerk, bookbinder, ticket inspector, district nurse, retired diver, pastry cook, land surveyor, projectionist, piano tuner, driving instructor,
      court usher, glazier, auctioneer, school inspector, lock-keeper, seamstress, boxing trainer, beekeeper`),
    age: list(
      'thirty-four, fifty-one, twenty-six, sixty-eight, forty-three, seventy-two, thirty-nine, fifty-seven, nineteen, sixty-one',
    ),
    set: lines(`
      *{^matter}. It is [hour], with [weather] at the window. Shelves up to the ceiling, a counter with a flap, one lamp. {^me}, [age], [trade], has one arm in a coat already and is tying a [thing] to a [thing2] with string.*
      *[^hour]. {^matter}. Somebody has swept round the furniture and not under it. {^me}, a [trade] of [age], stands on a chair, unscrewing the [thing] from the wall, and holds the screws between the lips.*
      *{^matter}. A room with two doors and [weather] behind one of them. {^me}, [age], by trade a [trade], counts [thing]s into a crate, gets to [number], and begins again.*`),
    begin: lines(`
      "We are shut. I mean we are open until six, and it is six. What is it you are holding behind your back?"
      "If you have come about the [thing], it has gone. If you have come about the other matter, close the door first."
      "You have walked past that window [number] times. Either come in and say it, or buy a ticket for something."`),
    enter: lines(`
      *{^me} comes in backwards, shaking [weather] off a hat, [age], a [trade] by the look of the hands.*
      *The flap of the counter goes up from the wrong side. {^me}, [age], [trade], out of breath, carries a [thing] wrapped in a towel.*
      *{^me}, a [trade], [age], has been standing in the door for some time and now decides to have just arrived.*`),
    did: lines(`
      *{^me} turns the {it} over, looks for a label, finds [number] of them.*
      *Outside, [sound]. {^me} waits until it is over.*
      *{^me} sets the [thing] down on the {it}, gently, as though either might object.*
      *A [small] rolls off the counter. Neither of them picks it up.*
      *{^me} takes off one glove. Then, after thinking, the other.*
      *{^me} writes [number] on the back of a hand and shows it to nobody.*
      *The lamp goes out, comes back, and is a little yellower.*
      *{^me} pushes the {it} across the counter with one finger.*
      *From the next room, [sound].*
      *{^me} opens a drawer, looks in for too long, and shuts it with a hip.*
      *{^me} finds a [small] in a pocket and lays it beside the {it}.*
      *A smell of [smell]. {^me} pretends it was always there.*
      *{^me} sits down on the crate marked with somebody else's name.*
      *{^me} has picked up the [thing] by the wrong end and is too proud to turn it round.*
      *The telephone rings twice and stops. {^me} has not looked at it.*
      *{^me} starts to whistle, hears it, and makes it into a cough.*
      *{^me} unfolds a receipt, very old, and smooths it with a thumb.*
      *A [person] passes the window, looks in, thinks better of it.*`),
    line: lines(`
      "The {it} stays here. I signed for it, and I signed with my real name, which I do not do for everybody."
      "You keep saying {it}. My mother said it like that, when she meant the money."
      "I will tell you about the {it} if you tell me who taught you to knock like that."
      "Nobody comes for a {it} at this hour, {you}. They come for what is in it."
      "Fine. Then we both saw it. A [colour] [thing], in the [place], and your coat over it."
      "I never said that I lost it. I said that I had stopped looking."
      "There were [number] of them in the ledger on Monday. Go on, count. I have all night; I have, at any rate, until [hour]."
      "My brother drove the [thing] here himself, in [weather], and he does not even like you."
      "Put the {it} down, {you}, and say the thing you practised on the stairs."
      "What would I want with a {it}? I have one at home. It is the same one. That is what I came to say."
      "You were the [person]. All that time I thought you were only tall."
      "It was never [colour]. Somebody painted it, and whoever did has paint under the nails still. Show me."
      "Do you know what they pay for a [thing] with a dent in it? Less than I have already spent on the string."
      "A [person] asked for you yesterday, by the name you had before. I said you were in the [place]. Was that wrong?"
      "I am not crying, it is the [smell]. It gets into everything. It got into the accounts."
      "Keep the {other}. It is the {it} that has my handwriting in it."
      "Half of it is mine. Not the better half; I know which half; I carried it."
      "You may laugh. When I opened it there was [sound], and I was alone in the house."
      "I have a train at [hour] and a lie to finish before that, so be quick."
      "Ask me again, but without the {it} in your hand."
      "She wanted it buried with her. I had the spade out. Then I saw what it would fetch."
      "That is not how it broke. I was there. I was the one on the ladder."
      "If I give you the {it}, you will have no reason to come back, will you? Well, then."
      "There is a [thing] on the top shelf that has been waiting for somebody with your name since the spring."
      "I told them it had been stolen. It was easier than saying to whom I gave it."
      "You left the {kept} last time. I kept it dry. I want that noted."`),
    leave: lines(`
      "And what is that in your other pocket?"
      "So: who has the key, {you}? It is you or the [person]."
      "Shall I read you the label, or do you know what it says?"
      "Before you answer: the [person] is standing on the stairs."
      "You may have it for [number]. Not a coin less, and one true sentence on top."
      "Well? You have gone the colour of the [thing]."
      "Give me one reason that is not about your father."
      "There is somebody in the [place]. Did you bring somebody?"
      "I shall turn round and count to [number]. Whatever is gone, is gone."
      "Say it in front of the {it}, then."
      "Which of us is going to ring them?"
      "Is that your writing, or is it meant to look like yours?"`),
    cut: lines(`
      — [^hour], the same room, one chair fewer —
      — Later. It has been raining into the [thing] —
      — The [place], the morning after —
      — Still there. The lamp has been moved —
      — A week on; somebody has mended the flap —`),
  },
  speak(scene) {
    const first = /You go first|first player|room on it/i.test(scene.heard.system)
    const matter = /matter: (.+)/i.exec(scene.heard.system)?.[1]?.replace(/[.!]$/, '') ?? scene.fill('the [place]')
    const values = { matter, me: scene.once('name', first ? 0 : 1), you: scene.once('name', first ? 1 : 0) }
    if (scene.heard.spoken === 0) {
      const stage = scene.say(first ? 'set' : 'enter', values)
      return `${stage}\n\n${first ? scene.say('begin', values) : `${scene.say('line', values)} ${scene.say('leave', values)}`}`.replaceAll(
        '" "',
        ' ',
      )
    }
    const cut = scene.heard.spoken % 5 === 4 && first ? `${scene.say('cut', values)}\n\n` : ''
    const did = () => scene.say('did', values)
    const line = () => scene.say('line', values)
    const leave = () => scene.say('leave', values)
    const shapes = [
      () => `${did()}\n\n${line()} ${leave()}`,
      () => `${line()}\n\n${did()}\n\n${leave()}`,
      () => `${did()}\n\n${line()}\n\n${did()}`,
      () => `${line()} ${line()}\n\n${did()}`,
      () => `${leave()}\n\n${did()}\n\n${line()}`,
      () => `${line()}\n\n${did()}\n\n${line()} ${leave()}`,
    ]
    const turn = (shapes[scene.int(0, shapes.length - 1)] as () => string)()
    return cut + turn.replaceAll('" "', ' ')
  },
}
