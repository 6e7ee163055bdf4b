import { createHash } from 'node:crypto'
import { Resvg } from '@resvg/resvg-js'
import { randomOf } from '../../core/random.ts'
import { Canvas, n } from './canvas.ts'
import { motifFor, paintMotif } from './motifs.ts'
import { paletteOf } from './palette.ts'
import { city } from './scenes/city.ts'
import { field } from './scenes/field.ts'
import { flow } from './scenes/flow.ts'
import { forest } from './scenes/forest.ts'
import { heat } from './scenes/heat.ts'
import { orbit } from './scenes/orbit.ts'
import { rooms } from './scenes/rooms.ts'
import { shards } from './scenes/shards.ts'
import { signal } from './scenes/signal.ts'
import { sky } from './scenes/sky.ts'
import { water } from './scenes/water.ts'
import { readPrompt, type SceneName } from './words.ts'

export interface Wish {
  prompt: string
  /** Pixels. */
  width: number
  height: number
  /** Another painting of the same words. */
  seed: number
}

const SCENES: Record<SceneName, (canvas: Canvas) => void> = {
  ...{ sky, water, rooms, signal, forest, heat, city, flow, field, orbit, shards },
}

/** For words that call for no scene. */
const ANY: SceneName[] = ['flow', 'field', 'orbit', 'shards', 'flow', 'signal']

/** Paints a prompt: the same PNG for the same words, size and seed. */
export function paint(wish: Wish): Buffer {
  return render(painted(wish).svg(), wish.width)
}

/**
 * Paints into a picture: it stays, takes on the tone of the new words, and what they call for appears in a part of it.
 *
 * @param image a data URI that resvg can read: PNG, JPEG, GIF or WebP.
 */
export function repaint(wish: Wish, image: string): Buffer {
  const { width, height } = wish
  const fresh = painted(wish, isDark(image) ? 1 : -1)
  const random = randomOf(seedOf(wish), 7)
  const { palette } = fresh
  const over = new Canvas(width, height, palette, random)
  const picture = `<image href="${image}" width="${width}" height="${height}" preserveAspectRatio="xMidYMid slice"/>`
  over.add(picture)
  over.rect(
    0,
    0,
    width,
    height,
    over.linear(
      [
        [0, palette.inks[0] ?? palette.accent, 0.3],
        [1, palette.inks[1] ?? palette.accent, 0.3],
      ],
      random() * 360,
    ),
    'style="mix-blend-mode:soft-light"',
  )
  const mask = over.def(
    (id) =>
      `<mask id="${id}" maskUnits="userSpaceOnUse" x="0" y="0" width="${width}" height="${height}">${opening(over)}</mask>`,
  )
  over.add(`<g mask="${mask}">${fresh.inner('n')}</g>`)
  return render(over.svg(), width)
}

/** @param darkness what the picture should be where its words do not say. */
function painted(wish: Wish, darkness = 0): Canvas {
  const random = randomOf(seedOf(wish))
  const reading = readPrompt(wish.prompt)
  if (reading.darkness === 0) reading.darkness = darkness
  const palette = paletteOf(reading, random)
  const canvas = new Canvas(wish.width, wish.height, palette, random)
  const scene = reading.scenes[0] ?? canvas.pick(ANY)
  SCENES[scene](canvas)
  const motif = motifFor(scene, reading.motifs)
  if (motif) paintMotif(canvas, motif)
  canvas.finish()
  return canvas
}

/** Where a repainting shows: white is the new picture, black the old. Its edge is soft or torn, never a seam. */
function opening(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const soft = `filter="${canvas.blur(unit * 0.045)}"`
  const [x, y] = [width * canvas.between(0.22, 0.78), height * canvas.between(0.3, 0.7)]
  const kind = canvas.pick(['pool', 'tide', 'strips', 'door', 'disc'])
  if (kind === 'tide') {
    const top = height * canvas.between(0.45, 0.62)
    const edge = canvas.wavering(-unit * 0.3, top, width + unit * 0.6, height, unit * 0.16)
    return `<path d="${edge}" fill="white" opacity="0.95" ${soft}/>`
  }
  if (kind === 'strips') {
    const strips = Array.from({ length: 6 }, () => {
      const h = height * canvas.between(0.02, 0.1)
      return `<rect x="${n(canvas.between(-0.25, 0.45) * width)}" y="${n(canvas.random() * height)}" width="${n(width * canvas.between(0.45, 0.9))}" height="${n(h)}" fill="white" opacity="${n(canvas.between(0.75, 1))}"/>`
    })
    return `<g filter="${canvas.blur(1.5)}">${strips.join('')}</g>`
  }
  if (kind === 'door') {
    const h = height * canvas.between(0.55, 0.75)
    const w = h * canvas.between(0.45, 0.6)
    return `<rect x="${n(x - w / 2)}" y="${n(height * 0.9 - h)}" width="${n(w)}" height="${n(h)}" fill="white" filter="${canvas.blur(2.2)}"/><rect x="${n(x - w * 0.8)}" y="${n(height * 0.85)}" width="${n(w * 1.6)}" height="${n(height * 0.15)}" fill="white" opacity="0.45" ${soft}/>`
  }
  if (kind === 'disc') {
    const r = unit * canvas.between(0.25, 0.34)
    return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="white" filter="${canvas.blur(2)}"/><circle cx="${n(x)}" cy="${n(y)}" r="${n(r * 1.35)}" fill="none" stroke="white" stroke-width="${n(unit * 0.012)}" opacity="0.7"/>`
  }
  const [w, h] = [width * canvas.between(0.36, 0.5), height * canvas.between(0.36, 0.52)]
  const edge = canvas.wavering(x - w / 2, y - h / 2, w, h, unit * 0.22)
  return `<path d="${edge}" fill="white" stroke="white" stroke-width="${n(unit * 0.05)}" stroke-linejoin="round" ${soft}/>`
}

/** A day painted into a night would be a hole in it. */
function isDark(image: string): boolean {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="${image}" width="8" height="8" preserveAspectRatio="none"/></svg>`
  const { pixels } = new Resvg(svg).render()
  const light = pixels.filter((_, i) => i % 4 < 3).reduce((sum, channel) => sum + channel, 0)
  return light / (8 * 8 * 3) < 115
}

function seedOf({ prompt, seed }: Wish): number {
  return createHash('sha256').update(`${seed}\n${prompt.trim()}`).digest().readInt32LE(0)
}

function render(svg: string, width: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } }).render().asPng()
}
