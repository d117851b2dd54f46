// Newline-delimited JSON as it travels: whole lines only. An answer that was cut in a line is no answer.

/** Every line parsed; null when a line is cut or is no JSON. */
export function parseLines<T>(text: string): T[] | null {
  if (!text.endsWith('\n')) return null
  try {
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line) as T)
  } catch {
    return null
  }
}

export const toLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')
