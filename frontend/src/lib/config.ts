/** What the server tells every browser before anyone has logged in (`/config.json`). */
export interface Config {
  supabaseUrl: string
  supabaseKey: string
  version: string
  features: {
    signUp: boolean
    /** Nobody has an account yet: whoever signs up becomes the administrator. */
    firstAccount: boolean
    passwordRecovery: boolean
    /** False while no language model is set: answers then quote passages. */
    languageModel: boolean
    maxUploadBytes: number
    /** GoTrue providers that may be offered on the log-in page, for example `google`. */
    singleSignOn: string[]
  }
}

const DEFAULT_FEATURES: Config['features'] = {
  signUp: true,
  firstAccount: false,
  passwordRecovery: true,
  languageModel: true,
  maxUploadBytes: 50 * 1024 * 1024,
  singleSignOn: [],
}

/** Reads the run-time configuration; throws when the server does not answer with it. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`)
  const config = (await response.json()) as Config
  return { ...config, features: { ...DEFAULT_FEATURES, ...config.features } }
}
