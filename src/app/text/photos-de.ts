// Wörter der Fotos und Unterschriften, an welchem Beleg auch immer.
import type { photosEn } from './photos-en.ts'

export const photosDe: Record<keyof typeof photosEn, string> = {
  'photo.photos': 'Fotos',
  'photo.add': 'Foto hinzufügen',
  'photo.working': 'Foto wird abgelegt …',
  'photo.one': 'Foto {at, number} von {count, number}',
  'photo.remove': 'Foto {at, number} entfernen',
  'photo.none': 'Keine Fotos',
  'photo.number': '{count, plural, one {# Foto} other {# Fotos}}',
  'photo.only-here': 'Nur auf diesem Gerät',
  'photo.sent': 'Gesendet',
  'photo.refused': 'Nicht sendbar',
  'photo.no-picture': '{name} ist kein Bild, das dieses Gerät lesen kann.',
  'photo.too-many': 'Hier passen höchstens {most, number} Fotos hin.',
  'photo.loading': 'Foto wird geholt …',
  'photo.offline': 'Das Foto selbst liegt auf dem Hub. Es lässt sich zeigen, sobald es ein Netz gibt.',
  'photo.gone':
    'Der Hub gibt diesem Gerät kein solches Foto: Wer es aufnahm, hat es vielleicht noch nicht gesendet, oder sein Datensatz gehört nicht zu Filiale oder Gebiet dieses Geräts.',
  'signature.signature': 'Unterschrift',
  'signature.help': 'Mit Finger, Stift oder Maus unterschreiben. Wer das nicht kann, trägt oben den Namen ein.',
  'signature.clear': 'Neu unterschreiben',
  'signature.none': 'Nicht unterschrieben',
  'signature.given': 'Unterschrieben',
  'signature.of': 'Unterschrift von {name}',
  'signature.too-long': 'Die Unterschrift ist zu lang zum Aufbewahren: Bitte löschen und einfacher unterschreiben.',
}
