// Customers, suppliers and leads from a file, by their code, with their terms and one address.
import { textOf } from '../../kernel/text-of.ts'
import { codeKeyOf } from '../../modules/masters/item.ts'
import { partyRoles, partyTypes } from '../../modules/masters/party.ts'
import { asDecimal, asFlag, asOneOf, asSeveralOf, asText, asTexts } from './cell.ts'
import { column, queryByKey, type ImportKind, type Plan } from './kind.ts'
import { stands } from './standing.ts'

const addressFields = ['street', 'street2', 'town', 'postcode', 'country'] as const

/** The address columns as the party's one address; nothing when the file has none. */
function addressesOf(values: Readonly<Record<string, unknown>>): object {
  const [street, street2, town, postcode, country] = addressFields.map((field) => textOf(values[field]))
  const lines = [street, street2].filter((line) => line !== '' && line !== undefined)
  const given = { ...(town ? { town } : {}), ...(postcode ? { postcode } : {}), ...(country ? { country } : {}) }
  return lines.length === 0 && Object.keys(given).length === 0 ? {} : { addresses: [{ lines, ...given }] }
}

export const parties: ImportKind = {
  name: 'parties',
  about: 'Customers, suppliers and leads by their code',
  columns: [
    column('code', 'Code', asText(64), 'the number of the customer or supplier', {
      isRequired: true,
      synonyms: [
        'customer',
        'customer id',
        'customer no',
        'customer number',
        'account',
        'account number',
        'supplier no',
        'kundennummer',
      ],
    }),
    column('name', 'Name', asText(200), 'as printed', {
      isRequired: true,
      synonyms: ['customer name', 'company', 'company name', 'party', 'supplier', 'firma'],
    }),
    column('roles', 'Roles', asSeveralOf(partyRoles), partyRoles.join(', '), {
      isRequired: true,
      synonyms: ['role', 'kind'],
    }),
    column('territory', 'Territory', asText(64), 'whose devices carry it', {
      isRequired: true,
      synonyms: ['region', 'area', 'gebiet'],
    }),
    column('type', 'Type', asOneOf(partyTypes), partyTypes.join(', ')),
    column('group', 'Group', asText(64), 'party group', { synonyms: ['customer group', 'tier'] }),
    column('phone', 'Phone', asText(64), '', { synonyms: ['telephone', 'tel', 'mobile', 'telefon'] }),
    column('email', 'E-mail', asText(200), '', { synonyms: ['mail', 'email address'] }),
    column('taxId', 'Tax id', asText(32), '', { synonyms: ['vat number', 'vat id', 'vat no', 'ust-id'] }),
    column('taxCode', 'Tax code', asText(64), 'replaces the items’ own', { synonyms: ['vat code'] }),
    column('creditLimitMinor', 'Credit limit', asDecimal(2), 'empty: cash terms', {
      synonyms: ['limit', 'kreditlimit'],
    }),
    column('termsDays', 'Terms', asDecimal(0), 'days until due', {
      synonyms: ['payment terms', 'terms days', 'due days', 'zahlungsziel'],
    }),
    column('isOnHold', 'On hold', asFlag, 'yes or no', { synonyms: ['hold', 'blocked'] }),
    column('needsOrderNumber', 'Needs order number', asFlag, 'yes or no', { synonyms: ['po required'] }),
    column('street', 'Street', asText(200), '', {
      synonyms: ['address', 'address 1', 'address line 1', 'strasse', 'straße'],
    }),
    column('street2', 'Street 2', asText(200), '', { synonyms: ['address 2', 'address line 2'] }),
    column('town', 'Town', asText(200), '', { synonyms: ['city', 'ort'] }),
    column('postcode', 'Postcode', asText(200), '', { synonyms: ['zip', 'zip code', 'postal code', 'plz'] }),
    column('country', 'Country', asText(200), '', { synonyms: ['land'] }),
    column('tags', 'Tags', asTexts, 'separated by ;'),
    column('visitFrequencyDays', 'Visit every', asDecimal(0), 'days', {
      synonyms: ['visit frequency', 'visit frequency days'],
    }),
    column('language', 'Language', asText(16), '', { synonyms: ['lang', 'sprache'] }),
    column('isDisabled', 'Disabled', asFlag, 'yes or no', { synonyms: ['inactive', 'closed'] }),
  ],
  keyOf: (values) => codeKeyOf(textOf(values['code'])),
  async open({ device }) {
    const [company] = await device.query<{ minorDigits: number }>('masters.companies')
    // The column is read with two decimals; another currency's minor unit is a power of ten away.
    const scale = 10 ** ((company?.minorDigits ?? 2) - 2)
    const argsOf = (values: Readonly<Record<string, unknown>>): Record<string, unknown> => {
      const own = Object.entries(values).filter(([field]) => !addressFields.some((address) => address === field))
      const limit = values['creditLimitMinor']
      return {
        ...Object.fromEntries(own),
        ...(typeof limit === 'number' && { creditLimitMinor: limit * scale }),
        ...addressesOf(values),
      }
    }
    return {
      async plan(rows) {
        const keys = rows.map(({ values }) => codeKeyOf(textOf(values['code'])))
        const standing = await queryByKey<{ codeKey: string }>(
          device,
          'masters.standingParties',
          keys,
          (row) => row.codeKey,
        )
        return rows.map(({ values }, at): Plan => {
          const args = argsOf(values)
          if (typeof args['creditLimitMinor'] === 'number' && !Number.isInteger(args['creditLimitMinor']))
            return { kind: 'bad', field: 'creditLimitMinor', reason: 'is finer than the smallest unit of the currency' }
          const found = standing.get(keys[at] ?? '')
          if (found !== undefined && stands(args, found)) return { kind: 'unchanged' }
          return { kind: 'run', command: 'masters.importParty', args, isNew: found === undefined }
        })
      },
    }
  },
}
