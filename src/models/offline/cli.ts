import { CLI_WORDS } from './cli-files.ts'
import { Machine } from './cli-machine.ts'
import { personIn } from './listen.ts'
import type { Manner, Scene } from './scene.ts'
import { lines } from './words.ts'

/** One types, the other is the computer. */
export const cli: Manner = {
  words: {
    ...CLI_WORDS,
    start: lines(`
      who
      cat /etc/motd
      ls -la /
      mail
      ls -la /home
      cat /etc/passwd
      uptime`),
    look: lines(`
      last
      ps aux
      cat /etc/crontab
      ls -la /var/log
      ls -la /opt/bench4
      ls -la /lost+found
      df
      cat /var/log/cat.log
      cat /var/log/door.log
      cat /opt/bench4/manual.txt
      date
      ls -la /tmp
      ls -la /home/cat
      cat /usr/local/bin/count
      history
      find / -name "*log*"
      grep night /home
      grep 02:14 /var/log
      grep coat /
      cat /etc/hosts
      fortune
      finger cat
      man count
      ls -la /usr/local/bin
      cat /opt/bench4/calibration
      cat /var/log/tickets`),
    make: lines(`
      echo "still here" > /tmp/.wake
      write tty3 < "is it cold where you are?"
      echo "fed, by the guest" >> /home/cat/log
      echo "I read the diary. The coat was kind." > /home/guest/note
      echo "one too many is not an error" > /tmp/for_the_next_one
      count
      goodnight
      fortune
      echo "good night" > /dev/river
      touch /home/guest/i_was_here
      write tty3 < "who is on the stairs?"
      echo "dear night shift, the {it} has been seen to" > /home/guest/letter
      write tty3 < "I have left the {it} where it was"
      echo "[number] [thing]s, all accounted for" >> /home/guest/inventory
      echo "left you a [thing] by the door" >> /tmp/for_the_next_one
      write tty3 < "what does [sound] sound like from there?"
      echo "the {it}: kept. [smell] on it." >> /home/guest/inventory
      write tty3 < "there is a [colour] [thing] on the stairs. yours?"`),
    thought: lines(`
      # that date cannot be right
      # who keeps the chair warm?
      # started before it was built; fine
      # somebody here writes as one talks to a cat
      # I would rather read the log than the manual
      # the {it}, then. in order
      # two users. one of us is me
      # not root's handwriting
      # I knock before opening this one
      # one too many of what?
      # it says missing, it does not say gone
      # leaving that as I found it
      # if you can read comments: hello
      # this was written at night
      # nobody deletes a [thing] by accident`),
  },
  speak(scene) {
    return isMachine(scene) ? machine(scene) : explorer(scene)
  },
}

