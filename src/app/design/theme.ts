// The look of "calm ledger" for the kit: slate neutrals, one teal accent, tones that pass AA, and defaults that work under our content
// security policy. The kit's variables are written to a style sheet at build (theme-css.ts): no style element is ever made at run time.
import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const teal: MantineColorsTuple = [
  '#f0fdfa',
  '#ccfbf1',
  '#99f6e4',
  '#5eead4',
  '#2dd4bf',
  '#14b8a6',
  '#0d9488',
  '#0f766e',
  '#115e59',
  '#134e4a',
]
const slate: MantineColorsTuple = [
  '#f8fafc',
  '#f1f5f9',
  '#e2e8f0',
  '#cbd5e1',
  '#94a3b8',
  '#64748b',
  '#475569',
  '#334155',
  '#1e293b',
  '#0f172a',
]
const night: MantineColorsTuple = [
  '#e6edf6',
  '#c3cedd',
  '#a3b2c8',
  '#8494ac',
  '#33456a',
  '#22304a',
  '#111a2b',
  '#0b1220',
  '#080e19',
  '#050a12',
]
const red: MantineColorsTuple = [
  '#fef2f2',
  '#fee2e2',
  '#fecaca',
  '#fca5a5',
  '#f87171',
  '#ef4444',
  '#dc2626',
  '#b91c1c',
  '#991b1b',
  '#7f1d1d',
]
const amber: MantineColorsTuple = [
  '#fffbeb',
  '#fef3c7',
  '#fde68a',
  '#fcd34d',
  '#fbbf24',
  '#f59e0b',
  '#d97706',
  '#b45309',
  '#92400e',
  '#78350f',
]

/** The palettes that get variables; the kit's other colours are left out of the style sheet. */
export const palettes = ['teal', 'gray', 'dark', 'red', 'yellow'] as const

/** Filled controls by our tokens: the kit's own contrast knows one shade only, and ours differ between light and dark. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input)
  const tone = { teal: 'accent', red: 'grave' }[String(input.color ?? 'teal')]
  if (tone === 'accent' && (input.variant === 'subtle' || input.variant === 'light')) {
    const background = input.variant === 'light' ? 'var(--accent-soft)' : 'transparent'
    return { ...usual, background, hover: 'var(--accent-soft)', color: 'var(--accent)' }
  }
  if (input.variant !== 'filled' || tone === undefined) return usual
  return { ...usual, background: `var(--${tone})`, hover: `var(--${tone}-hover)`, color: `var(--on-${tone})` }
}

const noScrollLock = { lockScroll: false } // locking injects a style element, which the policy forbids

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  respectReducedMotion: true,
  variantColorResolver,
  cursorType: 'pointer',
  colors: { teal, gray: slate, dark: night, red, yellow: amber },
  black: '#0f172a',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  headings: { fontWeight: '600' },
  components: {
    Modal: { defaultProps: { ...noScrollLock, centered: true, radius: 'lg', transitionProps: { duration: 140 } } },
    // Outside of the page's own landmarks the kit's header element would be a second banner.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Drawer: { defaultProps: { ...noScrollLock, transitionProps: { duration: 140 } } },
    Menu: { defaultProps: { transitionProps: { duration: 120 }, radius: 'lg' } },
    Popover: { defaultProps: { transitionProps: { duration: 120 }, radius: 'lg' } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } },
  },
})
