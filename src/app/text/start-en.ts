// Words of the way into the app: enrolment, securing, the first download, the lock.
export const startEn = {
  'start.steps': 'Setting up this device',
  'start.step-sign-in': 'Sign in',
  'start.step-secure': 'Secure',
  'start.step-download': 'Download',
  'start.step-ready': 'Ready',
  'start.step-of': 'Step {step, number} of {steps, number}: {name}',

  'enrol.title': 'Set up this device',
  'enrol.lead': 'You need a code from your administrator. It works once, for ten minutes.',
  'enrol.code': 'Device code',
  'enrol.code-help': 'Ten characters, like K7Q2A-9MXPT',
  'enrol.code-wrong': 'The code has ten letters and digits.',
  'enrol.sign-in': 'Sign-in name',
  'enrol.password': 'Password',
  'enrol.next': 'Continue',
  'enrol.replaced': 'The last setup was not finished. Please start again.',

  'secure.title': 'Choose a passphrase',
  'secure.lead': 'It encrypts everything on this device and opens it without a network. Nobody can recover it for you.',
  'secure.passphrase': 'Passphrase',
  'secure.help': 'Three or four words that you remember.',
  'secure.again': 'The same passphrase again',
  'secure.differs': 'The two are not the same.',
  'secure.too-short': 'At least {min, number} characters, please.',
  'secure.strength': 'Strength',
  'secure.weak': 'Weak: easy to guess',
  'secure.fair': 'Fair: add another word',
  'secure.good': 'Good',
  'secure.strong': 'Strong',
  'secure.show': 'Show the passphrase',
  'secure.submit': 'Secure this device',
  'secure.working': 'Securing this device',
  'secure.working-lead': 'Making the key, then signing in with the hub. This takes a few seconds.',

  'download.title': 'Getting your work ready',
  'download.lead': 'You can leave this page open. It goes on where it stopped, whatever happens.',
  'download.ready': 'Ready to work',
  'download.ready-lead': 'What your work needs is on this device.',
  'download.rows': '{count, plural, =0 {Waiting for the hub} one {# row on this device} other {# rows on this device}}',
  'download.bytes': '{bytes} received',
  'download.start': 'Start working',
  'download.wait': 'Ready in a moment',
  'download.more': 'Start working · {count, number} more downloading',
  'download.rows-of': '{done, number} of {total, number} rows',
  'download.bytes-of': '{done} of {total}',
  'download.offline': 'The hub cannot be reached. The download goes on by itself when it can.',
  'loss.cleared':
    'This browser cleared the storage of device {device}. As of {when} it had saved {count, plural, one {# piece of work} other {# pieces of work}}, and {waiting, plural, =0 {all of it was sent} one {# of them was not sent yet} other {# of them were not sent yet}}. Set it up again: it goes on as the same device, and then says what the hub has.',
  'loss.title': 'What this browser cleared',
  'loss.missing':
    'The hub has the work of device {device} up to number {has}. {count, plural, one {# later piece of work is lost} other {# later pieces of work are lost}}: enter it again from your papers. IT was told.',
  'loss.nothing': 'The hub has all the work of device {device}, up to number {has}. Nothing that it remembers is lost.',
  'loss.unknown':
    'The hub could not go on with device {before} and made a new one, {device}. Of the {count, plural, one {# piece of work} other {# pieces of work}} that {before} had saved, {waiting, number} may be lost: ask who looks after the hub.',
  'loss.next': 'This device goes on as {device}, in its life number {epoch}.',
  'loss.read': 'I have read this',
  'download.persist': 'Ask the browser to keep this data safe',

  'lock.title': 'Welcome back',
  'lock.lead': 'Your passphrase opens this device. No network is needed.',
  'lock.who': 'Who are you?',
  'lock.unlock': 'Unlock',
  'lock.working': 'Opening',
  'lock.forgotten': 'Forgotten? Ask your administrator to enrol this device again: what was sent is safe.',
  'lock.was-idle': 'Locked because nobody worked here for {minutes, number} minutes.',

  'push-only.title': 'Connect to go on',
  'push-only.lead':
    'Your permission to work without the hub ran out on {until, date} at {until, time}. What you saved is safe on this device and is still sent; it can be read again after one contact.',
  'push-only.revoked':
    'Your administrator withdrew the access of this device or of your account. What you saved is safe on this device; ask them to give the access back.',
  'push-only.waiting':
    '{count, plural, =0 {Everything you saved has been sent.} one {# piece of work waits to be sent.} other {# pieces of work wait to be sent.}}',
  'push-only.needs-you': '{count, plural, one {# sent piece needs you.} other {# sent pieces need you.}}',
  'push-only.help': 'Find a network, then press the button. Nothing else is needed.',
  'push-only.unreachable': 'The hub could not be reached. Check the network, then try again.',
  'push-only.try': 'Connect now',

  'again.open': 'Set this device up again',
  'again.title': 'Set up again, keep the work',
  'again.lead':
    'With a new code from your administrator this device goes on under a new letter. Your passphrase and everything you saved stay.',
  'rescue.open': 'Save rescue file',
  'rescue.title': 'Save what waits as a file',
  'rescue.lead':
    'If this device cannot send its work, your administrator can bring it from this file. It is encrypted: tell them the passphrase another way.',
  'rescue.photos': '{count, plural, one {# photo is} other {# photos are}} in it too.',
  'rescue.photos-left':
    '{count, plural, one {# photo didn’t fit and is} other {# photos didn’t fit and are}} on this device only.',
  'rescue.passphrase': 'Passphrase of the file',
  'rescue.save': 'Save the file',
  'rescue.nothing': 'Nothing waits: the hub has it all.',
  'rescue.saved':
    '{count, plural, one {# piece of work is} other {# pieces of work are}} in the file. It stays on this device too.',

  'start.opening': 'Opening',
  'start.broken': 'Holdfast cannot start here',

  'start.error.wrong-passphrase': 'This passphrase does not open the device.',
  'start.error.no-such-slot': 'This person has no key on this device.',
  'start.error.wrong-code': 'The code is wrong or was used already. Ask for a new one.',
  'start.error.expired-code': 'The code has expired. Ask for a new one.',
  'start.error.wrong-password': 'The sign-in name or the password is wrong.',
  'start.error.too-many-tries': 'Too many tries. Ask for a new code.',
  'start.error.no-profile':
    'This person has no branch or role yet. Ask your administrator, then use the same code again.',
  'start.error.unreachable': 'The hub cannot be reached. Check the network, then try again.',
  'start.error.in-use': 'The database is open in another window that does not answer. Close it, then try again.',
  'start.error.damaged': 'The database of this device is damaged. Ask your administrator: what was sent is safe.',
  'start.error.storage-full': 'There is no room left on this device. Free some space, then try again.',
  'start.error.no-storage':
    'This browser keeps no private files for this page (a private window?). Use a normal window of a current browser.',
  'start.error.insecure': 'This address is not secure. Open it with https, or as localhost.',
  'start.error.other': 'That did not work: {reason}',
} as const
