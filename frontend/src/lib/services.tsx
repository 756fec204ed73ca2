import { createContext, type ReactNode, useContext } from 'react'
import type { Api } from './api/client'
import type { Config } from './config'
import type { Auth } from './session'

/** What the whole app stands on, built once after the configuration is read. */
export interface Services {
  config: Config
  auth: Auth
  api: Api
}

const ServicesContext = createContext<Services | null>(null)

export function ServicesProvider({ value, children }: { value: Services; children: ReactNode }) {
  return <ServicesContext value={value}>{children}</ServicesContext>
}

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (!services) throw new Error('useServices needs a ServicesProvider above it')
  return services
}

export function useApi(): Api {
  return useServices().api
}
