// The masters module: what every other module refers to. It is the one module that others may import.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { addContact } from './add-contact.ts'
import { batch, serial } from './batch.ts'
import { createItem } from './create-item.ts'
import { createParty } from './create-party.ts'
import { editContact } from './edit-contact.ts'
import { editItem } from './edit-item.ts'
import { editParty } from './edit-party.ts'
import { importViews } from './import-views.ts'
import { importParty } from './import-party.ts'
import { barcode, item, itemCost, unit } from './item.ts'
import { mergeParties } from './merge-parties.ts'
import { branch, company, till, warehouse } from './organisation.ts'
import { contact, party, partyGroup } from './party.ts'
import { role, user } from './people.ts'
import { price, priceList } from './price.ts'
import { recallBatch } from './recall-batch.ts'
import { revokeAccount, revokeDevice } from './revoke.ts'
import { saveBarcode } from './save-barcode.ts'
import { transfer } from './residency.ts'
import { saveBranch } from './save-branch.ts'
import { saveCompany } from './save-company.ts'
import { savePartyGroup } from './save-party-group.ts'
import { savePriceList } from './save-price-list.ts'
import { saveTaxCode } from './save-tax-code.ts'
import { saveTill } from './save-till.ts'
import { saveTransfer } from './save-transfer.ts'
import { saveUnit } from './save-unit.ts'
import { saveWarehouse } from './save-warehouse.ts'
import { setCreditLimit } from './set-credit-limit.ts'
import { setPartyTerms } from './set-party-terms.ts'
import { setDeviceSettings } from './set-device-settings.ts'
import { setPrice } from './set-price.ts'
import { setRole } from './set-role.ts'
import { setTaxRate } from './set-tax-rate.ts'
import { setUser } from './set-user.ts'
import { taxCode, taxRate } from './tax-code.ts'
import { mastersViews } from './views.ts'

export const mastersModule: Module = {
  name: 'masters',
  tables: [
    company,
    branch,
    transfer,
    warehouse,
    till,
    role,
    user,
    unit,
    item,
    barcode,
    itemCost,
    batch,
    serial,
    taxCode,
    taxRate,
    priceList,
    price,
    partyGroup,
    party,
    contact,
  ],
  commands: [
    saveCompany,
    saveBranch,
    saveTransfer,
    saveWarehouse,
    saveTill,
    setRole,
    setDeviceSettings,
    setUser,
    revokeDevice,
    revokeAccount,
    saveUnit,
    saveTaxCode,
    setTaxRate,
    createItem,
    editItem,
    saveBarcode,
    recallBatch,
    savePriceList,
    setPrice,
    savePartyGroup,
    createParty,
    editParty,
    importParty,
    setCreditLimit,
    setPartyTerms,
    mergeParties,
    addContact,
    editContact,
  ],
  views: [...mastersViews, ...importViews],
  exceptions: {
    BATCH_DATE_DIFFERS: to('quality'),
    POSSIBLE_DUPLICATE: to('salesAdmin'),
    SERIAL_TWICE: to('stockController'),
  },
}
