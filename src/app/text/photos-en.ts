// Words of photos and signatures, wherever a document has them.
export const photosEn = {
  'photo.photos': 'Photos',
  'photo.add': 'Add photo',
  'photo.working': 'Keeping the photo …',
  'photo.one': 'Photo {at, number} of {count, number}',
  'photo.remove': 'Remove photo {at, number}',
  'photo.none': 'No photos',
  'photo.only-here': 'On this device only',
  'photo.sent': 'Sent',
  'photo.refused': 'Can’t be sent',
  'photo.no-picture': '{name} is no picture that this device can read.',
  'photo.too-many': 'At most {most, number} photos fit here.',
  'photo.loading': 'Fetching the photo …',
  'photo.offline': 'The photo itself is on the hub. It can be shown once there is a network.',
  'photo.gone':
    'The hub gives this device no such photo: whoever took it may not have sent it yet, or its record is not of this device’s branch or territory.',
  'signature.signature': 'Signature',
  'signature.help': 'Sign with a finger, a pen or the mouse. Whoever can’t types their name above.',
  'signature.clear': 'Sign again',
  'signature.none': 'Not signed',
  'signature.of': 'Signature of {name}',
  'signature.too-long': 'The signature is too long to keep: clear it and sign more simply.',
} as const
