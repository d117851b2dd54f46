// What the database's start needs of a log: the hub's pino logger fits. It is handed no password and no row.

export type HubLog = {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
}
