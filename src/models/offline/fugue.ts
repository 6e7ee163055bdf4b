import type { Manner, Scene } from './scene.ts'
import { lines, list } from './words.ts'

/** Three voices and one subject: a poem built by the rules of a fugue. */
export const fugue: Manner = {
  words: {
    guest: lines(`
      *{speaker} has given a note from the third row; it hangs there, and must be resolved.*
      *a note of {speaker}'s is in the air, a little flat, and is kept.*`),
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
      From the <roof|steeple|gutter> one sees hats go by, and one has a <hole|feather|letter> in it;
      the <sparrow|swift|starling> has a crumb of it, the <sparrow|swift|starling> will tell;
      a key! a key! say the <cups|spoons|lids> to the <saucers|sills|steam>;
      it would fit in an <ear|acorn|inkwell>, it would fit in a <shoe|sneeze|song>;
      the top of the table is mostly <elbows|weather|bread>;
      quick, says the <window|curtain|weathercock>, it is almost a <quarter|Tuesday|supper>;
      I have tried it on the <rain|lark|light>, and the <rain|lark|light> let me in;
      it sits on the tip of the <tongue|thumb|wing> of the <steeple|kettle|maid>;
      a hat lifts itself to whoever has <lost|lent|licked> it;
      oh, but up here it is only a <glint|wink|stitch> and a <hurry|giggle|gust>;
      the <swift|kite|moth> does the lock of the <air|lamp|hour> and is through;
      a [colour] <balloon|kite|bonnet> has the thing by the <string|ear|rim> now;
      what a <din|dazzle|draught> for a thing that is <thumb-long|half baked|so shut>;
      and <nobody|everyone|half of them> upstairs had ever locked <anything|up|out>;`),
    middle: lines(`
      on the <stairs|landing|threshold> they say it was never a <kitchen|key|loaf>,
      and who has been <kneading|needing|knocking>, and who had the <bowl|sieve|say>?
      it was not <iron|ours|lost>, it was only the <talk|weight|taste> of it,
      behind the door somebody counts out the <spoons|chairs|change>,
      I say it was yours; you had <flour|rust|sugar> on your <sleeve|lip|sums>,
      and what does one <open|ask|eat> who is already <in|full|home>?
      the <soup|tea|talk> has gone cold round a very good <question|bone|guess>,
      a [person] comes up with the wrong <end|half|heel> of bread,
      did you ask at the [place]? did they look at your <hands|shoes|bag>?
      put it back, put it back, let the next one be <hungry|late|blamed>,
      there is one more at table than <chairs|knives|names>, and it <hums|waits|salts>,
      the drawer knows a [thing] that it will not <be|hold|say>,
      it is <somebody's|nobody's|Sunday's>, I said, and they passed me the <butter|bill|blame>,
      and if there is no door for it, who let in the <draught|cat|question>?`),
    low: lines(`
      Under the table the <dog|dark|draught> has known longer.
      The <oven|cellar|doorstep> was built by a man without <doors|sons|bread>.
      What is owed to the <flour|miller|fire> is owed to the <field|rain|hand>.
      Down where the <wood|coal|cold> goes, it is still before <supper|the house|the word>.
      <Iron was stone|Bread was grass|Salt was sea>, and was patient, and will be.
      They laid it in <dough|earth|debt> so that somebody must.
      The <cellar|wall|river> has hinges that nobody <hung|heard|oiled>.
      I was there. It was <dark|warm|late>. It was bread. It was <Tuesday|hers|enough>.
      The names in the <doorpost|beam|dough> are under the <paint|knife|years>.
      My father's own father had <teeth|keys|doors> that it fitted.
      Slowly the <house|loaf|year> turns round on its <lock|heel|yeast>.
      One holds it. One lacks it. One <baked it|died of it|waits>.
      Whatever is <found|cut|late> was put there by <hand|hunger|night>.`),
    inverted: lines(`
      In the key, when it <turned|warmed>, there was <standing|hiding> a loaf,
      There was bread in the <iron|lock>, and the <iron|lock> was <cold|fed>,
      A door had been <asking|baking>, and no house was <there|home>,
      and none of them <ate|spoke>, and the salt went <alone|round>,
      and somebody <late|small> laid all of them <out|down>,
      and nobody <hoped|knocked>, and it fitted them <all|once>.
      and the <field|oven> gave back what the <bread|hand> had <been|lent>,
      and the one who was <missing|early> had <set|cleared> the table,`),
    small: lines(`
      <Bread; key; salt; late.|Salt, iron; late, bread.|Key in; none out.>
      Loaf <cut|torn>. It rang. They <ate|looked>. They <heard|waited>.
      A key. No <door|house|one>. They passed the <salt|time|bread>.
      <Warm|Found|Late>: iron. <Shut|Lost|Fed>: all.`),
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
    [/\bate\b/g, 'walked'],
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
