// Reads a value that came from outside as text: what is no text is no value, and never "[object Object]".

export const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise)
