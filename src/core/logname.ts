import type { RunSpec } from './run.ts'

/**
 * The log file of a run, relative to `DATA_DIR/backrooms_logs`: `<template>/<lm1>_<lm2>_<template>_<YYYYMMDD_HHMMSS>.txt`, in UTC.
 * `nth` from 2 on makes another name of the same second.
 */
export function logName(spec: RunSpec, createdAt: number, nth = 1): string {
  const models = spec.actors.map((actor) => actor.model.alias.replaceAll(/[^A-Za-z0-9.-]/g, '-'))
  const [day, time] = new Date(createdAt).toISOString().split('T') as [string, string]
  const stamp = `${day.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`
  return `${spec.template}/${[...models, spec.template, stamp].join('_')}${nth > 1 ? `_${nth}` : ''}.txt`
}
