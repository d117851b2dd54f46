// The mark of the product: a held circle. Drawn, so that it follows the scheme's colours.
import type { ReactNode } from 'react'

export function BrandMark({ size = 26 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M10 7.5v17M22 7.5v17M10 16h12"
        stroke="var(--on-accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  )
}
