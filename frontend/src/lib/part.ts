import { type ComponentType, lazy, useSyncExternalStore } from 'react'

/** Pauses before each try to fetch a part once more while the server cannot be reached, in seconds. */
const AGAIN_AFTER = [0.5, 1, 2, 4, 8]
const RELOADED = 'roost-reloaded-at'
/** A page that was loaded again this short a time ago, in milliseconds, is not loaded again for the same reason. */
const ONCE_IN = 60_000

let waiting = 0
const listeners = new Set<() => void>()

function count(step: 1 | -1) {
  waiting += step
  for (const listener of listeners) listener()
}

/** Whether a part of the app is being waited for because the server cannot be reached. */
export function useIsCutOff(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting > 0,
  )
}

/** A component in a file of its own, fetched when it is first shown. */
export function part<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await fetchPart(load) }))
}

/**
 * Fetches a part of the app. While there is no connection it is tried again until there is one. Where the server answers
 * and the file is gone, a newer version has taken its place, and the page is loaded again to get that one.
 */
export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch {
    await untilReachable()
  }
  try {
    return await load()
  } catch (error) {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < ONCE_IN) throw error
    sessionStorage.setItem(RELOADED, String(Date.now()))
    window.location.reload()
    return new Promise<T>(() => undefined)
  }
}

async function untilReachable() {
  if (await isReachable()) return
  count(1)
  for (let tries = 0; ; tries++) {
    await Promise.race([pause(AGAIN_AFTER[Math.min(tries, AGAIN_AFTER.length - 1)] ?? 0), online()])
    if (await isReachable()) break
  }
  count(-1)
}

/** Whether the server answers now. */
export function isReachable(): Promise<boolean> {
  return fetch('/api/health', { cache: 'no-store' }).then(
    (response) => response.ok,
    () => false,
  )
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

function online(): Promise<void> {
  return new Promise((resolve) => window.addEventListener('online', () => resolve(), { once: true }))
}
