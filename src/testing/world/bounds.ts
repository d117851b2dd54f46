// What the office does to the bounds of regions while everybody works: a branch comes under another law, a transfer ends or begins again. The
// model's company is changed with it; until the hub has the change nobody can say from outside which rights a pull meets.
import { Accidents } from './accidents.ts'
import { saveBranch, saveTransfer, type Asked } from './company.ts'
import type { Dice } from './dice.ts'
import { DAY_MS } from './population.ts'

const BETWEEN = ['EU>UK', 'UK>EU']

export abstract class Bounds extends Accidents {
  protected async changeBounds(dice: Dice): Promise<void> {
    const asked = dice.isOneIn(2) ? this.moveBranch(dice) : this.turnTransfer(dice)
    this.count.fired('region-changed')
    this.trace.say(`the office: ${JSON.stringify(asked[1])}`)
    this.isUnsure = true
    await this.officeExchanges()
    await this.officeDoes(asked)
  }

  private moveBranch(dice: Dice): Asked {
    const at = dice.whole(this.company.branches.length)
    this.company.regions[at] = dice.pick(['UK', 'EU', 'EU', null])
    return saveBranch(this.company, at)
  }

  private turnTransfer(dice: Dice): Asked {
    const { transfers } = this.company
    const between = dice.pick(BETWEEN)
    const isOver = transfers.delete(between)
    if (!isOver) transfers.add(between)
    const yesterday = new Date(this.time.now - DAY_MS).toISOString().slice(0, 10)
    return saveTransfer(between, isOver ? yesterday : null)
  }
}
