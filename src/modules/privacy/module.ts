// Privacy: what the law gives to people about whom a company keeps something. It knows the other modules' tables only by what they declare.
import type { Module } from '../../kernel/catalogue.ts'
import { confirmErasure } from './confirm-erasure.ts'
import { eraseSubjectOf } from './erase-subject.ts'

export const privacyModule = (modules: readonly Module[]): Module => ({
  name: 'privacy',
  tables: [],
  commands: [eraseSubjectOf(modules), confirmErasure],
})
