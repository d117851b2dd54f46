// The vault with the real Argon2id and the platform's AES, at the floor of the cost so that the tests stay quick.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashRawSync } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { argon2Default, argon2Floor, calibrate, isAllowedCost, stretch, type Argon2Cost } from './kdf.ts'
import { readVaultFile, writeVaultFile } from './node-vault.ts'
import {
  addSlot,
  changePassphrase,
  createVault,
  parseVault,
  removeSlot,
  unlockVault,
  VaultDamagedError,
  type VaultFile,
} from './vault.ts'

const ana = { slot: 'ana', passphrase: 'correct horse battery' }
const ben = { slot: 'ben', passphrase: 'staple \u00e9t\u00e9' }

test('the right passphrase gives the key, a wrong one and a wrong name are refused', async () => {
  const { file, key } = await createVault(ana, argon2Floor)
  expect(key.byteLength).toBe(32)
  expect(await unlockVault(file, ana)).toEqual({ ok: true, value: key })
  expect(await unlockVault(file, { ...ana, passphrase: 'correct horse batterz' })).toEqual({
    ok: false,
    refusal: 'vault.wrong-passphrase',
  })
  expect(await unlockVault(file, { ...ana, slot: 'eve' })).toEqual({ ok: false, refusal: 'vault.no-such-slot' })
})

