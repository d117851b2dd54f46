// The kit's variables of our theme as one style sheet, made by the build. The policy allows no style element at run time, and of the kit's
// fourteen palettes only ours are written.
import { DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import { palettes, theme } from './theme.ts'

type Variables = Record<string, string>

const isOurs = (name: string): boolean => {
  const colour = /^--mantine-color-([a-z]+)-/.exec(name)?.[1]
  return colour === undefined || !(colour in DEFAULT_THEME.colors) || (palettes as readonly string[]).includes(colour)
}

function block(selector: string, variables: Variables): string {
  const lines = Object.entries(variables).filter(([name]) => isOurs(name))
  return `${selector} {\n${lines.map(([name, value]) => `  ${name}: ${value};`).join('\n')}\n}\n`
}

/** The style sheet's text. */
export function themeCss(): string {
  const { variables, light, dark } = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme))
  return [
    block(':root', variables),
    block(":root[data-mantine-color-scheme='light']", { '--mantine-color-scheme': 'light', ...light }),
    block(":root[data-mantine-color-scheme='dark']", { '--mantine-color-scheme': 'dark', ...dark }),
  ].join('\n')
}
