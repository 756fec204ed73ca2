import type { common as english } from '../en/common'

export const common: typeof english = {
  product: 'Roost',
  tagline: 'Antworten aus Ihren eigenen Dateien, mit Quellenangabe.',

  actions: {
    cancel: 'Abbrechen',
    close: 'Schließen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    delete: 'Löschen',
    loadMore: 'Mehr anzeigen',
    loading: 'Wird geladen…',
    retry: 'Erneut versuchen',
    save: 'Speichern',
    saving: 'Wird gespeichert…',
    search: 'Suchen',
    more: 'Weitere Aktionen',
    reload: 'Seite neu laden',
  },

  cost: {
    unknown: 'nicht bekannt',
    atLeast: (known: string) => `über ${known}`,
  },

  nav: {
    main: 'Hauptmenü',
    skip: 'Zum Inhalt springen',
    newChat: 'Neuer Chat',
    documents: 'Dokumente',
    search: 'Suche',
    agents: 'Agenten',
    admin: 'Verwaltung',
    settings: 'Einstellungen',
    openMenu: 'Menü öffnen',
    closeMenu: 'Menü schließen',
    account: 'Ihr Konto',
    logOut: 'Abmelden',
    shortcuts: 'Tastenkürzel',
  },

  theme: { label: 'Farbschema', system: 'System', light: 'Hell', dark: 'Dunkel' },

  page: {
    notFound: 'Hier gibt es keine Seite',
    notFoundDetail: 'Die Adresse ist vielleicht falsch geschrieben, oder was hier war, wurde gelöscht.',
    home: 'Zur Startseite',
    broken: 'Diese Seite funktioniert nicht mehr',
    brokenDetail:
      'Was Sie gespeichert haben, ist nicht verloren. Laden Sie die Seite neu. Geschieht es noch einmal, sagen Sie Ihrem Administrator, was Sie getan haben.',
    starting: 'Roost wird gestartet…',
    unreachable: 'Roost ist nicht erreichbar',
    unreachableDetail:
      'Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut. Bleibt es so, wird der Server vielleicht gerade gestartet oder steht still.',
  },

  problems: {
    offline: 'Keine Verbindung',
    offlineDetail: 'Roost hat nicht geantwortet. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    cutOff:
      'Es geht von selbst weiter, sobald Roost wieder erreichbar ist. Was Sie geschrieben haben, ist nicht verloren.',
    unexpected: 'Etwas Unerwartetes ist geschehen',
    title: (status: number) =>
      TITLES[status] ?? (status >= 500 ? 'Der Server konnte das nicht ausführen' : 'Das hat nicht geklappt'),
    whatToDo: (status: number) =>
      ADVICE[status] ??
      (status >= 500
        ? 'Versuchen Sie es gleich noch einmal. Bleibt es so, findet Ihr Administrator den Grund auf der Systemseite.'
        : 'Prüfen Sie Ihre Eingaben und versuchen Sie es erneut.'),
  },
}

const TITLES: Record<number, string> = {
  401: 'Sie sind nicht angemeldet',
  403: 'Das dürfen Sie nicht',
  404: 'Nicht gefunden',
  409: 'Jemand war schneller',
  413: 'Zu groß',
  429: 'Zu viele Anfragen',
  503: 'Ein Teil von Roost ist nicht verfügbar',
}

const ADVICE: Record<number, string> = {
  401: 'Melden Sie sich an und versuchen Sie es erneut.',
  403: 'Bitten Sie einen Administrator um die Berechtigung.',
  404: 'Es wurde vielleicht gelöscht, oder Sie dürfen es nicht sehen.',
  409: 'Laden Sie die Seite neu und wiederholen Sie die Änderung.',
  413: 'Verkleinern Sie es und versuchen Sie es erneut.',
  429: 'Warten Sie eine Minute und versuchen Sie es erneut.',
  503: 'Versuchen Sie es gleich noch einmal.',
}
