import type { auth as english } from '../en/auth'

export const auth: typeof english = {
  logIn: 'Anmelden',
  loggingIn: 'Sie werden angemeldet…',
  logInTitle: 'Willkommen zurück',
  logInWith: (provider: string) => `Weiter mit ${provider}`,
  or: 'oder',
  signUp: 'Konto anlegen',
  signingUp: 'Ihr Konto wird angelegt…',
  signUpTitle: 'Legen Sie Ihr Konto an',
  firstAccount: 'Sie sind hier die erste Person: Ihr Konto wird das des Administrators.',
  signUpClosed: 'Neue Konten sind hier nicht möglich. Bitten Sie einen Administrator um eine Einladung.',
  invitation: {
    title: 'Sie sind eingeladen',
    intro: (by: string | null, email: string) =>
      by ? `${by} lädt Sie als ${email} zu Roost ein.` : `Sie sind als ${email} zu Roost eingeladen.`,
    accept: 'Beitreten',
    gone: 'Diese Einladung gilt nicht',
    notWhole: 'Der Link ist nicht vollständig. Kopieren Sie ihn ganz, oder bitten Sie um einen neuen.',
    logOutFirst:
      'Sie sind schon angemeldet. Melden Sie sich ab, um die Einladung als jemand anderes anzunehmen.',
  },
  noAccount: 'Noch kein Konto?',
  haveAccount: 'Schon ein Konto?',
  email: 'E-Mail',
  name: 'Ihr Name',
  password: 'Passwort',
  newPassword: 'Neues Passwort',
  passwordHint: 'Mindestens 8 Zeichen. Am besten einige Wörter, die nur Sie so zusammensetzen würden.',
  showPassword: 'Passwort zeigen',
  hidePassword: 'Passwort verbergen',
  forgot: 'Passwort vergessen?',
  forgotAsk:
    'Passwort vergessen? Dieser Server verschickt keine E-Mails: Bitten Sie einen Administrator um ein neues.',
  recoverTitle: 'Neues Passwort setzen',
  recoverIntro:
    'Nennen Sie Ihre E-Mail-Adresse. Wir schicken Ihnen einen Link zu einer Seite, auf der Sie ein neues Passwort setzen.',
  recoverSend: 'Link schicken',
  recoverSending: 'Wird geschickt…',
  recoverSent: 'Sehen Sie in Ihren Posteingang',
  recoverSentDetail: (email: string) =>
    `Wenn es ein Konto für ${email} gibt, ist ein Link unterwegs. Er gilt einmal. Keine Mail nach einigen Minuten? Sehen Sie im Spam-Ordner nach, oder fragen Sie einen Administrator.`,
  backToLogIn: 'Zurück zur Anmeldung',
  newPasswordTitle: 'Neues Passwort setzen',
  newPasswordSave: 'Speichern und weiter',
  checkingLink: 'Ihr Link wird geprüft…',
  linkInvalid: 'Dieser Link gilt nicht mehr',
  linkInvalidDetail: 'Jeder Link gilt einmal und nur eine Zeit lang. Fordern Sie einen neuen an.',
  askAgain: 'Neuen Link anfordern',
  confirmMail: 'Bestätigen Sie Ihre E-Mail-Adresse',
  confirmMailDetail: (email: string) =>
    `Wir haben einen Link an ${email} geschickt. Öffnen Sie ihn und melden Sie sich dann an.`,
  sessionEnded: 'Ihre Sitzung ist zu Ende. Melden Sie sich wieder an, um weiterzumachen, wo Sie waren.',
  errors: {
    emailMissing: 'Geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@example.org.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    passwordShort: 'Nehmen Sie mindestens 8 Zeichen.',
    credentials:
      'E-Mail-Adresse oder Passwort ist falsch. Prüfen Sie beides, oder setzen Sie ein neues Passwort.',
    exists:
      'Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich an, oder setzen Sie ein neues Passwort.',
    unconfirmed:
      'Diese E-Mail-Adresse ist noch nicht bestätigt. Öffnen Sie den Link in der Mail, die wir Ihnen geschickt haben.',
    weak: 'Dieses Passwort ist zu leicht zu erraten. Nehmen Sie ein längeres.',
    same: 'Das ist schon Ihr Passwort. Wählen Sie ein anderes.',
    tooMany: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es erneut.',
    closed: 'Neue Konten sind hier nicht möglich. Bitten Sie einen Administrator um eine Einladung.',
    offline: 'Roost hat nicht geantwortet. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    other: (message: string) => `Das hat nicht geklappt: ${message}`,
  },
}
