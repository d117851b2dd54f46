// The CRM module: visits, notes and follow-ups around the parties of the masters.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { addNote } from './add-note.ts'
import { checkIn } from './check-in.ts'
import { completeFollowUp } from './complete-follow-up.ts'
import { completeVisit } from './complete-visit.ts'
import { createFollowUp } from './create-follow-up.ts'
import { followUp } from './follow-up.ts'
import { missVisit } from './miss-visit.ts'
import { note } from './note.ts'
import { planVisit } from './plan-visit.ts'
import { reassignFollowUp } from './reassign-follow-up.ts'
import { crmViews } from './views.ts'
import { visit } from './visit.ts'

export const crmModule: Module = {
  name: 'crm',
  tables: [visit, note, followUp],
  commands: [planVisit, checkIn, completeVisit, missVisit, addNote, createFollowUp, completeFollowUp, reassignFollowUp],
  views: crmViews,
  exceptions: {
    FOLLOW_UP_TWICE: to('salesAdmin'),
    VISIT_TWICE: to('salesAdmin'),
  },
}
