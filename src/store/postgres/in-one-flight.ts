// Statements that don't need each other's answers go to the server together: it works through them while this process writes the
// next, and nobody waits for an answer a statement. It never lets one go on after the caller was told that another failed.

/**
 * The answers, when all have come; otherwise the fault of the first that failed, which the ones behind it in a transaction fail from.
 * Only then is the connection free for something else, a ROLLBACK too.
 */
export async function inOneFlight<const T extends readonly unknown[]>(
  statements: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const answers = await Promise.allSettled(statements)
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return answers.map((answer) => (answer as PromiseFulfilledResult<unknown>).value) as never
}
