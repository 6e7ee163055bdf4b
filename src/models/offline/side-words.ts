import type { Words } from './grammar.ts'
import { lines } from './words.ts'

/** `{who}` spoke last, `{whom}` before; `{it}`, `{other}` and `{kept}` were named. A slash with spaces is a new line. */
export const sideWords: Words = {
  summary: lines(`
    The talk has come to the {it}; <nobody has let go of it yet|{who} brought it in|it was not meant to>.
    {who} has put the {it} on the table, and {whom} <looks past it|wants to know what it cost|answers with the {other}>.
    Between {who} and {whom} lies the {it}, and each is waiting for the other to <pick it up|name it|look away>.
    Slowly the {it} has become <the whole room|the only way out|older than both of them>.
    It went from the {kept} to the {it} <in one step|by way of a lie|while nobody looked>.
    {whom} had the {other}; {who} <took it|mended it|turned it over>, and now it is about the {it}.`),
  summary_more: lines(`
    The {other} was put beside it, and has not been <explained|counted|touched>.
    Earlier it was the {kept}; that has not been forgotten, only <moved|lent out|covered with a cloth>.
    Behind it one still hears <the {kept}|[sound]>.
    Nothing has been settled about the {other}.
    Somebody will have to pay for the {kept}, and {whom} <knows it|has no change|is already at the door>.
    So far the {other} belongs to <nobody|whoever speaks next|the weather>.`),
  status: lines(`
    Round by round the {it} gets <heavier|harder to mention|closer to the door>, and {who} has just moved it.
    {who} has the {it} now, and {whom} the {other}.
    Nobody has opened the {it}; {whom} <would like to|pretends not to have seen it|is next>.
    From the {kept} they have come to the {it}, and are not out of it.
    Somewhere between the {other} and the {it}, {who} has <changed the subject|raised the price|told the truth by mistake>.
    Now it is the {it} that <matters|will not keep still|is asked about>.`),
  critic: lines(`
    The {it} was earned; the {other} was <borrowed|there for company|a cheat, and a good one>. I want {whom} to pay for it next.
    {who} got away with the {it}. Watch the {other}, it will come back with a bill.
    Lovely, that {it}. I could have done without the {other}, one does not show both hands at once.
    They keep stepping over the {kept}. If nobody falls over it by the next round I shall be cross.
    {whom} listened there, did you see? That {it} was an answer.`),
  notebook: lines(`
    I was wrapping two loaves when they carried the {it} past. {who} walked behind it as one does behind a relative. I have kept back the {other}, in case.
    They have been at the {it} again. From my window I only see the shadow of it, and {whom}'s hand. It smells of [smell] all down the street.
    {who} came by for change and put the {it} on my scales. I did not say what it weighed. The {kept} is still under the counter, where it can stay.
    Cold today. A [person] says that the {other} has been given up, and that they are all talking of the {it}. My fingers are too stiff for more.`),
  camera: lines(`
    \`CAM 07 | [place] | 03:1[digit]:2[digit2]\` / One figure, standing. On the floor, a {it}. / Second figure enters left with {other}. Stops.
    \`CAM 07 | [place] | 03:4[digit]:0[digit2]\` / {^it} at centre. No one within two metres. / Light changes from [colour] to none.
    \`CAM 07 | [place] | 04:0[digit]:5[digit2]\` / Two figures. Between them, {it}. / One hand goes out and comes back empty.
    \`CAM 07 | [place] | 02:5[digit]:1[digit2]\` / The {other} has been moved by a hand's breadth. / Door shut. {^it} on the mat.`),
  digit: lines('0\n1\n2\n3\n4\n5\n6\n7\n8\n9'),
  card: lines(`
    **THE {IT}** / *Two people look for it, and one of them has it.* / -# may contain {other}; return to the desk
    **A {IT} ON LOAN** / *What was lent in the first minute is wanted back.* / -# second edition, stained
    **UNDER THE {IT}** / *Somebody has to look, and nobody came for that.* / -# do not read aloud in the [place]`),
  monitor: lines(`
    scene      about the {it} / sleeper    turning the {other} over / residue    {kept} / stability  0.[digit][digit2] / alert      none, or [small]
    scene      [place], with {it} / sleeper    answers too quickly / residue    {other} / stability  0.[digit][digit2] / alert      [sound]
    scene      the {other} again, larger / sleeper    has picked up the {it} / residue    smell of [smell] / stability  0.[digit][digit2] / alert      somebody is knocking`),
  caption: lines(`
    *the {it}, before anyone has touched it*
    *whoever stands there has not been told*
    *one of them knows about the {other}*
    *a {it}, and the reason for it*
    *left out of the picture: the {kept}*`),
  running: lines(`
    A room in [colour] light; in it a {it}, and near it the {other}.
    The {kept} stays at the edge, half in shadow, of worn [material].
    Two figures, one standing, one turned away; between them a [thing].
    Over everything lies [weather], seen through a window that does not open.
    The {it} has come back twice, each time a little more [colour].`),
  picture: lines(`
    A {it}, close, on bare wood, lit from one side by a low window; [colour] shadows, [material] and [material2], dust in the air, muted film grain, shallow focus; a [small] where none should be.
    Wide view of a room with a {it} in the middle of the floor and nobody in it, [weather] behind the glass, [colour] and [colour2] palette, painted in thick gouache; the {other} hangs a little above its nail.
    A {it} seen from above on a table of [material], beside a [small], soft grey daylight, the look of an old colour photograph; one chair is wet.
    Night, one lamp, a {it} on a chair; long exposure, [colour] light, quiet composition, a great deal of dark, and in the dark the edge of a {other}.
    The [place] at [hour], light from the left; a {it} on [material], the {other} out of focus behind it, and a door that is painted on.`),
  edit: lines(`
    Add a {it} at the left edge, half out of the picture, and turn the light [colour].
    The {other} is gone; where it stood the floor is a little more [colour].
    It is later: the {it} has been moved, and the window is open on [weather].
    Let the figure on the right turn its back and hold the {it}.`),
}
