// A link that looks like a button: for going somewhere, where a button would do something.
import { Button, type ButtonVariant } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

export interface LinkButtonProps {
  readonly href: string
  readonly children: ReactNode
  readonly variant?: ButtonVariant
  readonly icon?: ReactNode
}

export function LinkButton({ href, children, variant = 'default', icon }: LinkButtonProps): ReactNode {
  return (
    <Button component={Link} href={href} variant={variant} leftSection={icon}>
      {children}
    </Button>
  )
}
