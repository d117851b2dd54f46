// What answers a device that is to be enrolled may be cut, or be somebody else: that is a network that isn't there, in words of ours, and
// nothing is stored.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scriptCatalogue } from '../../testing/script-catalogue.ts'
import { aLoneDevice, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { enrolDevice } from './enrol.ts'
import { OfflineError, type Transport } from './transport.ts'

const asked = { hubUrl: 'http://hub.test', code: 'AAAA-BBBB', signIn: 'marta', password: 'a password' }
const ANSWER = JSON.stringify({ certificate: 'a.b.c', lease: 'd.e.f', hubKeys: [] })

let device: LoneDevice
beforeAll(async () => {
  device = await aLoneDevice(scriptCatalogue)
})
afterAll(() => device.end())

const answering = (text: string, type = 'application/json'): Transport =>
  ({
    send: async () => ({ status: 200, type, retryAfter: null, text, bytes: text.length }),
  }) as Partial<Transport> as Transport

test.each([
  ['cut before its first byte', answering('')],
  ['cut in the middle', answering(ANSWER.slice(0, -7))],
  ['no object', answering('null')],
  ['the page of a hotel', answering('<!doctype html>', 'text/html')],
])('[ID1] an answer that is %s enrols nobody, and is as good as no network', async (_, transport) => {
  const before = device.replica.db.all('SELECT key, value FROM meta ORDER BY key')
  await expect(enrolDevice(device.replica, transport, asked, NOON)).rejects.toBeInstanceOf(OfflineError)
  expect(device.replica.db.all('SELECT key, value FROM meta ORDER BY key')).toEqual(before)
})
