// What screens read of customers: the list, one customer's story, today's route, what is due. Reading only. Other
// modules add their own rows to the story by views of the same shape (`HistoryRow`).
import { partyBalance } from '../../kernel/ledger.ts'
import { view } from '../../kernel/view.ts'
import { party } from '../masters/party.ts'
import { user } from '../masters/people.ts'
import { pageOf, partyColumns, partyMatch, type Page, type PartyRow } from '../masters/views.ts'
import { followUp } from './follow-up.ts'
import { note } from './note.ts'
import { visit } from './visit.ts'

export type CustomerRow = PartyRow & {
  readonly receivableMinor: number
  readonly lastVisitOn: string | null
  readonly nextVisitOn: string | null
  readonly openFollowUps: number
  /** Longer since the last visit than the party's rhythm. */
  readonly isVisitDue: number
}

export const customers = view<CustomerRow>()(
  'crm.customers',
  [party, partyBalance, visit, followUp],
  (a: { search?: string; territory?: string; owner?: string; today: string } & Page) => {
    const match = partyMatch(a.search ?? '')
    const own = [
      ...(a.territory === undefined ? [] : [['p.territory = ?', a.territory] as const]),
      ...(a.owner === undefined ? [] : [['p.owner = ?', a.owner] as const]),
    ]
    return {
      text: `select *, visitFrequencyDays is not null and coalesce(julianday(?) - julianday(lastVisitOn) >= visitFrequencyDays, 1) as isVisitDue from (
        select ${partyColumns}, p.visit_frequency_days as visitFrequencyDays,
          coalesce((select sum(b.receivable) from kernel_party_balance b where b.party = p.id and b.gone_at is null), 0) as receivableMinor,
          (select max(v.planned_on) from crm_visit v where v.party = p.id and v.state = 'completed' and v.gone_at is null) as lastVisitOn,
          (select min(v.planned_on) from crm_visit v where v.party = p.id and v.state = 'planned' and v.planned_on >= ? and v.gone_at is null) as nextVisitOn,
          (select count(*) from crm_follow_up f where f.party = p.id and f.state = 'open' and f.gone_at is null) as openFollowUps
        from masters_party p
        where p.gone_at is null and p.is_disabled = 0 and ${match.text}
          and exists (select 1 from json_each(p.roles) r where r.value in ('customer', 'lead')) ${own.map(([where]) => `and ${where}`).join(' ')}
        order by p.name, p.id limit ? offset ?)`,
      params: [a.today, a.today, ...match.params, ...own.map(([, value]) => value), ...pageOf(a)],
    }
  },
)

export type CustomerCard = CustomerRow & {
  readonly addresses: string
  readonly needsOrderNumber: number
  readonly ownerName: string | null
  readonly visitFrequencyDays: number | null
  readonly mergedInto: string | null
  readonly orderedMinor: number
  readonly deliveredMinor: number
  readonly advanceMinor: number
}
/** One customer with what they owe: the parts of their credit exposure. */
export const customerCard = view<Omit<CustomerCard, 'lastVisitOn' | 'nextVisitOn' | 'openFollowUps' | 'isVisitDue'>>()(
  'crm.customerCard',
  [party, partyBalance, user],
  (a: { party: string }) => ({
    text: `select ${partyColumns}, p.addresses, p.needs_order_number as needsOrderNumber, p.visit_frequency_days as visitFrequencyDays,
        p.merged_into as mergedInto, u.name as ownerName,
        coalesce(sum(b.receivable), 0) as receivableMinor, coalesce(sum(b.ordered), 0) as orderedMinor,
        coalesce(sum(b.delivered), 0) as deliveredMinor, coalesce(sum(b.advance), 0) as advanceMinor
      from masters_party p left join masters_user u on u.id = p.owner
        left join kernel_party_balance b on b.party = p.id and b.gone_at is null
      where p.id = ? and p.gone_at is null group by p.id`,
    params: [a.party],
  }),
)

