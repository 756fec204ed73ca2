import './index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { speak } from '@/lib/i18n'
import { applyTheme } from '@/lib/theme'
import { Boot } from './Boot'

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme)

// The chat is what most people come for: fetch it while the configuration and the session are read. What fails here is
// fetched again when it is shown.
const ignored = () => undefined
if (/^\/(c\/|$)/.test(location.pathname)) import('@/features/chat/ChatPage').catch(ignored)
if (location.pathname.startsWith('/c/')) import('@/features/chat/Thread').catch(ignored)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
const draw = () =>
  createRoot(root).render(
    <StrictMode>
      <Boot />
    </StrictMode>,
  )
const otherLanguage = speak()
if (otherLanguage) void otherLanguage.then(draw)
else draw()
