// Who may decide what, offline (documents.md §19): what no device decides. Each of these commands asks, and the hub answers
// with the work of all in view; what a person who doesn't hold the right asks is refused where it is asked.
import { describe, expect, test } from 'vitest'
import { amountMinor, rate6 } from '../kernel/amount.ts'
import { lostValue } from '../kernel/kernel-tables.ts'
import { aDecisionWorld, shop } from '../testing/decision-world.ts'
import { catalogue } from './all.ts'
import { editParty } from './masters/edit-party.ts'
import { party } from './masters/party.ts'
import { setCreditLimit } from './masters/set-credit-limit.ts'
import { setPartyTerms } from './masters/set-party-terms.ts'
import { setPrice } from './masters/set-price.ts'

describe('credit limit, bank, tax id, price list', () => {
  // documents.md §19: limits, bank details, price lists, period close, rights, chart of accounts, payment release. No
  // command touches bank details yet; payments.pay is what releases a payment.
  test.each([
    'masters.setCreditLimit',
    'masters.setPartyTerms',
    'masters.importParty',
    'masters.savePriceList',
    'masters.setPrice',
    'masters.setTaxRate',
    'masters.saveTill',
    'masters.setRole',
    'masters.setUser',
    'masters.revokeDevice',
    'masters.revokeAccount',
    'accounting.setPeriod',
    'accounting.saveAccount',
    'accounting.setPostingProfile',
    'payments.pay',
    'pricing.setPricingRule',
    'sales.releaseOrder',
  ])('%s is a request', (name) => {
    expect(catalogue.commands.get(name)?.kind).toBe('request')
  })

  test('wherever a tax id, bank details, a credit limit or an allergy is kept, a clash on it is marked for people', () => {
    const named = [...catalogue.tables.values()].flatMap(({ name, fields }) =>
      Object.entries(fields)
        .filter(([field]) => /tax_?id|bank|iban|creditLimit|allerg/i.test(field))
        .map(([field, { traits }]) => [`${name}.${field}`, traits.isSensitive] as const),
    )
    expect(Object.fromEntries(named)).toEqual({
      'masters.company.taxId': true,
      'masters.party.creditLimitMinor': true,
      'masters.party.taxId': true,
    })
  })

  test('a cashier may not even ask, and no edit carries them', () => {
    const { tillA } = aDecisionWorld()
    const asked = [
      tillA.run(setCreditLimit, { party: shop.acme, creditLimitMinor: amountMinor(9_000_00) }),
      tillA.run(setPartyTerms, { party: shop.acme, taxId: 'GB 1' }),
      tillA.run(setPrice, { scope: 'item', item: shop.drill, rate: rate6(1), isTaxIncluded: true }),
    ]
    for (const { refusal } of asked) expect(refusal).toMatchObject({ code: 'kernel.not-permitted', check: 'authority' })
    for (const field of ['creditLimitMinor', 'taxId', 'priceList', 'termsDays', 'isOnHold'])
      expect(Object.keys(editParty.args)).not.toContain(field)
  })

  test('two people set one limit at once: the later commit stands, and what the other wanted is kept for finance', () => {
    const { world, office } = aDecisionWorld()
    const second = world.device({ ...office.lease, dev: 'OFF2', user: 'ray' })
    office.do(setCreditLimit, { party: shop.acme, creditLimitMinor: amountMinor(900_00) })
    second.do(setCreditLimit, { party: shop.acme, creditLimitMinor: amountMinor(100_00) })
    world.settle([second, office])
    expect(world.rows(party).find(({ id }) => id === shop.acme)?.creditLimitMinor).toBe(900_00)
    expect(world.rows(lostValue)).toMatchObject([
      {
        field: 'creditLimitMinor',
        base: 500_00,
        kept: 900_00,
        lost: 100_00,
        isSensitive: true,
        by: 'sam',
        state: 'open',
      },
    ])
  })
})
