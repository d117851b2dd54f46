// Die Wörter des Wegs in die App: Einrichten, Sichern, erster Download, Sperre. start-en.ts auf Deutsch.
import type { startEn } from './start-en.ts'

export const startDe: Record<keyof typeof startEn, string> = {
  'start.steps': 'Dieses Gerät einrichten',
  'start.step-sign-in': 'Anmelden',
  'start.step-secure': 'Sichern',
  'start.step-download': 'Laden',
  'start.step-ready': 'Bereit',
  'start.step-of': 'Schritt {step, number} von {steps, number}: {name}',

  'enrol.title': 'Dieses Gerät einrichten',
  'enrol.lead': 'Sie brauchen einen Code von Ihrer Verwaltung. Er gilt einmal, zehn Minuten lang.',
  'enrol.code': 'Gerätecode',
  'enrol.code-help': 'Zehn Zeichen, wie K7Q2A-9MXPT',
  'enrol.code-wrong': 'Der Code hat zehn Buchstaben und Ziffern.',
  'enrol.sign-in': 'Anmeldename',
  'enrol.password': 'Passwort',
  'enrol.next': 'Weiter',
  'enrol.replaced': 'Die letzte Einrichtung wurde nicht fertig. Bitte beginnen Sie noch einmal.',

  'secure.title': 'Passphrase wählen',
  'secure.lead': 'Sie verschlüsselt alles auf diesem Gerät und öffnet es ohne Netz. Niemand kann sie wiederherstellen.',
  'secure.passphrase': 'Passphrase',
  'secure.help': 'Drei oder vier Wörter, die Sie sich merken.',
  'secure.again': 'Dieselbe Passphrase noch einmal',
  'secure.differs': 'Die beiden sind nicht gleich.',
  'secure.too-short': 'Bitte mindestens {min, number} Zeichen.',
  'secure.strength': 'Stärke',
  'secure.weak': 'Schwach: leicht zu erraten',
  'secure.fair': 'Mittel: noch ein Wort dazu',
  'secure.good': 'Gut',
  'secure.strong': 'Stark',
  'secure.show': 'Passphrase zeigen',
  'secure.submit': 'Dieses Gerät sichern',
  'secure.working': 'Das Gerät wird gesichert',
  'secure.working-lead':
    'Der Schlüssel wird erzeugt, dann wird das Gerät am Hub angemeldet. Das dauert einige Sekunden.',

  'download.title': 'Ihre Arbeit wird bereitgestellt',
  'download.lead': 'Sie können diese Seite offen lassen. Es geht dort weiter, wo es stehen blieb, was auch geschieht.',
  'download.ready': 'Bereit zum Arbeiten',
  'download.ready-lead': 'Was Ihre Arbeit braucht, ist auf diesem Gerät.',
  'download.rows':
    '{count, plural, =0 {Warte auf den Hub} one {# Datensatz auf diesem Gerät} other {# Datensätze auf diesem Gerät}}',
  'download.bytes': '{bytes} empfangen',
  'download.start': 'Anfangen',
  'download.wait': 'Gleich bereit',
  'download.more': 'Anfangen · {count, number} weitere werden geladen',
  'download.rows-of': '{done, number} von {total, number} Zeilen',
  'download.bytes-of': '{done} von {total}',
  'download.offline': 'Der Hub ist nicht erreichbar. Der Download geht von selbst weiter, sobald er es ist.',
  'loss.cleared':
    'Dieser Browser hat den Speicher des Geräts {device} geleert. Stand {when}: {count, plural, one {# Arbeit} other {# Arbeiten}} gespeichert, {waiting, plural, =0 {und alles war gesendet} one {# davon war noch nicht gesendet} other {# davon waren noch nicht gesendet}}. Richten Sie es neu ein: Es geht als dasselbe Gerät weiter und sagt dann, was der Hub hat.',
  'loss.title': 'Was dieser Browser geleert hat',
  'loss.missing':
    'Der Hub hat die Arbeit des Geräts {device} bis Nummer {has}. {count, plural, one {# spätere Arbeit ist verloren} other {# spätere Arbeiten sind verloren}}: Erfassen Sie sie nach Ihren Unterlagen neu. Die IT weiß davon.',
  'loss.nothing':
    'Der Hub hat alle Arbeit des Geräts {device}, bis Nummer {has}. Nichts, woran es sich erinnert, ist verloren.',
  'loss.unknown':
    'Der Hub konnte mit dem Gerät {before} nicht weitermachen und hat ein neues angelegt, {device}. Von {count, plural, one {# Arbeit} other {# Arbeiten}}, die {before} gespeichert hatte, können {waiting, number} verloren sein: Fragen Sie, wer den Hub betreut.',
  'loss.next': 'Dieses Gerät geht als {device} weiter, in seinem Leben Nummer {epoch}.',
  'loss.read': 'Gelesen',
  'download.persist': 'Den Browser bitten, diese Daten zu schützen',

  'lock.title': 'Willkommen zurück',
  'lock.lead': 'Ihre Passphrase öffnet dieses Gerät. Ein Netz ist nicht nötig.',
  'lock.who': 'Wer sind Sie?',
  'lock.unlock': 'Entsperren',
  'lock.working': 'Wird geöffnet',
  'lock.forgotten':
    'Vergessen? Bitten Sie Ihre Verwaltung, dieses Gerät neu einzurichten: Was gesendet wurde, ist sicher.',
  'lock.was-idle': 'Gesperrt, weil hier {minutes, number} Minuten lang niemand gearbeitet hat.',

  'push-only.title': 'Verbinden, um weiterzuarbeiten',
  'push-only.lead':
    'Ihre Erlaubnis, ohne den Hub zu arbeiten, lief am {until, date} um {until, time} ab. Was Sie gespeichert haben, ist auf diesem Gerät sicher und wird noch gesendet; nach einem Kontakt ist es wieder lesbar.',
  'push-only.revoked':
    'Ihre Verwaltung hat diesem Gerät oder Ihrem Konto den Zugang entzogen. Was Sie gespeichert haben, ist auf diesem Gerät sicher; bitten Sie dort um den Zugang.',
  'push-only.waiting':
    '{count, plural, =0 {Alles Gespeicherte ist gesendet.} one {# Vorgang ist noch zu senden.} other {# Vorgänge sind noch zu senden.}}',
  'push-only.needs-you':
    '{count, plural, one {# gesendeter Vorgang braucht Sie.} other {# gesendete Vorgänge brauchen Sie.}}',
  'push-only.help': 'Suchen Sie ein Netz und drücken Sie den Knopf. Mehr braucht es nicht.',
  'push-only.unreachable': 'Der Hub war nicht erreichbar. Prüfen Sie das Netz und versuchen Sie es noch einmal.',
  'push-only.try': 'Jetzt verbinden',

  'again.open': 'Dieses Gerät neu einrichten',
  'again.title': 'Neu einrichten, Arbeit behalten',
  'again.lead':
    'Mit einem neuen Code Ihrer Verwaltung arbeitet dieses Gerät unter einem neuen Buchstaben weiter. Ihre Passphrase und alles Gespeicherte bleiben.',
  'rescue.open': 'Rettungsdatei sichern',
  'rescue.title': 'Wartendes als Datei sichern',
  'rescue.lead':
    'Kann dieses Gerät seine Arbeit nicht senden, holt Ihre Verwaltung sie aus dieser Datei. Sie ist verschlüsselt: Nennen Sie die Passphrase auf anderem Weg.',
  'rescue.photos': 'Auch {count, plural, one {# Foto ist} other {# Fotos sind}} darin.',
  'rescue.photos-left':
    '{count, plural, one {# Foto passte nicht hinein und liegt} other {# Fotos passten nicht hinein und liegen}} nur auf diesem Gerät.',
  'rescue.passphrase': 'Passphrase der Datei',
  'rescue.save': 'Datei sichern',
  'rescue.nothing': 'Nichts wartet: Der Hub hat alles.',
  'rescue.saved':
    '{count, plural, one {# Vorgang ist} other {# Vorgänge sind}} in der Datei. Sie bleiben auch auf diesem Gerät.',

  'start.opening': 'Wird geöffnet',
  'start.broken': 'Holdfast kann hier nicht starten',

  'start.error.wrong-passphrase': 'Diese Passphrase öffnet das Gerät nicht.',
  'start.error.no-such-slot': 'Diese Person hat keinen Schlüssel auf diesem Gerät.',
  'start.error.wrong-code': 'Der Code ist falsch oder wurde schon benutzt. Lassen Sie sich einen neuen geben.',
  'start.error.expired-code': 'Der Code ist abgelaufen. Lassen Sie sich einen neuen geben.',
  'start.error.wrong-password': 'Anmeldename oder Passwort sind falsch.',
  'start.error.too-many-tries': 'Zu viele Versuche. Lassen Sie sich einen neuen Code geben.',
  'start.error.no-profile':
    'Diese Person hat noch keine Filiale oder Rolle. Fragen Sie Ihre Verwaltung und nehmen Sie dann denselben Code.',
  'start.error.unreachable': 'Der Hub ist nicht erreichbar. Prüfen Sie das Netz und versuchen Sie es noch einmal.',
  'start.error.in-use':
    'Die Datenbank ist in einem anderen Fenster offen, das nicht antwortet. Schließen Sie es und versuchen Sie es noch einmal.',
  'start.error.damaged':
    'Die Datenbank dieses Geräts ist beschädigt. Fragen Sie Ihre Verwaltung: Was gesendet wurde, ist sicher.',
  'start.error.storage-full':
    'Auf diesem Gerät ist kein Platz mehr. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  'start.error.no-storage':
    'Dieser Browser hält für diese Seite keine privaten Dateien (ein privates Fenster?). Nehmen Sie ein normales Fenster eines aktuellen Browsers.',
  'start.error.insecure': 'Diese Adresse ist nicht sicher. Öffnen Sie sie mit https oder als localhost.',
  'start.error.other': 'Das ging nicht: {reason}',
}
