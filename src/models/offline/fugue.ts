import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** Three voices and one subject: a poem built by the rules of a fugue. */
export const fugue: Manner = {
  words: {
    subject1: lines(`
      In the loaf, when she cut it, there lay a key,
      There was iron in the bread, and the bread was warm,
      She broke the bread in two, and one half rang,`),
    subject2: lines(`
      no door in the house had been asking for one,
      and the knife stood still, and the talk went on,
      and the baker was asked, and had gone to sea,`),
    subject3: lines(`
      so she laid it beside the salt, and they ate,
      so they passed it round with the salt and the news,
      so it went by the plate of whoever was late,`),
    subject4: lines(`
      and all of them listened for somebody late.
      and nobody said what they hoped it would fit.
      and each of them looked at a different door.`),
    high: lines(`
      From the roof one sees hats go by, and one has a hole in it;
      the sparrow has a crumb of it, the sparrow will tell;
      a key! a key! say the cups to the saucers;
      it would fit in an ear, it would fit in a shoe;
      the top of the table is mostly elbows;
      quick, says the window, it is almost a quarter;
      I have tried it on the rain, and the rain let me in;
      it sits on the tip of the tongue of the steeple;
      a hat lifts itself to whoever has lost it;
      oh, but up here it is only a glint and a hurry;
      the swift does the lock of the air and is through;
      a [colour] balloon has the thing by the string now;`),
    middle: lines(`
      on the stairs they say it was never a kitchen,
      and who has been kneading, and who had the bowl?
      it was not iron, it was only the talk of it,
      behind the door somebody counts out the spoons,
      I say it was yours; you had flour on your sleeve,
      and what does one open who is already in?
      the soup has gone cold round a very good question,
      a [person] comes up with the wrong end of bread,
      did you ask at the [place]? did they look at your hands?
      put it back, put it back, let the next one be hungry,
      there is one more at table than chairs, and it hums,
      the drawer knows a [thing] that it will not be,`),
    low: lines(`
      under the table the dog has known longer.
      The oven was built by a man without doors.
      What is owed to the flour is owed to the field.
      Down where the wood goes, it is still before supper.
      Iron was stone, and was patient, and will be.
      They laid it in dough so that somebody must.
      The cellar has hinges that nobody hung.
      I was there. It was dark. It was bread. It was Tuesday.
      The names in the doorpost are under the paint.
      My father's own father had teeth that it fitted.
      Slowly the house turns round on its lock.`),
    inverted: lines(`
      In the key, when it turned, there was standing a loaf,
      There was bread in the iron, and the iron was cold,
      A door had been asking, and no house was there,
      and none of them ate, and the salt went alone,
      and somebody late laid all of them out,
      and nobody hoped, and it fitted them all.`),
    small: lines(`
      Bread; key; salt; late.
      Loaf cut. It rang. They ate. They heard.
      A key. No door. They passed the salt.`),
    label: list('episode, inversion, stretto, augmentation, diminution, countersubject, false entry, ground'),
  },
  speak(scene) {
    const part = /You are the low voice/i.test(scene.heard.system)
      ? 'low'
      : /You are the middle voice/i.test(scene.heard.system)
        ? 'middle'
        : 'high'
    return voice(scene, part)
  },
}

function voice(scene: Scene, part: 'high' | 'middle' | 'low'): string {
  const subject = [1, 2, 3, 4].map((nth) => scene.once(`subject${nth}`))
  const turn = scene.heard.spoken
  if (turn === 0 && part === 'high') return sung('subject', subject)
  if (turn === 0 && part === 'middle')
    return `${sung('answer', answered(subject))}\n\n${sung('countersubject', scene.several('middle', 2))}`
  if (turn === 0) return sung('subject, below', [...subject.slice(0, 3), scene.say('low')])
  const last =
    scene.heard.last
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^.*?: /, '') ?? ''
  const own = () => scene.say(part)
  const forms: (() => string)[] = [
    () => sung('episode', [own(), own(), own()]),
    () => sung('inversion', [scene.say('inverted'), scene.say('inverted'), own(), own()]),
    () => sung('stretto', [`${last.replace(/[.,;]$/, '')} — no,`, own(), own()]),
    () => sung('diminution', [scene.say('small'), own()]),
    () => sung(part === 'low' ? 'ground' : 'false entry', [subject[turn % 4] ?? '', own(), own()]),
    () =>
      sung(
        'augmentation',
        (subject[turn % 3] ?? '')
          .replace(/,$/, '')
          .split(/, /)
          .flatMap((half) => [`${half},`, own()]),
      ),
  ]
  return (forms[(turn + (part === 'high' ? 0 : part === 'middle' ? 2 : 4)) % forms.length] as () => string)()
}

/** Indoors becomes outdoors, bread becomes snow. */
function answered(subject: string[]): string[] {
  const places: [RegExp, string][] = [
    [/loaf|bread/g, 'snow'],
    [/key|iron/g, 'shoe'],
    [/house/g, 'street'],
    [/salt/g, 'lamp'],
    [/plate/g, 'gate'],
    [/ate\b/g, 'walked'],
    [/knife/g, 'spade'],
    [/baker/g, 'postman'],
    [/warm/g, 'deep'],
  ]
  return subject.map((line) => places.reduce((text, [from, to]) => text.replace(from, to), line))
}

function sung(label: string, rows: string[]): string {
  const last = rows.length - 1
  return `*${label}*\n${rows.map((row, index) => (index === last ? row.replace(/[,;]$/, '.') : row)).join('\n')}`
}
