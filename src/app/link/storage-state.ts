// How much room this origin uses, how much it may, and whether the browser promised to keep it. Asked from the page: a worker can't ask for
// persistence.

export interface StorageState {
  readonly usedBytes: number | null
  readonly quotaBytes: number | null
  readonly isPersisted: boolean
}

export async function storageState(): Promise<StorageState> {
  const [estimate, isPersisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()])
  return { usedBytes: estimate.usage ?? null, quotaBytes: estimate.quota ?? null, isPersisted }
}

/** Asks the browser to keep the data; it may say no without a question. */
export const askToPersist = (): Promise<boolean> => navigator.storage.persist()
