// Size, names and words of the files we write. Each rule answers sentences; none of them changes anything.
import { type Rule, isSource } from './tree.ts'

const linesMax = 400 // a file that fits in one reading; design.md's ceiling

/** No source file is longer than the ceiling. */
export const filesAreSmall: Rule = (files) =>
  files
    .filter((file) => isSource(file.path))
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0) }))
    .filter((file) => file.lines > linesMax)
    .map(
      (file) =>
        `${file.path} has ${file.lines} lines: at most ${linesMax}. Give one of its concerns a file of its own.`,
    )

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/
const emptyWords = /(^|-)(manager|helpers?|utils?)(-|$)/

/** kebab-case, no index file (it hides what is in a folder), no word that says nothing. Root files have customs of their own. */
export const namesAreKebab: Rule = (files) =>
  files
    .filter((file) => isSource(file.path) && file.path.includes('/'))
    .flatMap((file) => {
      const parts = file.path
        .replace(/^\./, '')
        .split('/')
        .flatMap((part) => part.split('.'))
      const stem = file.path.split('/').at(-1)?.split('.')[0] ?? ''
      const wrong: string[] = []
      if (stem === 'index') wrong.push(`${file.path}: no index files. Name the file for what it holds.`)
      if (!parts.every((part) => kebab.test(part))) wrong.push(`${file.path}: names are kebab-case.`)
      if (emptyWords.test(stem)) wrong.push(`${file.path}: manager, helper and util say nothing. Use the field's word.`)
      return wrong
    })

const chain = String.raw`(?:it|test|describe|suite|bench)(?:\.\w+)*`
const unrun = new RegExp(String.raw`\b${chain}\.(?:only|skip|todo|skipIf|runIf)\b|\b(?:ctx|context)\.skip\(`)

/** Every test runs, and none runs alone. */
export const everyTestRuns: Rule = (files) =>
  eachLine(
    files.filter((file) => isSource(file.path)),
    (line) => unrun.exec(line)?.[0],
  ).map(
    ({ at, found }) => `${at}: ${found} keeps tests from running. Mend the test, or remove it with a decision record.`,
  )

// In two halves, so that this file may pass its own rule.
const laterWords = ['TO-DO', 'FIX-ME', 'XX-X', 'HA-CK'].map((word) => word.replace('-', ''))
const later = new RegExp(String.raw`\b(?:${laterWords.join('|')})\b(?:\s*\(?(\d{4})\)?)?`)

/** Work put off names its decision, `(0012)` right after the word, and docs/decisions/0012-….md is in the tree. */
export const everyTodoIsDecided: Rule = (files) => {
  const decisions = new Set(files.map((file) => /^docs\/decisions\/(\d{4})-/.exec(file.path)?.[1]))
  return eachLine(
    files.filter((file) => isSource(file.path)),
    (line) => {
      const match = later.exec(line)
      return match && !(match[1] !== undefined && decisions.has(match[1])) ? match[0].trim() : undefined
    },
  ).map(
    ({ at, found }) =>
      `${at}: ${found} without a decision. Do it, or write docs/decisions/NNNN-title.md and cite its number.`,
  )
}

/** Runs `find` on every line and answers where (`path:line`) and what it found. */
export function eachLine(
  files: Parameters<Rule>[0],
  find: (line: string) => string | undefined,
): { at: string; found: string }[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => {
      const found = find(line)
      return found === undefined ? [] : [{ at: `${file.path}:${index + 1}`, found }]
    }),
  )
}
