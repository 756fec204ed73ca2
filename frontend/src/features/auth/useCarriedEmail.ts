import { type ChangeEvent, useState } from 'react'
import { useLocation } from 'react-router'

/** An address that was typed on one of the pages before the log-in is there on the next one. */
export function useCarriedEmail() {
  const { state } = useLocation()
  const [email, setEmail] = useState<string>(state?.email ?? '')
  return {
    field: {
      defaultValue: state?.email ?? '',
      onChange: (event: ChangeEvent<HTMLInputElement>) => setEmail(event.target.value),
    },
    /** What a link to another of these pages takes along. */
    state: { ...state, email: email.trim() },
  }
}
