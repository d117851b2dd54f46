// Argon2id for passphrases: its cost, its floor, and how to choose it for a device. The cost is stored beside what it protects, so it
// may rise later; it must never fall below the floor, however slow the device is.
import { argon2id } from 'hash-wasm'

/** Memory in KiB, passes over it. Parallelism is 1: the build is single-threaded. */
export interface Argon2Cost {
  readonly memoryKib: number
  readonly iterations: number
}

export const argon2Default: Argon2Cost = { memoryKib: 64 * 1024, iterations: 3 }
/** OWASP's least for Argon2id: 19 MiB, two passes. */
export const argon2Floor: Argon2Cost = { memoryKib: 19 * 1024, iterations: 2 }
/** Beyond this a file was damaged or forged, and reading it would only hang the device. */
export const argon2Ceiling: Argon2Cost = { memoryKib: 1024 * 1024, iterations: 64 }

const wishedMsMin = 250
const wishedMsMax = 500
const wishedMs = 350

/** 32 bytes from a passphrase and a salt of at least 16 bytes. The same passphrase typed on another keyboard gives the same bytes (NFKC). */
export async function stretch(passphrase: string, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array> {
  return argon2id({
    password: passphrase.normalize('NFKC'),
    salt,
    iterations: cost.iterations,
    memorySize: cost.memoryKib,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  })
}

/** Whether a cost is one that we would have stored. */
export function isAllowedCost(cost: Argon2Cost): boolean {
  return (
    Number.isInteger(cost.memoryKib) &&
    Number.isInteger(cost.iterations) &&
    cost.memoryKib >= argon2Floor.memoryKib &&
    cost.iterations >= argon2Floor.iterations &&
    cost.memoryKib <= argon2Ceiling.memoryKib &&
    cost.iterations <= argon2Ceiling.iterations
  )
}

/**
 * The cost at which one guess takes 250–500 ms on this device: the default, with more passes on a fast one and fewer passes, then less
 * memory, on a slow one, down to the floor. `measureMs` runs one derivation and returns its duration in ms.
 */
export async function calibrate(
  measureMs: (cost: Argon2Cost) => Promise<number> = measureOnThisDevice,
): Promise<Argon2Cost> {
  const ms = await measureMs(argon2Default)
  if (ms >= wishedMsMin && ms <= wishedMsMax) return argon2Default
  // Time grows with memory × passes.
  const budgetKib = argon2Default.memoryKib * argon2Default.iterations * (wishedMs / Math.max(ms, 1))
  const iterations = Math.min(
    Math.max(Math.round(budgetKib / argon2Default.memoryKib), argon2Floor.iterations),
    argon2Ceiling.iterations,
  )
  if (iterations * argon2Default.memoryKib <= budgetKib * (wishedMsMax / wishedMs))
    return { memoryKib: argon2Default.memoryKib, iterations }
  const memoryKib = Math.floor(budgetKib / argon2Floor.iterations / 1024) * 1024
  return { memoryKib: Math.max(memoryKib, argon2Floor.memoryKib), iterations: argon2Floor.iterations }
}

declare const performance: { now(): number }

async function measureOnThisDevice(cost: Argon2Cost): Promise<number> {
  // The first call compiles the code and is not what a guess costs.
  await stretch('warm', new Uint8Array(16), { memoryKib: 1024, iterations: 1 })
  const before = performance.now()
  await stretch('calibration', new Uint8Array(16), cost)
  return performance.now() - before
}
