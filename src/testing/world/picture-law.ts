// The law of photos: what somebody took and named in a saved command is on the hub, whole and byte for byte, and another device that may
// see its row gets it through the product's own reading. It believes the bytes that the camera gave and nothing else. [BLOB4] [BLOB7]
import type { WorldDevice } from './world-device.ts'

/** `drive` lets virtual time pass until a reading is done. */
export async function lostPictures(
  devices: readonly WorldDevice[],
  pictures: ReadonlyMap<string, Uint8Array>,
  drive: <T>(read: Promise<T>) => Promise<T>,
): Promise<string[]> {
  const settled = devices.filter(({ excuse, device }) => excuse === null && device !== null)
  const wrong: string[] = []
  for (const author of settled) {
    for (const { seq, command, args, dev, was, seal } of author.told.values()) {
      // With its storage a device lost what was on it; what its owner threw away as well.
      if (command !== 'sim.addPhoto' || dev !== author.dev || author.forsaken.has(was?.seal ?? seal)) continue
      const { sha, size } = args['picture'] as { sha: string; size: number }
      // Work in review made no row yet, and then its author alone sees what was taken.
      const other = settled.find(
        (each) => holdsRow(each, sha) && ![...each.told.values()].some((kept) => isOf(kept.args, sha)),
      )
      const reader = other ?? author
      const reading = reader.device?.blob(sha, size) ?? Promise.resolve(null)
      const read = await drive<Uint8Array | 'offline' | null>(reading)
      const taken = pictures.get(sha)
      if (read === null || read === 'offline' || taken === undefined || !Buffer.from(read).equals(taken))
        wrong.push(`${reader.name} doesn't get the picture of ${author.name}:c${seq}: ${describe(read)}.`)
    }
  }
  return wrong
}

const holdsRow = ({ device }: WorldDevice, sha: string): boolean =>
  device?.replica.db.get('SELECT 1 FROM sim_photo WHERE instr(picture, ?) > 0 AND gone_at IS NULL', [sha]) !== undefined

const isOf = (args: Readonly<Record<string, unknown>>, sha: string): boolean =>
  (args['picture'] as { sha?: string } | undefined)?.sha === sha

const describe = (read: Uint8Array | 'offline' | null): string =>
  typeof read === 'string' ? read : read === null ? 'there is none' : `${read.length} other bytes`