/** One line of a customer's story: when, what, by whom. */
export type HistoryRow = {
  readonly id: string
  /** The table it comes from. */
  readonly kind: string
  readonly on: string
  readonly at: number | null
  readonly title: string | null
  readonly text: string | null
  readonly state: string | null
  readonly amountMinor: number | null
  readonly by: string | null
}
/** Visits, notes and follow-ups of a party (and of parties merged into it), the newest first. */
export const customerHistory = view<HistoryRow>()(
  'crm.customerHistory',
  [visit, note, followUp, party, user],
  (a: { party: string } & Page) => ({
    text: `with same as (select ? as id union select p.id from masters_party p where p.merged_into = ? and p.gone_at is null)
    select h.id, h.kind, h."on", h.at, h.title, h.text, h.state, null as amountMinor, u.name as "by" from (
      select v.id, 'crm.visit' as kind, v.planned_on as "on", coalesce(v.completed_at, v.checked_in_at) as at, coalesce(v.outcome, v.purpose) as title,
        v.missed_reason as text, v.state, v.owner as person from crm_visit v where v.party in same and v.gone_at is null
      union all select n.id, 'crm.note', n."on", n.written_at, n.kind, n.text, null, n."by" from crm_note n where n.party in same and n.gone_at is null
      union all select f.id, 'crm.followUp', coalesce(f.done_on, f.due_on), f.done_at, f.subject, f.result, f.state, f.owner
        from crm_follow_up f where f.party in same and f.gone_at is null) h
    left join masters_user u on u.id = h.person
    order by h."on" desc, h.at desc, h.id desc limit ? offset ?`,
    params: [a.party, a.party, ...pageOf(a)],
  }),
)

export type VisitRow = {
  readonly id: string
  readonly party: string
  readonly partyName: string | null
  readonly phone: string | null
  /** JSON text: Address[] */
  readonly addresses: string | null
  readonly territory: string
  readonly plannedOn: string
  readonly plannedAtMinute: number | null
  readonly purpose: string | null
  readonly state: string
  readonly outcome: string | null
  readonly distanceM: number | null
  readonly checkedInAt: number | null
  readonly isPlanned: number
}
/** A person's visits of a day, in the order of the route. */
export const visitsOfDay = view<VisitRow>()('crm.visitsOfDay', [visit, party], (a: { owner: string; on: string }) => ({
  text: `select v.id, v.party, p.name as partyName, p.phone, p.addresses, v.territory, v.planned_on as plannedOn, v.planned_at_minute as plannedAtMinute,
      v.purpose, v.state, v.outcome, v.distance_m as distanceM, v.checked_in_at as checkedInAt, v.is_planned as isPlanned
    from crm_visit v left join masters_party p on p.id = v.party
    where v.owner = ? and v.planned_on = ? and v.gone_at is null
    order by v.planned_at_minute is null, v.planned_at_minute, v.checked_in_at, v.id`,
  params: [a.owner, a.on],
}))

export const visitById = view<VisitRow & { completedAt: number | null; missedReason: string | null }>()(
  'crm.visitById',
  [visit, party],
  (a: { visit: string }) => ({
    text: `select v.id, v.party, p.name as partyName, p.phone, p.addresses, v.territory, v.planned_on as plannedOn, v.planned_at_minute as plannedAtMinute,
      v.purpose, v.state, v.outcome, v.distance_m as distanceM, v.checked_in_at as checkedInAt, v.is_planned as isPlanned,
      v.completed_at as completedAt, v.missed_reason as missedReason
    from crm_visit v left join masters_party p on p.id = v.party where v.id = ? and v.gone_at is null`,
    params: [a.visit],
  }),
)

/** JSON text: Blob[] of each note about a visit, the first one first. */
export const visitPhotos = view<{ id: string; photos: string }>()(
  'crm.visitPhotos',
  [note],
  (a: { visit: string }) => ({
    text: "select id, photos from crm_note where about = ? and photos is not null and photos <> '[]' and gone_at is null order by written_at, id",
    params: [a.visit],
  }),
)

export type FollowUpRow = {
  readonly id: string
  readonly party: string
  readonly partyName: string | null
  readonly subject: string
  readonly dueOn: string
  readonly owner: string
  readonly state: string
  readonly isLate: number
}
/** Open follow-ups that are due by a day, the oldest first; all people's without an owner. */
export const followUpsDue = view<FollowUpRow>()(
  'crm.followUpsDue',
  [followUp, party],
  (a: { owner?: string; by: string; today: string } & Page) => ({
    text: `select f.id, f.party, p.name as partyName, f.subject, f.due_on as dueOn, f.owner, f.state, f.due_on < ? as isLate
    from crm_follow_up f left join masters_party p on p.id = f.party
    where f.state = 'open' and f.due_on <= ? and f.gone_at is null ${a.owner === undefined ? '' : 'and f.owner = ?'}
    order by f.due_on, f.id limit ? offset ?`,
    params: [a.today, a.by, ...(a.owner === undefined ? [] : [a.owner]), ...pageOf(a)],
  }),
)

export const crmViews = [visitById, visitPhotos, customers, customerCard, customerHistory, visitsOfDay, followUpsDue]
