// Absagen und Auffälligkeiten des Kerns und des Abgleichs als Sätze. refusals-en.ts auf Deutsch.
import type { refusalsEn } from './refusals-en.ts'

export const refusalsDe: Record<keyof typeof refusalsEn, string> = {
  'refusal.kernel.bad-arguments': 'Etwas fehlt oder passt nicht: {path} {reason}.',
  'refusal.kernel.not-permitted': 'Ihre Rolle erlaubt das nicht.',
  'refusal.kernel.not-on-this-device':
    'Dazu braucht es Daten, die nicht auf diesem Gerät sind. Verbinden Sie sich oder bitten Sie darum, sie zu laden.',
  'refusal.kernel.unknown-command': 'Diese Version kennt den Befehl {command} nicht. Laden Sie neu.',
  'refusal.kernel.subject-erased':
    'Diese Person wurde gelöscht. Über sie kann nichts mehr aufgeschrieben werden; nehmen Sie einen anderen Kunden.',
  'refusal.privacy.unknown-subject': 'Diese Person ist hier nicht bekannt.',
  'refusal.kernel.number-not-drawn':
    'Es konnte keine Belegnummer gezogen werden. Laden Sie neu und versuchen Sie es noch einmal.',
  'refusal.sync.not-enrolled': 'Dieses Gerät ist noch nicht eingerichtet.',
  'refusal.sync.lease-expired':
    'Die Erlaubnis, ohne den Hub zu arbeiten, lief am {until, date} ab. Verbinden Sie sich einmal, um weiterzuarbeiten.',
  'refusal.device.storage-full':
    'Es wurde nichts gespeichert: Auf diesem Gerät ist kein Platz mehr. Schaffen Sie Platz und speichern Sie noch einmal.',
  'refusal.device.update-needed':
    'Es wurde nichts gespeichert: Diese Version der App ist zu alt, um neue Arbeit zu beginnen. Laden Sie neu; was gespeichert ist, wird noch gesendet.',
  'refusal.device.not-updated':
    'Es wurde nichts gespeichert: Die neue Version ist noch nicht eingerichtet. Schaffen Sie Platz, laden Sie neu und speichern Sie noch einmal.',
  'refusal.sync.file-missing': 'Ein Foto dazu liegt nicht mehr auf diesem Gerät. Bitte neu aufnehmen.',
  'refusal.sync.file-too-large': 'Die Datei ist zu groß: höchstens {bytesMax, bytes} werden aufbewahrt.',
  'refusal.sync.file-unsupported': 'Das ist weder ein Foto (JPEG, PNG, WebP) noch ein PDF.',
  'refusal.sync.request-key-used':
    'Das wurde schon gespeichert ({number}), vor Ihren letzten Änderungen. Diese sind nicht gespeichert: Sehen Sie zuerst dort nach.',
  'refusal.sync.unknown-version': 'Der Hub kennt diese Version der Arbeit noch nicht. Sie liegt in der Prüfung.',
  'refusal.sync.personal-mismatch':
    'Persönliche Daten dieser Arbeit wurden unterwegs verändert. Sie liegt in der Prüfung.',
  'refusal.sync.unknown-protocol': 'Der Hub spricht eine andere Version. Die Arbeit liegt in der Prüfung.',
  'refusal.hub.bug':
    'Der Hub hat damit selbst einen Fehler gemacht. Es bleibt erhalten; Ihre Verwaltung kann es noch einmal senden.',
  'refusal.hub.cannot-store': 'Die Datenbank des Hubs konnte es nicht speichern. Es bleibt in der Prüfung.',
  'refusal.hub.too-deep': 'Es fragt nach mehr, als der Hub für einen Vorgang nachschlägt.',
  'refusal.sync.cannot-upcast': 'Es stammt von einer älteren Fassung und ließ sich nicht als neuere lesen.',
  'refusal.sync.device-lost': 'Das Gerät wurde als verloren gemeldet. Was von ihm kommt, wird erst angesehen.',
  'refusal.sync.lease-over': 'Es entstand, nachdem die Erlaubnis zum Arbeiten ohne Hub abgelaufen war.',
  'refusal.sync.not-your-life': 'Es gehört zu einem anderen Leben dieses Geräts.',
  'refusal.sync.not-your-lease': 'Es nennt eine Erlaubnis, die jemand anderem gegeben wurde.',
  'refusal.sync.number-used': 'Seine Nummer steht schon auf einem anderen Beleg.',
  'refusal.sync.unknown-command': 'Der Hub kennt diese Art von Vorgang noch nicht. Es bleibt in der Prüfung.',
  'refusal.sync.unknown-lease': 'Es nennt eine Erlaubnis, die der Hub nicht kennt.',
  'refusal.sync.subject-erased':
    'Die Person, um die es geht, wurde inzwischen gelöscht: Was über sie darin stand, fehlt, und der Rest gilt.',
  'refusal.sync.other-effects':
    'Der Hub hat es angenommen und neu berechnet: Was er hält, weicht von dem ab, was hier zuerst gezeigt wurde.',
  'refusal.review.waits': 'Es wartet auf andere Arbeit, die in der Prüfung ist.',
  'exception.OVERSOLD': 'Es wurde mehr verkauft, als vorrätig war.',
  'exception.OVERSOLD-named': 'Von {name} wurde mehr verkauft, als vorrätig war.',
  'exception.CREDIT_EXCEEDED': 'Der Kredit ist überschritten.',
  'exception.BELOW_FLOOR': 'Der Preis liegt unter dem niedrigsten.',
  'exception.DISCOUNT_OVER_LIMIT': 'Der Rabatt liegt über der Grenze der Rolle.',
  'exception.PRICE_DIFFERS': 'Der Preis weicht von der heutigen Preisliste ab.',
  'exception.TAX_RATE_STALE': 'Der Steuersatz war ein älterer.',
  'exception.RETURN_EXCEEDS_SOLD': 'Es kam mehr zurück, als verkauft wurde.',
  'exception.RETURN_UNLINKED': 'Zu der Retoure gibt es auf diesem Gerät keinen Verkauf.',
  'exception.CASH_DIFFERENCE': 'Das gezählte Geld weicht ab.',
  'exception.CLOSE_INCOMPLETE': 'Die Schicht wurde geschlossen, bevor alle Arbeit da war.',
  'exception.NUMBER_GAP': 'In der Nummernreihe fehlt eine Nummer.',
  'exception.PAID_TWICE': 'Die Rechnung wurde doppelt bezahlt; der Überschuss ist eine Anzahlung.',
  'exception.POSSIBLE_DUPLICATE': 'Es gibt vielleicht schon einen Datensatz davon.',
  'refusal.kernel.beyond-share': 'Das ist mehr als der Anteil dieses Geräts daran.',
  'exception.BEYOND_SHARE': 'Das ist mehr als der Anteil dieses Geräts. Es kann anderen zugesagt sein.',
  'exception.MOVED_BEFORE_COUNT':
    'Es wurde vor einer Zählung bewegt und danach gemeldet. Die Zählung enthält es schon.',
  'exception.MOVED_NEAR_COUNT':
    'Es wurde so nah an einer Zählung bewegt, dass die Uhren nicht sagen, was zuerst war. Entscheiden Sie.',
  'exception.COUNT_DIFFERENCE': 'Die Zählung weicht um mehr ab, als die Rolle genehmigen darf.',
  'exception.COUNT_INCOMPLETE': 'Die Zählung wurde abgeschlossen, bevor jedes Gerät gemeldet hatte.',
  'exception.PERIOD_INCOMPLETE': 'Der Zeitraum wurde abgeschlossen, bevor jedes Gerät gemeldet hatte.',
  'exception.LATE_DOCUMENT': 'Es kam, als seine Periode geschlossen war.',
  'exception.AFTER_REVOCATION': 'Es entstand, nachdem der Zugang entzogen war.',
}
