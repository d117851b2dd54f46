// `npm run bench -- photos [photos] [kilobytes]`: photos of one device reach a hub of its own process, durable and confirmed, beside a
// bare server that takes the same bytes in one request each and syncs them; and what commands notice of it: from a save to
// the hub's outcome, with the lane idle and with the lane full.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openDevice } from '../src/device/open-device.ts'
import { setAccount } from '../src/hub/enrolment.ts'
import { SETUP_USER } from '../src/hub/leases.ts'
import { serve } from '../src/hub/serve.ts'
import { argon2Floor } from '../src/store/vault/kdf.ts'
import type { Device } from '../src/sync/device/device.ts'
import { albumCatalogue, aPicture, asBlob } from '../src/testing/album-catalogue.ts'
import { quantiles, ratio } from './figures.ts'

const PASSWORD = 'only for this bench'
const COMMANDS = 100

/** Takes a body, syncs it to a file, answers: the least that a confirmed photo costs. */
async function bareServer(dataDir: string): Promise<number> {
  let files = 0
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      void (async () => {
        const file = await open(join(dataDir, `bare-${(files += 1)}`), 'w')
        await file.writeFile(Buffer.concat(parts))
        await file.sync()
        await file.close()
        response.end()
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function hubProcess(dataDir: string): Promise<void> {
  const served = await serve({ dataDir, port: 0, catalogue: albumCatalogue, log: pino({ level: 'silent' }) })
  await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password: PASSWORD })
  const bare = await bareServer(dataDir)
  process.stdout.write(`${JSON.stringify({ port: served.port, bare, code: await served.newCode(null) })}\n`)
  process.stdin.once('data', () => void served.stop().then(() => process.exit(0)))
}

/** Milliseconds from the call of `run` to the hub's outcome, one command after the other, while `goesOn`. */
async function commandTimes(device: Device, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (goesOn() && times.length < COMMANDS) {
    const began = performance.now()
    const settled = new Promise<void>((resolve) => {
      const stop = device.onStatus(({ waiting }) => {
        if (waiting > 0) return
        stop()
        resolve()
      })
    })
    await device.run('album.record', { place: 'company', note: 'in between' })
    await settled
    times.push(performance.now() - began)
  }
  return times
}

async function main(photos: number, bytes: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', '--hub', join(root, 'hub')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { port, bare, code } = JSON.parse(line.toString()) as { port: number; bare: number; code: string }
  const device = await openDevice({
    directory: join(root, 'device'),
    hubUrl: `http://127.0.0.1:${port}`,
    catalogue: albumCatalogue,
    passphrase: 'p',
    kdf: argon2Floor,
    enrol: { code, signIn: SETUP_USER, password: PASSWORD },
  })
  try {
    await device.sync()
    const pictures = Array.from({ length: photos }, (_, seed) => aPicture(seed + 1, bytes))
    const megabytes = (photos * bytes) / 1e6
    const bareBegan = performance.now()
    for (const picture of pictures)
      await fetch(`http://127.0.0.1:${bare}`, { method: 'PUT', body: picture as Uint8Array<ArrayBuffer> })
    const bareMs = performance.now() - bareBegan
    const idle = await commandTimes(device, () => true)

    const takenBegan = performance.now()
    for (const picture of pictures) await device.take(picture)
    const takenMs = performance.now() - takenBegan
    const sentBegan = performance.now()
    const sent = new Promise<number>((resolve) => {
      const stop = device.onStatus(({ blobs }) => {
        if (blobs.count > 0) return
        stop()
        resolve(performance.now() - sentBegan)
      })
    })
    let isSent = false
    void sent.then(() => (isSent = true))
    for (const picture of pictures)
      await device.run('album.record', { place: 'company', note: 'p', cover: asBlob(picture) })
    const busy = await commandTimes(device, () => !isSent)
    const sentMs = await sent
    const { blobs, incidents } = await device.status()
    console.log(
      `${photos} photos of ${bytes / 1000} kB: taken in ${(takenMs / 1000).toFixed(2)} s (encrypted, fsynced, ${(takenMs / photos).toFixed(1)} ms each)`,
    )
    console.log(
      `sent, hashed and durable on the hub in ${(sentMs / 1000).toFixed(2)} s, ${(megabytes / (sentMs / 1000)).toFixed(1)} MB/s, commands going on beside; a bare server that syncs the same bytes: ${(bareMs / 1000).toFixed(2)} s; left ${blobs.count}, incidents ${incidents}`,
    )
    console.log(ratio('photos to hub', sentMs, bareMs, '≤ 10'))
    console.log(`save to outcome, no photos on their way: ${quantiles(idle)} (${idle.length} commands)`)
    console.log(`save to outcome, beside ${photos} photos: ${quantiles(busy)} (${busy.length} commands)`)
  } finally {
    await device.close()
    child.stdin.write('stop\n')
    await once(child, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const [first, second] = process.argv.slice(2)
if (first === '--hub') await hubProcess(second ?? '')
else await main(Number(first ?? 100), Number(second ?? 400) * 1000)
