// A rough guess at how hard a passphrase is to guess, to help a person choose a better one. It only hints: the length is what is required,
// and nothing here is a promise of entropy.

export type Strength = 'weak' | 'fair' | 'good' | 'strong'

/** Argon2id makes a guess slow, not a short secret long. */
export const passphraseLengthMin = 10

const bitsOfWord = 12.9
const usual = [
  'password',
  'passwort',
  'passphrase',
  'qwert',
  'letmein',
  'welcome',
  'holdfast',
  'admin',
  'iloveyou',
  '12345',
  'abc',
]

/** Bits as a cautious attacker would count them: words cheaper than letters, repeats and usual beginnings for nothing. */
export function guessBits(passphrase: string): number {
  let text = passphrase.normalize('NFKC').toLocaleLowerCase()
  for (const word of usual) text = text.replaceAll(word, '*')
  // A repeat or a step along the keyboard (aaa, 123) adds next to nothing.
  const telling = Array.from(text).filter((character, at, all) => {
    const step = character.codePointAt(0)! - (all[at - 1]?.codePointAt(0) ?? -9)
    return Math.abs(step) > 1
  })
  const words = text.split(/[\s\-_.,]+/).filter((word) => word.length > 2)
  const distinct = new Set(telling).size
  const byLetters = telling.length * Math.log2(Math.max(2, Math.min(40, distinct * 2.2)))
  // Text made of words is guessed by words, from a list of some 7 800; what people make up letter by letter is worth less than chance.
  return words.length > 1 ? Math.min(byLetters, new Set(words).size * bitsOfWord) : byLetters * 0.75
}

export function strengthOf(passphrase: string): Strength {
  if (passphrase.length < passphraseLengthMin) return 'weak'
  const bits = guessBits(passphrase)
  return bits < 32 ? 'weak' : bits < 44 ? 'fair' : bits < 58 ? 'good' : 'strong'
}
