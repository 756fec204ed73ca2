import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { fetchPart, useIsCutOff } from './part'

const reload = vi.fn()

beforeEach(() => {
  reload.mockReset()
  sessionStorage.clear()
  vi.stubGlobal('location', { ...window.location, reload })
})

const gone = () => new TypeError('Failed to fetch dynamically imported module')

it('waits for the connection, says so meanwhile, and then goes on', async () => {
  const { result } = renderHook(useIsCutOff)
  const server = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('offline'))
  const load = vi.fn().mockRejectedValueOnce(gone()).mockResolvedValue('the part')
  let waiting: Promise<string> = Promise.resolve('')
  await act(async () => {
    waiting = fetchPart<string>(load)
    await vi.waitFor(() => expect(server).toHaveBeenCalledTimes(1))
  })
  expect(result.current).toBe(true)
  server.mockResolvedValue(new Response())
  await act(async () => {
    window.dispatchEvent(new Event('online'))
    expect(await waiting).toBe('the part')
  })
  expect(result.current).toBe(false)
  expect(reload).not.toHaveBeenCalled()
})

it('loads the page again, once, where a newer version has taken the place of its files', async () => {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
  void fetchPart(() => Promise.reject(gone()))
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1))
  await expect(fetchPart(() => Promise.reject(gone()))).rejects.toThrow('dynamically imported')
  expect(reload).toHaveBeenCalledTimes(1)
})
