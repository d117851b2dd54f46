// The enrolment code as people type it: ten letters and digits, with or without the dash, in any case.

/** The code as the hub takes it: upper case, without dashes and spaces. */
export const codeText = (typed: string): string => typed.toUpperCase().replaceAll(/[\s\-–—]/g, '')

export const isCode = (typed: string): boolean => /^[0-9A-Z]{10}$/.test(codeText(typed))
