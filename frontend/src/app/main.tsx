import './index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { applyTheme } from '@/lib/theme'
import { Boot } from './Boot'

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme)

// The chat is what most people come for: fetch it while the configuration and the session are read.
if (/^\/(c\/|$)/.test(location.pathname)) void import('@/features/chat/ChatPage')
if (location.pathname.startsWith('/c/')) void import('@/features/chat/Thread')

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Boot />
  </StrictMode>,
)
