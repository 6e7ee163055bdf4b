import type { Words } from './grammar.ts'
import { lines } from './words.ts'

/** What lies on the machine: owner, date and text by path. `{admin}`, `{late}`, `{purpose}`, `{why}` and `{odd}` are settled once a run. */
export interface OldFile {
  owner: string
  date: string
  text: string
}

/** What it was for, why somebody went, and what should not be there. */
export const CLI_WORDS: Words = {
  purpose: lines(`
    works out the hour at which the bridge may be opened
    counts who goes down to the river and who comes back
    keeps the bells of nine churches from ringing at once
    turns letters from a language with few readers into one with many
    reads the level of the reservoir and is believed`),
  why: lines(`
    the count came out one too many, for eleven nights
    the last letter was addressed to the machine
    it was right about the flood, and nobody had asked it
    somebody had begun to answer in the log
    the second bell was rung by hand, and there is no rope`),
  odd: lines(`
    lullaby
    not_yet
    for_whoever
    window
    spare_room`),
  admin: lines('okafor\nlindqvist\nmarsh\nbeaumont\nteller'),
  late: lines('ferrar\niveson\nhallam\nsato\nquist'),
  wrote: lines(`
    are you still typing or is that me
    the {it} was there before i logged in. i checked
    do not run it with the lid open
    somebody feeds the cat. look who
    i can see your cursor from here. it is a kind one
    leave the {it} where it is please. i count from it
    ask it what it is for. it likes to be asked
    third disk. it was never missing
    you are the first since the thaw
    when you go, log out twice`),
  fortune: lines(`
    A clock that is asked often enough begins to guess.
    He who mounts the third disk must also feed it.
    You will find it in the last place; then there will be another place.
    Never trust a [thing] that boots at once.
    Two users are a conversation. One user is a witness.
    What was deleted is only resting its name.
    The [animal] in the server room has read permission.
    Today is a good day to look under the [thing].`),
}