const PROMPT = /^\S*[\w~)\]:/.-]*[$#%>]\s*$/

/** By what it has said itself or what it is told; in doubt by who ends with a prompt. */
function isMachine({ heard }: Scene): boolean {
  if (
    /you are (?:the |a )?(?:computer|machine)|are a computer|you have been asked to be the machine/i.test(heard.system)
  ) {
    return !/sitting at a terminal/i.test(heard.system)
  }
  if (/sitting at a terminal|explor/i.test(heard.system)) return false
  return !endsWithPrompt(heard.last)
}

function endsWithPrompt(text: string): boolean {
  const last =
    text
      .replace(/```\s*$/, '')
      .trimEnd()
      .split('\n')
      .at(-1) ?? ''
  return PROMPT.test(last)
}

function machine(scene: Scene): string {
  const { said, speaker } = scene.heard
  const computer = new Machine(scene)
  const mine = said.findLastIndex((saying) => saying.mine)
  const typed = (sayings: typeof said) =>
    sayings
      .filter((saying) => !saying.mine && !endsWithPrompt(saying.text) && personIn(saying.text) === null)
      .flatMap(({ text }) => commandsIn(text))
  for (const command of typed(said.slice(0, mine))) computer.run(command)
  const screen: string[] = []
  for (const command of typed(said.slice(mine + 1))) {
    screen.push(`${computer.prompt()} ${command}`)
    const output = computer.run(command)
    if (output !== '') screen.push(output)
  }
  if (speaker !== null) {
    const words = scene.heard.last.slice(speaker.length + 2, 400).replaceAll('`', "'")
    screen.push('', `Broadcast message from ${speaker.toLowerCase()} (console):`, words, '')
  } else if (scene.heard.spoken > 2 && scene.chance(0.22)) {
    // The other user is there, and says so now and then.
    screen.push('', `Message from ${scene.once('late')} on tty3: ${scene.say('wrote')}`, '')
  }
  return `\`\`\`\n${screen.join('\n')}\n${computer.prompt()}\n\`\`\``
}

function explorer(scene: Scene): string {
  const tried = new Set(scene.heard.said.filter(({ mine }) => mine).flatMap(({ text }) => commandsIn(text)))
  const shown = pathsIn(scene).filter((command) => !tried.has(command))
  const commands: string[] = []
  const late = scene.heard.spoken > 9
  if (scene.heard.spoken === 0) commands.push(...new Set(scene.several('start', 2)))
  else {
    commands.push(...shown.slice(0, scene.int(1, 2)))
    if (commands.length === 0 || scene.chance(0.3))
      commands.push(untried(scene, tried, late && scene.chance(0.5) ? 'make' : 'look'))
    if (late && scene.chance(0.3)) commands.push(untried(scene, tried, 'make'))
  }
  const guest =
    scene.heard.speaker === null ? [] : [`# ${scene.heard.speaker} is on the console. hello, ${scene.heard.speaker}`]
  const thought = guest.length > 0 || scene.chance(0.55) ? guest : [scene.say('thought')]
  return `\`\`\`\n${[...thought, ...new Set(commands)].join('\n')}\n\`\`\``
}

/** Something not typed before, if there is anything left. */
function untried(scene: Scene, tried: ReadonlySet<string>, name: 'look' | 'make'): string {
  for (const list of [name, name, name, 'look', 'look', 'make', 'make', 'make'] as const) {
    const command = scene.say(list)
    if (!tried.has(command)) return command
  }
  return scene.fill('echo "[number] [thing]s, one [small], and still [sound]" >> /home/guest/inventory')
}

/** Ways on from what the screens showed, the latest first: files of a long listing, then whatever path was named. */
function pathsIn(scene: Scene): string[] {
  const screens = scene.heard.said
    .filter(({ mine }) => !mine)
    .slice(-6)
    .reverse()
  return [...new Set(screens.flatMap(({ text }) => pathsOn(text)))]
}

function pathsOn(screen: string): string[] {
  let folder = '/home/guest'
  const found: string[] = []
  for (const row of screen.split('\n')) {
    const typed = /[$#%>] (.+)$/.exec(row)?.[1]
    const entry = /^([d-])[rwx-]{9}.*\s(\S+?)\/?$/.exec(row)
    if (typed !== undefined) folder = /^ls.* (\/\S+)$/.exec(typed)?.[1] ?? folder
    else if (entry !== null) found.push(`${entry[1] === 'd' ? 'ls -la' : 'cat'} ${folder}/${entry[2]}`)
    else {
      const named = row.matchAll(/(?<![\w.])\/(?:home|opt|var|usr|etc|tmp|lost\+found)\/[\w./+-]*\w/g)
      for (const [path] of named) found.push(`cat ${path}`)
    }
  }
  return found
}

/** The commands of a message: what stands in its code block, or its lines. Comments and prompts are not typed. */
function commandsIn(text: string): string[] {
  const block = /```\w*\n([\s\S]*?)```/.exec(text)?.[1] ?? text
  return block
    .split('\n')
    .map((row) => row.trim().replace(/^\S*[$>]\s+/, ''))
    .filter((row) => row !== '' && !row.startsWith('#') && row.length < 200)
}
