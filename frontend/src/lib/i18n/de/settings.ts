import type { settings as english } from '../en/settings'

export const settings: typeof english = {
  title: 'Einstellungen',
  sections: 'Abschnitte der Einstellungen',
  profile: 'Profil',
  email: 'E-Mail',
  name: 'Name',
  role: 'Rolle',
  roles: { admin: 'Administrator', member: 'Mitglied' },
  appearance: 'Darstellung',
  language: 'Sprache',
  languageHint: 'Gilt in diesem Browser. Agenten antworten in der Sprache, in der Sie fragen.',
  languageOfBrowser: (name: string) => `Wie der Browser (${name})`,
  security: 'Sicherheit',
  changePassword: 'Passwort ändern',
  passwordChanged: 'Ihr Passwort wurde geändert.',
  rename: 'Namen speichern',
  renamed: 'Gespeichert.',
  sessions: {
    title: 'Wo Sie angemeldet sind',
    intro:
      'Ein Browser, der hier abgemeldet wird, kann noch bis zu einer Stunde weiterarbeiten, bis sein Zugang abläuft.',
    current: 'dieser Browser',
    browser: 'Ein Browser',
    since: (date: string) => `seit ${date}`,
    end: 'Abmelden',
    endOf: (name: string) => `${name} abmelden`,
    endOthers: 'Überall sonst abmelden',
    endedOthers: (count: number) =>
      count === 0
        ? 'Sie waren nirgends sonst angemeldet.'
        : count === 1
          ? 'Ein anderer Browser wurde abgemeldet.'
          : `${count} andere Browser wurden abgemeldet.`,
  },
  links: {
    title: 'Geteilte Gespräche',
    intro: 'Links, über die andere ein Gespräch von Ihnen lesen können.',
  },
  data: {
    title: 'Ihre Daten',
    export: 'Alles herunterladen',
    exportDetail:
      'Ihr Profil, Ihre Gespräche, Erinnerungen, Rückmeldungen, Links und Ihre Nutzung als eine JSON-Datei. Ihre Dokumente sind nicht darin.',
    exporting: 'Wird gesammelt…',
    delete: 'Konto löschen',
    deleteDetail:
      'Löscht Ihre Gespräche, Erinnerungen, API-Schlüssel, Links, Ihre eigenen Agenten, die Dokumente, die Sie für sich selbst hinzugefügt haben, und Ihre Nutzung. Dokumente für alle bleiben.',
    deleteTitle: 'Ihr Konto löschen?',
    deleteWarning: 'Alles, was Ihres ist, geht sofort mit. Das lässt sich nicht rückgängig machen.',
    confirm: (email: string) => `Geben Sie zur Bestätigung ${email} ein`,
    receiptTitle: 'Ihr Konto ist gelöscht',
    receiptTitleOf: (email: string) => `Das Konto ${email} ist gelöscht`,
    receipt: 'Damit ging:',
    counts: {
      conversations: 'Gespräche',
      messages: 'Nachrichten',
      attachments: 'Angehängte Dateien',
      memories: 'Erinnerungen',
      documents: 'Eigene Dokumente',
      agents: 'Eigene Agenten',
      api_keys: 'API-Schlüssel',
      links: 'Links',
    },
  },
  keys: {
    title: 'API-Schlüssel',
    intro:
      'Mit einem Schlüssel fragt ein Programm in Ihrem Namen, mit Ihren Berechtigungen und Ihrem Budget.',
    create: 'Schlüssel erstellen',
    name: 'Wofür ist er?',
    nameHint: 'Zum Beispiel: nächtlicher Bericht',
    expires: 'Gültig bis',
    never: 'bis er widerrufen wird',
    empty: 'Sie haben keine Schlüssel.',
    created: 'Kopieren Sie den Schlüssel jetzt',
    createdDetail: 'Er wird nur dieses eine Mal gezeigt. Wer ihn hat, kann in Ihrem Namen fragen.',
    copy: 'Schlüssel kopieren',
    used: (ago: string) => `zuletzt benutzt ${ago}`,
    unused: 'nie benutzt',
    until: (date: string) => `gültig bis ${date}`,
    revoke: 'Widerrufen',
    revokeTitle: 'Diesen Schlüssel widerrufen?',
    revokeDetail: (name: string) => `Programme, die „${name}“ benutzen, arbeiten sofort nicht mehr.`,
  },
  memories: {
    title: 'Erinnerungen',
    intro:
      'Was Agenten mit Gedächtnis über Sie behalten haben. Sie benutzen es in späteren Gesprächen; niemand sonst sieht es.',
    empty: 'Über Sie ist nichts gemerkt.',
    forget: 'Vergessen',
    forgetAll: 'Alles vergessen',
    forgetAllTitle: 'Alles vergessen?',
    forgetAllDetail: 'Alle Erinnerungen werden gelöscht. Das lässt sich nicht rückgängig machen.',
    by: (agent: string, ago: string) => `${agent}, ${ago}`,
  },
  usage: {
    title: 'Ihre Nutzung',
    intro: 'Ihre eigenen Antworten der letzten 30 Tage.',
  },
}