export function oldFiles(values: Record<string, string>): Record<string, OldFile> {
  const { admin, late, purpose, why, odd } = values as Record<'admin' | 'late' | 'purpose' | 'why' | 'odd', string>
  const root = (date: string, text: string): OldFile => ({ owner: 'root', date, text })
  const by = (owner: string, date: string, text: string): OldFile => ({ owner, date, text })
  return {
    '/etc/motd': root(
      'Mar  2 09:14',
      `HALCYON, bench 4. This machine ${purpose}.\nIf it is doing anything else, write it down.`,
    ),
    '/etc/passwd': root(
      'Oct  9 17:02',
      `root:x:0:0:keeper of the keys:/root:/bin/sh\n${admin}:x:100:10:bench 4, days:/home/${admin}:/bin/sh\n${late}:x:101:10:bench 4, nights:/home/${late}:/bin/sh\ncat:x:102:10:mouse control:/home/cat:/bin/false\nguest:x:999:99:whoever:/home/guest:/bin/sh`,
    ),
    '/etc/hosts': root(
      'Feb 11 1994',
      '127.0.0.1   halcyon localhost\n10.0.4.2    kestrel      # upstairs, do not wake\n10.0.4.9    river        # not ours',
    ),
    '/etc/crontab': root(
      'Sep 30 23:58',
      `0 *  * * *  root   /usr/local/bin/count\n5 3  * * *  ${late}   /home/${late}/bin/goodnight\n0 18 * * 1-5  ${admin}  echo fed >> /var/log/cat.log`,
    ),
    '/var/log/messages': root(
      'Dec 31 23:59',
      `Oct 28 02:14:08 halcyon count: 212 down, 212 up\nOct 29 02:14:08 halcyon count: 198 down, 199 up\nOct 29 02:14:09 halcyon count: recounting\nOct 29 02:14:31 halcyon count: 198 down, 199 up\nOct 29 02:15:00 halcyon su: ${late} to root on tty3\nNov  8 02:14:08 halcyon count: 240 down, 241 up\nNov  8 02:20:44 halcyon shutdown: cancelled by nobody`,
    ),
    '/var/log/cat.log': by(
      admin,
      'Nov 21 18:00',
      `Mon fed\nTue fed\nWed fed\nThu not fed, see ${late}\nThu fed (late), sorry\nFri fed twice. it asked nicely`,
    ),
    '/var/log/door.log': root(
      'Nov  8 02:21',
      `21:58:02 in   ${late}\n02:14:10 in   (no card)\n02:20:51 out  ${late}\n-        out  (no entry)`,
    ),
    '/var/log/tickets': by(
      admin,
      'Nov 20 08:31',
      `#40 printer prints one page more than it is sent. closed: reads well\n#41 clock gains on sundays. open\n#42 who is using ${odd}? open, assigned to ${late}\n#43 chair on bench 4 is warm in the mornings. open`,
    ),
    '/var/mail/guest': by(
      'guest',
      'Jan  1 00:00',
      `From ${late}@halcyon\nSubject: you\nWhoever you are, they will tell you that I left because of the pay. I left because ${why}.\nStart with the cat's log. It is the only honest one.`,
    ),
    [`/home/${admin}/todo`]: by(
      admin,
      'Nov 20 17:59',
      `- new tape\n- ask ${late} about the extra page\n- do NOT read ${odd} on shift\n- be nicer to ${late}\n- order chair`,
    ),
    [`/home/${admin}/.plan`]: by(admin, 'Jun  4 12:00', 'Retire to a house with one clock in it.'),
    [`/home/${admin}/handover.txt`]: by(
      admin,
      'Nov 19 18:04',
      `Nights: the count runs at 02:14. If it does not agree, count again. If it does not agree again, go and stand at the window and count yourself out of it.\nDays: feed the cat.`,
    ),
    [`/home/${late}/diary`]: by(
      late,
      'Nov  8 02:19',
      `29 oct  one too many. counted by hand. one too many.\n31 oct  learned its walk. it does not hurry. it is somebody who has forgotten something.\n 4 nov  left the light on in the stairwell. 02:14 it stopped under it, and waited, and went on.\n 8 nov  ${why}. i am going down with a coat.`,
    ),
    [`/home/${late}/bin/goodnight`]: by(
      late,
      'Nov  1 03:04',
      '#!/bin/sh\n# says it to whoever is still here\nfor u in $(who | cut -d" " -f1); do echo "good night, $u" | write $u; done\necho "good night" > /dev/river',
    ),
    [`/home/${late}/bin/README`]: by(
      late,
      'Nov  1 03:06',
      'goodnight runs by itself. please do not take it out of cron. it is the only thing it answers to.',
    ),
    [`/home/${late}/letters/1.txt`]: by(
      late,
      'Nov  2 04:40',
      `to the one on the stairs:\nyou are not on the list, and I have been paid to keep the list. So I made a second one. You are the first on it.`,
    ),
    [`/home/${late}/letters/2.txt`]: by(
      late,
      'Nov  6 04:12',
      'to the one on the stairs:\nI asked what it was you went down for. You stopped. I am sorry, that was a question for a machine.',
    ),
    '/home/guest/README': root(
      'Feb 11 1994',
      'The guest account may read what it is shown, write in /tmp and here, and be thanked.',
    ),
    '/home/cat/.nap': by('cat', 'Nov 21 18:01', 'zzzz'),
    '/usr/local/bin/count': root(
      'Aug 17 1991',
      `#!/bin/sh\n# ${purpose}\n# if DOWN != UP: recount, then tell a person. there must always be a person.   -- mother of this machine`,
    ),
    '/usr/games/fortune': root('Aug 17 1991', '(binary; it seems to be mostly proverbs)'),
    [`/opt/bench4/${odd}`]: by(
      '1002',
      'Jan  1 2031',
      `owner 1002 is not in /etc/passwd. The file is dated nine years from its disk.\n\nI only went back for the light.\nTell the night one that the coat fits.`,
    ),
    '/opt/bench4/manual.txt': root(
      'Aug 17 1991',
      `HALCYON does one thing. It ${purpose}.\n1. Switch on. 2. Wait. 3. Believe it, within one.\nFor M., who waited up.`,
    ),
    '/opt/bench4/calibration': by(
      admin,
      'Nov 20 09:00',
      'last calibrated  Nov 7\ndrift            +1 per night\ncause            (blank)\nsigned           (a pawprint)',
    ),
    '/lost+found/00113': root(
      'Nov  9 00:00',
      `a page, the one too many:\n\n    198 down\n    199 up\n    ${late}, if you read this: it was I, both ways. Go home.`,
    ),
    '/tmp/.wake': by(late, 'Nov  8 02:20', 'touch this file if you are still here.'),
  }
}
