// Which module may import which, beside masters, which all may. Each edge is argued in docs/decisions/0002-chain-modules.md;
// a new one needs a record of its own. The tidy test holds the tree to this list.

/** `[from, to]`: files of module `from` may import files of module `to`. */
export const allowedEdges: readonly (readonly [string, string])[] = [
  ['pos', 'pricing'],
  ['sales', 'pricing'],
  ['delivery', 'sales'],
  ['payments', 'sales'],
]
