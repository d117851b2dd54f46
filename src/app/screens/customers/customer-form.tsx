// A new customer, or changes to one: only the fields that were changed go out, with what the person saw, so that two who edit at once both
// keep their fields. What is typed is kept as a draft.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CheckField, SelectField, TextField } from '../../design/fields.tsx'
import { FieldGrid, Form } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView, useViewRow } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { createParty } from '../../../modules/masters/create-party.ts'
import type { editParty } from '../../../modules/masters/edit-party.ts'
import type { branchTerritory, partyGroups } from '../../../modules/masters/views.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'

interface Details {
  readonly name: string
  readonly type: 'company' | 'person'
  readonly phone: string
  readonly email: string
  readonly group: string
  readonly street: string
  readonly town: string
  readonly postcode: string
  readonly frequency: string
  readonly needsOrderNumber: boolean
}

const empty: Details = {
  name: '',
  type: 'company',
  phone: '',
  email: '',
  group: '',
  street: '',
  town: '',
  postcode: '',
  frequency: '',
  needsOrderNumber: false,
}

interface Place {
  readonly lines?: readonly string[]
  readonly town?: string
  readonly postcode?: string
}

export function CustomerForm({ partyId }: { readonly partyId?: string }): ReactNode {
  const { row, isKnown } = useViewRow<typeof customerCard>(
    'crm.customerCard',
    partyId === undefined ? null : { party: partyId },
  )
  if (partyId !== undefined && (row === null || !isKnown)) return null
  const addresses = row === null ? [] : (JSON.parse(row.addresses) as Place[])
  const place = addresses[0]
  const seen: Details =
    row === null
      ? empty
      : {
          name: row.name,
          type: 'company',
          phone: row.phone ?? '',
          email: row.email ?? '',
          group: row.group ?? '',
          street: (place?.lines ?? []).join(', '),
          town: place?.town ?? '',
          postcode: place?.postcode ?? '',
          frequency: row.visitFrequencyDays === null ? '' : String(row.visitFrequencyDays),
          needsOrderNumber: row.needsOrderNumber === 1,
        }
  return <Fields key={partyId ?? 'new'} partyId={partyId ?? null} seenNow={seen} addresses={addresses} />
}

