// Words of the erasure of a person: what goes, what stays and why, and who has forgotten.
export const privacyEn = {
  'erasures.lead': 'Who asked to be forgotten, and which devices have said that they did.',
  'erasures.none': 'Nobody was erased.',
  'erasures.erase': 'Erase a person',
  'erasures.name': 'Now called',
  'erasures.kind': 'Was',
  'erasures.kind.masters.party': 'Customer or supplier',
  'erasures.kind.masters.contact': 'Contact',
  'erasures.kind.masters.user': 'Colleague',
  'erasures.by': 'Erased by',
  'erasures.by-operator': 'The hub’s operator',
  'erasures.forgotten': 'Forgotten on',
  'erasures.of-devices': '{done, number} of {count, plural, one {# device} other {# devices}}',
  'erasures.all-devices': '{count, plural, =0 {no device had to} one {the one device} other {all # devices}}',
  'erasures.whom': 'Who asks to be forgotten',
  'erasures.whom-help': 'Name, phone or sign-in name.',
  'erasures.choose':
    'Choose the person first: then the hub says what would go and what would stay. Nothing happens by asking.',
  'erasures.goes': 'What goes',
  'erasures.rows': 'How many',
  'erasures.loses': 'Lose',
  'erasures.nothing': 'No record says anything about this person.',
  'erasures.is-erased': 'This person has been erased already.',
  'erasures.others':
    '{count, plural, one {One more person is erased with them: a contact of theirs, or a record that was merged into theirs.} other {# more people are erased with them: contacts of theirs, or records that were merged into theirs.}}',
  'erasures.photos': '{count, plural, one {# photo} other {# photos}}, unless another record has the same one.',
  'erasures.commands':
    'What {count, plural, one {# piece of saved work says} other {# pieces of saved work say}} about them, with the key that it lies under.',
  'erasures.lost': '{count, plural, one {# value} other {# values}} that lost a merge.',
  'erasures.parked': 'What {count, plural, one {# piece of work} other {# pieces of work}} in review says about them.',
  'erasures.later': 'Whatever still arrives about them: it is left out, and the rest of that work counts.',
  'erasures.stays': 'What stays, and why',
  'erasures.stays-documents':
    'Documents with their numbers, days, quantities and amounts, and everything booked: the books have to add up and to be kept. They say {pseudonym} from then on.',
  'erasures.stays-log':
    'The sealed lines of work, without what they said about the person: they prove that nothing else was changed.',
  'erasures.stays-outside':
    'Paper, exports, rescue files that were saved, and backups until they are thrown away: the hub can’t reach them.',
  'erasures.devices': 'Devices that have to forget',
  'erasures.devices-help': 'Each forgets with its next contact, also what waits on it unsent, and says so.',
  'erasures.for-good': 'Erase for good',
  'erasures.no-way-back': 'This can’t be undone, not by anybody. Type the name to confirm: {name}',
  'erasures.typed': 'Name',
  'erasures.typed-wrong': 'This is not the name.',
  'erasures.asked': 'The erasure is asked of the hub and in its log.',
  'erasures.confirmed': 'Has forgotten',
  'erasures.open': 'Not yet',
  'erasures.shut': 'Shut out, hears nothing',
  'erasures.never-heard': 'never heard of',
  'erasures.shut-help':
    'A device that was shut out or is lost keeps what it has, under its passphrase, and is told nothing any more.',
  'erasures.last-heard': 'last contact',
} as const
