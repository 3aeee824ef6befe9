import { useMutation, type UseMutationOptions } from '@tanstack/react-query'
import { useRef } from 'react'

/** A change that is sent once, however fast its button is pressed again: while one is on its way, further presses are dropped. */
export function useOnce<Data, Variables = void>(options: Omit<UseMutationOptions<Data, Error, Variables>, 'onSettled'>) {
  const running = useRef(false)
  const mutation = useMutation({ ...options, onSettled: () => { running.current = false } })
  return {
    ...mutation,
    mutate(variables: Variables): void {
      if (running.current) return
      running.current = true
      mutation.mutate(variables)
    },
  }
}
