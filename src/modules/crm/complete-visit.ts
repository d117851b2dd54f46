// A visit took place: its outcome, what was said and what comes next. It outranks "missed", because it happened; of two
// outcomes the first committed stands and the other one's note is kept.
import { blobs } from '../../kernel/blob.ts'
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { code, date, ref, text } from '../../kernel/field.ts'
import { followUp } from './follow-up.ts'
import { note } from './note.ts'
import { visit, visitOutcomes } from './visit.ts'
import { calledParty } from './called-party.ts'

export const completeVisit = command('crm.completeVisit', {
  kind: 'fact',
  version: 2,
  upcast: { 1: (given) => given },
  permission: 'crm.visit',
  args: {
    visit: ref('crm.visit'),
    party: ref('masters.party'),
    territory: code().optional(),
    businessDate: date(),
    outcome: code(visitOutcomes),
    note: text().optional().personal(),
    photos: blobs().optional().personal(),
    nextStep: text(500).optional().personal(),
    nextStepOn: date().optional(),
  },
  run(ctx: Context, a) {
    if ((a.nextStep == null) !== (a.nextStepOn == null))
      ctx.refuse('crm.next-step-needs-day', { nextStepOn: a.nextStepOn ?? null })
    const { id: party, name, territory } = calledParty(ctx, a)
    const open = ctx.get(visit, a.visit)
    if (open === null) ctx.refuse('crm.unknown-visit', { visit: a.visit })
    const isOpen = open === ELSEWHERE || open.state !== 'completed'
    if (ctx.rule('crm.visit-completed-already', isOpen, { visit: a.visit, exception: 'VISIT_TWICE' })) {
      ctx.patch(visit, a.visit, { state: 'completed', outcome: a.outcome, completedAt: ctx.now, missedReason: null })
    }
    const about = { aboutTable: 'crm.visit', about: a.visit }
    const photos = a.photos ?? []
    if ((a.note != null && a.note !== '') || photos.length > 0) {
      ctx.insert(note, {
        id: ctx.id('note'),
        party,
        territory,
        ...about,
        text: a.note ?? '',
        ...(photos.length > 0 && { photos }),
        by: ctx.user,
        writtenAt: ctx.now,
        on: a.businessDate,
      })
    }
    if (a.nextStep != null && a.nextStepOn != null) {
      const { nextStep: subject, nextStepOn: dueOn } = a
      ctx.insert(followUp, {
        id: ctx.id('next-step'),
        party,
        territory,
        subject,
        dueOn,
        owner: ctx.user,
        about: a.visit,
        createdBy: ctx.user,
      })
    }
    ctx.describe({ party: name, outcome: a.outcome })
  },
})