function Fields({
  partyId,
  seenNow,
  addresses: addressesNow,
}: {
  readonly partyId: string | null
  readonly seenNow: Details
  readonly addresses: readonly Place[]
}): ReactNode {
  const [, go] = useLocation()
  const { branch } = useWorkplace()
  // What the person saw when the form opened: the base of the edit, whatever arrives meanwhile.
  const [seen] = useState(seenNow)
  const [addresses] = useState(addressesNow)
  const draft = useDraft<Details>(partyId === null ? 'customers.new' : `customers.edit/${partyId}`, seen)
  const { row: home } = useViewRow<typeof branchTerritory>('masters.branchTerritory', { branch })
  const { rows: groups } = useView<typeof partyGroups>('masters.partyGroups', {})
  const { save, refusal, isSaving } = useSave()
  const [errors, setErrors] = useState<Record<string, string>>({})
  const back = partyId === null ? '/customers' : `/customers/${encodeURIComponent(partyId)}`
  const { value } = draft
  if (value === null) return null
  const set = (change: Partial<Details>) => draft.set((last) => ({ ...last, ...change }))

  const submit = async () => {
    const wrong: Record<string, string> = {}
    if (value.name.trim() === '') wrong['name'] = t('form.required')
    // Without a group nothing has a price for them, so nothing could be ordered.
    if (partyId === null && value.group === '' && (groups ?? []).length > 0) wrong['group'] = t('form.required')
    if (value.frequency !== '' && !/^\d{1,4}$/.test(value.frequency)) wrong['frequency'] = t('form.not-a-number')
    setErrors(wrong)
    if (Object.keys(wrong).length > 0) return
    const id = partyId === null ? await create(value) : await edit(partyId, value)
    if (id === null) return
    draft.discard()
    go(`/customers/${encodeURIComponent(id)}`)
  }
  const addressOf = (of: Details): Place => ({
    ...addresses[0],
    lines: of.street
      .split(',')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    ...(of.town.trim() !== '' && { town: of.town.trim() }),
    ...(of.postcode.trim() !== '' && { postcode: of.postcode.trim() }),
  })
  const hasAddress = (of: Details) => of.street.trim() !== '' || of.town.trim() !== '' || of.postcode.trim() !== ''

  const create = async (of: Details): Promise<string | null> => {
    const saved = await save<typeof createParty>('masters.createParty', {
      name: of.name.trim(),
      roles: ['customer'],
      territory: home?.territory ?? 'main',
      type: of.type,
      ...(of.phone.trim() !== '' && { phone: of.phone.trim() }),
      ...(of.email.trim() !== '' && { email: of.email.trim() }),
      ...(of.group !== '' && { group: of.group }),
      ...(hasAddress(of) && { addresses: [{ lines: [], ...addressOf(of) }] }),
      ...(of.frequency !== '' && { visitFrequencyDays: Number(of.frequency) }),
      ...(of.needsOrderNumber && { needsOrderNumber: true }),
    })
    return saved?.inserted['masters.party']?.[0] ?? null
  }
  const edit = async (id: string, of: Details): Promise<string | null> => {
    const isAddressChanged = of.street !== seen.street || of.town !== seen.town || of.postcode !== seen.postcode
    const changes = {
      ...(of.name !== seen.name && { name: of.name.trim() }),
      ...(of.phone !== seen.phone && { phone: of.phone.trim() }),
      ...(of.email !== seen.email && { email: of.email.trim() }),
      ...(of.group !== seen.group && of.group !== '' && { group: of.group }),
      ...(of.needsOrderNumber !== seen.needsOrderNumber && { needsOrderNumber: of.needsOrderNumber }),
      ...(of.frequency !== seen.frequency && of.frequency !== '' && { visitFrequencyDays: Number(of.frequency) }),
      ...(isAddressChanged && {
        addresses: [{ lines: [], ...addressOf(of) }, ...addresses.slice(1).map((each) => ({ lines: [], ...each }))],
      }),
    }
    if (Object.keys(changes).length === 0) return id
    const before: Record<string, unknown> = {
      name: seen.name,
      phone: seen.phone === '' ? null : seen.phone,
      email: seen.email === '' ? null : seen.email,
      group: seen.group === '' ? null : seen.group,
      needsOrderNumber: seen.needsOrderNumber,
      visitFrequencyDays: seen.frequency === '' ? null : Number(seen.frequency),
      addresses,
    }
    const base = Object.fromEntries(Object.keys(changes).map((field) => [field, before[field]]))
    const saved = await save<typeof editParty>(
      'masters.editParty',
      { party: id, ...changes },
      { base: { 'masters.party': { [id]: base } } },
    )
    return saved === null ? null : id
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={partyId === null ? t('crm.new-customer') : t('crm.edit-customer')}
          {...(draft.isRestored && { subtitle: t('form.draft-restored') })}
          back={<BackLink href={back} />}
          actions={
            draft.isRestored && (
              <Button variant="subtle" onClick={draft.discard}>
                {t('form.discard-draft')}
              </Button>
            )
          }
        />
      }
      actions={
        <ActionBar>
          <Button variant="default" onClick={() => go(back)}>
            {t('form.cancel')}
          </Button>
          <Button onClick={() => void submit()} loading={isSaving}>
            {t('form.save')}
          </Button>
        </ActionBar>
      }
    >
      <Form
        label={t('screen.customer')}
        onSubmit={() => void submit()}
        onClose={() => go(back)}
        errors={errors}
        names={{ name: t('crm.name'), group: t('crm.group'), frequency: t('crm.frequency') }}
      >
        <Section>
          <FieldGrid>
            <TextField
              label={t('crm.name')}
              name="name"
              value={value.name}
              onChange={(name) => set({ name })}
              isRequired
              autoFocus={partyId === null}
              error={errors['name'] ?? null}
              lengthMax={200}
              autoComplete="organization"
            />
            {partyId === null && (
              <SelectField
                label={t('crm.type')}
                value={value.type}
                onChange={(type) => set({ type })}
                choices={[
                  { value: 'company', label: t('crm.type-company') },
                  { value: 'person', label: t('crm.type-person') },
                ]}
              />
            )}
            <TextField
              label={t('crm.phone')}
              value={value.phone}
              onChange={(phone) => set({ phone })}
              type="tel"
              autoComplete="tel"
              lengthMax={64}
            />
            <TextField
              label={t('crm.email')}
              value={value.email}
              onChange={(email) => set({ email })}
              type="email"
              autoComplete="email"
              lengthMax={200}
            />
          </FieldGrid>
        </Section>
        <Section title={t('crm.address')}>
          <FieldGrid>
            <TextField
              label={t('crm.street')}
              value={value.street}
              onChange={(street) => set({ street })}
              autoComplete="street-address"
              lengthMax={200}
            />
            <TextField
              label={t('crm.town')}
              value={value.town}
              onChange={(town) => set({ town })}
              autoComplete="address-level2"
              lengthMax={200}
            />
            <TextField
              label={t('crm.postcode')}
              value={value.postcode}
              onChange={(postcode) => set({ postcode })}
              autoComplete="postal-code"
              lengthMax={32}
            />
          </FieldGrid>
        </Section>
        <Section title={t('crm.dealing')}>
          <FieldGrid>
            {groups !== null && groups.length > 0 && (
              <SelectField
                label={t('crm.group')}
                name="group"
                value={value.group}
                onChange={(group) => set({ group })}
                choices={[
                  ...(seen.group === '' ? [{ value: '', label: t('crm.group-none') }] : []),
                  ...groups.map(({ code, name }) => ({ value: code, label: name })),
                ]}
                isRequired={partyId === null}
                error={errors['group'] ?? null}
              />
            )}
            <TextField
              label={t('crm.frequency')}
              help={t('crm.frequency-help')}
              name="frequency"
              value={value.frequency}
              onChange={(frequency) => set({ frequency })}
              error={errors['frequency'] ?? null}
            />
            <CheckField
              label={t('crm.needs-order-number')}
              value={value.needsOrderNumber}
              onChange={(needsOrderNumber) => set({ needsOrderNumber })}
            />
          </FieldGrid>
          {partyId === null && <p>{t('crm.cash-terms')}</p>}
        </Section>
        <RefusalNote refusal={refusal} />
      </Form>
    </Page>
  )
}
