// Wörter der Löschung einer Person: privacy-en.ts auf Deutsch.
import type { privacyEn } from './privacy-en.ts'

export const privacyDe: Record<keyof typeof privacyEn, string> = {
  'erasures.lead': 'Wer vergessen werden wollte, und welche Geräte gesagt haben, dass sie es getan haben.',
  'erasures.none': 'Niemand wurde gelöscht.',
  'erasures.erase': 'Person löschen',
  'erasures.name': 'Heißt jetzt',
  'erasures.kind': 'War',
  'erasures.kind.masters.party': 'Kunde oder Lieferant',
  'erasures.kind.masters.contact': 'Kontakt',
  'erasures.kind.masters.user': 'Kollegin oder Kollege',
  'erasures.by': 'Gelöscht von',
  'erasures.by-operator': 'Betreiber des Hubs',
  'erasures.forgotten': 'Vergessen auf',
  'erasures.of-devices': '{done, number} von {count, plural, one {# Gerät} other {# Geräten}}',
  'erasures.all-devices': '{count, plural, =0 {kein Gerät musste} one {dem einen Gerät} other {allen # Geräten}}',
  'erasures.whom': 'Wer vergessen werden möchte',
  'erasures.whom-help': 'Name, Telefon oder Anmeldename.',
  'erasures.choose':
    'Wählen Sie zuerst die Person: Dann sagt der Hub, was ginge und was bliebe. Durch die Frage geschieht nichts.',
  'erasures.goes': 'Was geht',
  'erasures.rows': 'Wie viele',
  'erasures.loses': 'Verlieren',
  'erasures.nothing': 'Kein Datensatz sagt etwas über diese Person.',
  'erasures.is-erased': 'Diese Person wurde bereits gelöscht.',
  'erasures.others':
    '{count, plural, one {Eine weitere Person wird mit ihr gelöscht: ein Kontakt von ihr oder ein Datensatz, der in ihren überging.} other {# weitere Personen werden mit ihr gelöscht: Kontakte von ihr oder Datensätze, die in ihren übergingen.}}',
  'erasures.photos': '{count, plural, one {# Foto} other {# Fotos}}, sofern kein anderer Datensatz dasselbe hat.',
  'erasures.commands':
    'Was {count, plural, one {# gespeicherte Arbeit} other {# gespeicherte Arbeiten}} über sie sagt, samt dem Schlüssel, unter dem es liegt.',
  'erasures.lost':
    '{count, plural, one {# Wert, der einer anderen Änderung unterlag.} other {# Werte, die anderen Änderungen unterlagen.}}',
  'erasures.parked': 'Was {count, plural, one {# Arbeit} other {# Arbeiten}} in Prüfung über sie sagt.',
  'erasures.later': 'Was über sie noch ankommt: Es wird weggelassen, und der Rest der Arbeit zählt.',
  'erasures.stays': 'Was bleibt, und warum',
  'erasures.stays-documents':
    'Belege mit Nummern, Tagen, Mengen und Beträgen und alles Gebuchte: Die Bücher müssen aufgehen und aufbewahrt werden. Dort steht dann {pseudonym}.',
  'erasures.stays-log':
    'Die versiegelten Zeilen der Arbeit, ohne das, was sie über die Person sagten: Sie beweisen, dass sonst nichts geändert wurde.',
  'erasures.stays-outside':
    'Papier, Exporte, gesicherte Rettungsdateien und Sicherungen, bis sie weggeworfen werden: Der Hub erreicht sie nicht.',
  'erasures.devices': 'Geräte, die vergessen müssen',
  'erasures.devices-help': 'Jedes vergisst beim nächsten Kontakt, auch was ungesendet auf ihm wartet, und sagt es.',
  'erasures.for-good': 'Endgültig löschen',
  'erasures.no-way-back': 'Das kann niemand rückgängig machen. Geben Sie zur Bestätigung den Namen ein: {name}',
  'erasures.typed': 'Name',
  'erasures.typed-wrong': 'Das ist nicht der Name.',
  'erasures.asked': 'Der Hub ist um die Löschung gebeten; sie steht in seinem Protokoll.',
  'erasures.confirmed': 'Hat vergessen',
  'erasures.open': 'Noch nicht',
  'erasures.shut': 'Ausgesperrt, hört nichts',
  'erasures.never-heard': 'nie gehört',
  'erasures.shut-help':
    'Ein Gerät, das ausgesperrt oder verloren ist, behält unter seiner Passphrase, was es hat, und erfährt nichts mehr.',
  'erasures.last-heard': 'letzter Kontakt',
}
