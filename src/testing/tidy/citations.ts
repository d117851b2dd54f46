// Ties each rule of docs/sync.md to the place that implements it and to the test that shows it, by the rule's id.
// It never judges whether the test is a good one: it only sees to it that there is one.
import { type Rule, isTest } from './tree.ts'

const page = 'docs/sync.md'
const listItem = /^\s*(?:[-*]|\d+\.)\s+\*\*([A-Z][A-Z0-9]*\d)\*\*/gm

/** Each id at the head of a list item of the page is cited as `[ID1]` in a source file and in a test. No page, no rules. */
export const everyRuleIsCited: Rule = (files) => {
  const text = files.find((file) => file.path === page)?.text
  if (text === undefined) return []
  const ids = [...text.matchAll(listItem)].map((match) => match[1] ?? '')
  if (ids.length === 0) return [`${page} has no rule ids: a rule is a list item that opens with **ID1**.`]
  const code = files.filter((file) => /^src\/.*\.tsx?$/.test(file.path))
  const tests = code.filter((file) => isTest(file.path))
  // Laws and builders of src/testing show a rule or use it; neither implements it.
  const sources = code.filter((file) => !isTest(file.path) && !file.path.startsWith('src/testing/'))
  return ids.flatMap((id, index) => {
    const wrong: string[] = []
    if (ids.indexOf(id) !== index) wrong.push(`${page} gives ${id} to two rules: an id is one rule's, for ever.`)
    const citation = `[${id}]`
    if (!sources.some((file) => file.text.includes(citation)))
      wrong.push(`${id} of ${page} is implemented nowhere: cite ${citation} where the source does it.`)
    if (!tests.some((file) => file.text.includes(citation)))
      wrong.push(`${id} of ${page} is tested nowhere: cite ${citation} in the name of the test that shows it.`)
    return wrong
  })
}
