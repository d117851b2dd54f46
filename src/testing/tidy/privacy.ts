// Keeps the repository usable anywhere: no path, host or registry of one machine in any file, and exact versions only.
import { eachLine } from './files.ts'
import type { Rule } from './tree.ts'

const homes = /(?:^|[\s'"`(=:,@<[])(\/(?:work|root|home\/(?!node\/)[a-z][\w-]*|Users\/\w+)\/[\w.-]+)/
// The cloud's metadata address is public knowledge, and a test must name it to show that the hub never asks it.
const hosts = /https?:\/\/(?!metadata\.google\.internal\b)([\w-]+(?:\.[\w-]+)*\.(?:internal|intranet|corp|lan|local))\b/
const registries =
  /\b((?:registry|npm|packages?)\.(?!example\b)[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|io|dev|internal|local|lan|corp)\b|[\w.-]+\/(?:artifactory|nexus|verdaccio)\/[\w./-]*)/
const resolved = /"resolved":\s*"https?:/

/** No file names a private path, a host of somebody's network, or the address of a package registry. */
export const nothingIsPrivate: Rule = (files) => [
  ...eachLine(files, (line) => homes.exec(line)?.[1]).map(
    ({ at, found }) => `${at}: ${found} is a path of one machine. Use a path relative to the checkout, or an argument.`,
  ),
  ...eachLine(files, (line) => hosts.exec(line)?.[1]).map(
    ({ at, found }) => `${at}: ${found} is a host of one network. Use example.com, localhost or a setting.`,
  ),
  ...eachLine(files, (line) => (resolved.test(line) ? 'resolved' : registries.exec(line)?.[1])).map(
    ({ at, found }) =>
      `${at}: ${found} names a package registry, and everybody has their own. Remove it (npm: omit-lockfile-registry-resolved).`,
  ),
]

const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/
const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides'] as const

/** Every version in every package.json is exact: an install today and in five years is the same install. */
export const versionsAreExact: Rule = (files) =>
  files
    .filter((file) => /(^|\/)package\.json$/.test(file.path))
    .flatMap((file) => {
      const manifest = JSON.parse(file.text) as Record<string, unknown>
      return lists.flatMap((list) =>
        loose(manifest[list] ?? {}).map((each) => `${file.path}: ${list} has ${each}: pin the exact version.`),
      )
    })

function loose(versions: unknown): string[] {
  return Object.entries(versions as Record<string, unknown>).flatMap(([name, version]) => {
    // Overrides may nest, and may point at the root's own choice with $name.
    if (typeof version === 'object' && version !== null) return loose(version)
    return typeof version === 'string' && (exact.test(version) || version.startsWith('$'))
      ? []
      : [`${name} ${String(version)}`]
  })
}