test('the file holds neither the key nor the passphrase, and two vaults share nothing', async () => {
  const { file, key } = await createVault(ana, argon2Floor)
  const other = await createVault(ana, argon2Floor)
  const json = JSON.stringify(file)
  for (const secret of [Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex'), ana.passphrase])
    expect(json).not.toContain(secret)
  expect(other.key).not.toEqual(key)
  expect(other.file.slots[0]?.kdf.salt).not.toBe(file.slots[0]?.kdf.salt)
})

test('people who share a till are slots of one vault', async () => {
  const { file, key } = await createVault(ana, argon2Floor)
  const shared = await addSlot(file, ana, ben, argon2Floor)
  if (!shared.ok) throw new Error(shared.refusal)
  expect(await unlockVault(shared.value, ben)).toEqual({ ok: true, value: key })
  // Typed with combining accents on another keyboard.
  expect(await unlockVault(shared.value, { ...ben, passphrase: 'staple e\u0301te\u0301' })).toEqual({
    ok: true,
    value: key,
  })
  expect(await unlockVault(shared.value, ana)).toEqual({ ok: true, value: key })
  expect(await addSlot(shared.value, ana, ben, argon2Floor)).toEqual({ ok: false, refusal: 'vault.slot-exists' })
  expect(await addSlot(file, { ...ana, passphrase: 'x' }, ben, argon2Floor)).toEqual({
    ok: false,
    refusal: 'vault.wrong-passphrase',
  })

  const left = removeSlot(shared.value, 'ana')
  if (!left.ok) throw new Error(left.refusal)
  expect(await unlockVault(left.value, ana)).toEqual({ ok: false, refusal: 'vault.no-such-slot' })
  expect(removeSlot(left.value, 'ben')).toEqual({ ok: false, refusal: 'vault.last-slot' })
})

test('a new passphrase opens the same key, the old one no more', async () => {
  const { file, key } = await createVault(ana, argon2Floor)
  const changed = await changePassphrase(file, ana, 'a better one', argon2Floor)
  if (!changed.ok) throw new Error(changed.refusal)
  expect(await unlockVault(changed.value, { slot: 'ana', passphrase: 'a better one' })).toEqual({
    ok: true,
    value: key,
  })
  expect(await unlockVault(changed.value, ana)).toEqual({ ok: false, refusal: 'vault.wrong-passphrase' })
  expect(await changePassphrase(file, { ...ana, passphrase: 'x' }, 'y', argon2Floor)).toEqual({
    ok: false,
    refusal: 'vault.wrong-passphrase',
  })
})

test('a slot moved to another vault, renamed, or with another cost opens nothing', async () => {
  const { file } = await createVault(ana, argon2Floor)
  const [slot] = file.slots
  if (!slot) throw new Error('no slot')
  const forged: VaultFile[] = [
    { ...file, vault: (await createVault(ben, argon2Floor)).file.vault },
    { ...file, slots: [{ ...slot, slot: 'eve' }] },
    { ...file, slots: [{ ...slot, kdf: { ...slot.kdf, iterations: 3 } }] },
    {
      ...file,
      slots: [{ ...slot, wrapped: { ...slot.wrapped, ciphertext: otherFirstLetter(slot.wrapped.ciphertext) } }],
    },
  ]
  for (const forgery of forged) {
    expect(await unlockVault(forgery, { ...ana, slot: forgery.slots[0]?.slot ?? '' })).toEqual({
      ok: false,
      refusal: 'vault.wrong-passphrase',
    })
  }
})

function otherFirstLetter(text: string): string {
  return (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
}

test('a cost below the floor is never stored, nor an empty passphrase', async () => {
  await expect(createVault(ana, { memoryKib: 1024, iterations: 3 })).rejects.toThrow(RangeError)
  await expect(createVault(ana, { ...argon2Floor, iterations: 1 })).rejects.toThrow(RangeError)
  await expect(createVault({ ...ana, passphrase: '' }, argon2Floor)).rejects.toThrow(TypeError)
})

test('the file survives its directory, is replaced whole, and a damaged one says so', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-vault-'))
  try {
    expect(readVaultFile(directory)).toBeUndefined()
    const { file } = await createVault(ana, argon2Floor)
    writeVaultFile(directory, file)
    writeVaultFile(directory, file)
    expect(readVaultFile(directory)).toEqual(file)
    expect(readdirSync(directory)).toEqual(['vault.json'])
    writeFileSync(join(directory, 'vault.json'), JSON.stringify(file).slice(0, 100))
    expect(() => readVaultFile(directory)).toThrow(VaultDamagedError)
    const [slot] = file.slots
    const weak = { ...file, slots: [{ ...slot, kdf: { ...slot?.kdf, memoryKib: 8 } }] }
    for (const json of [
      '',
      'null',
      '{}',
      '[]',
      JSON.stringify({ ...file, version: 2 }),
      JSON.stringify({ ...file, slots: [] }),
      JSON.stringify(weak),
    ]) {
      expect(() => parseVault(json)).toThrow(VaultDamagedError)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('Argon2id gives the bytes of the reference implementation', async () => {
  const bytes = await stretch('password', new TextEncoder().encode('somesalt12345678'), {
    memoryKib: 65536,
    iterations: 2,
  })
  const reference = hashRawSync('password', {
    salt: Buffer.from('somesalt12345678'),
    memoryCost: 65536,
    timeCost: 2,
    parallelism: 1,
    outputLen: 32,
  })
  expect(Buffer.from(bytes)).toEqual(reference)
})

test.each([
  ['the reference device keeps the default', 1, argon2Default],
  ['a fast one takes more passes', 0.2, { memoryKib: 65536, iterations: 16 }],
  ['a slow one takes fewer passes', 2, { memoryKib: 65536, iterations: 2 }],
  ['a slower one takes less memory', 4, { memoryKib: 25600, iterations: 2 }],
  ['the slowest stays at the floor', 40, argon2Floor],
])('calibration: %s', async (_, slowness, wanted) => {
  // A device whose time is proportional to memory × passes, 330 ms at the default.
  const costMs = ({ memoryKib, iterations }: Argon2Cost) => (memoryKib * iterations * 330 * slowness) / (65536 * 3)
  const cost = await calibrate(async (tried) => costMs(tried))
  expect(isAllowedCost(cost)).toBe(true)
  if (cost.memoryKib > argon2Floor.memoryKib) expect(costMs(cost)).toBeLessThan(501)
  expect(cost).toEqual(wanted)
})
