// Finds the sale that a returned line goes back to (rules.md §5): whole lines only, never more than was sold.
// It knows lines in posting order and nothing else; a link depends on the file alone, never on how devices interleave.

type Sold = { left: bigint }
export type Unlinked = 'no-customer' | 'no-earlier-sale' | 'too-little-left'
export type GoodsLine = {
  readonly customer: string
  readonly item: string
  readonly price: bigint
  readonly quantity: bigint
}

export class ReturnLinker {
  readonly #soldByKey = new Map<string, Sold[]>()

  #key(line: GoodsLine): string {
    return JSON.stringify([line.customer, line.item, line.price.toString()])
  }

  /** Remembers a sold or free line of a named customer as a possible original. `quantity` as in the file. */
  sell(line: GoodsLine): void {
    if (line.customer === '' || line.quantity <= 0n) return
    const key = this.#key(line)
    const sold = this.#soldByKey.get(key)
    if (sold === undefined) this.#soldByKey.set(key, [{ left: line.quantity }])
    else sold.push({ left: line.quantity })
  }

  /** Links a return line (`quantity` as in the file, so negative) to the latest original that still has all of it, or says why not. */
  giveBack(line: GoodsLine): 'linked' | Unlinked {
    if (line.customer === '') return 'no-customer'
    const sold = this.#soldByKey.get(this.#key(line))
    if (sold === undefined) return 'no-earlier-sale'
    const returned = -line.quantity
    const original = returned > 0n ? sold.findLast((one) => one.left >= returned) : undefined
    if (original === undefined) return 'too-little-left'
    original.left -= returned
    return 'linked'
  }
}
