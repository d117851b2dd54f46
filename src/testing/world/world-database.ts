// The hub's PostgreSQL inside this process: the wasm build, reached through the real `pg` client over a wire of memory, so
// that the hub's SQL, its roles and its row-level security run unchanged. One connection, awaited: no two statements ever
// race. It must never be used outside of tests; a hub in service has a server of its own.
import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { PGlite } from '@electric-sql/pglite'
import { Client, type Pool, type PoolClient, type QueryConfig } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { hubWire } from '../../hub/postgres/types.ts'
import { hubDdl } from '../../sync/hub/schema.ts'

const APP_ROLE = 'holdfast_app'
/** AuthenticationOk and ReadyForQuery: there is nobody else to let in. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])
const SYNC = Buffer.from([0x53, 0, 0, 0, 4])
const QUERY = 0x51
const TERMINATE = 0x58

/** A server that is started again, or another one in its place, says so: here by a moment that moves instead of the real one. */
const SERVER_STARTS = `
  CREATE SCHEMA server;
  CREATE TABLE server.start (at numeric NOT NULL);
  INSERT INTO server.start VALUES (0);
  CREATE FUNCTION server.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT to_timestamp(at) FROM server.start';
  GRANT USAGE ON SCHEMA server TO ${APP_ROLE};
  GRANT SELECT ON server.start TO ${APP_ROLE};
  SET search_path = server, pg_catalog, public`

/** What `pg` takes for a socket. Whole messages go to the database at once, and its answer comes in the next turn. */
class Wire extends EventEmitter {
  readonly writable = true
  private readonly database: PGlite
  private waiting: Buffer[] = []
  private isGreeted = false

  constructor(database: PGlite) {
    super()
    this.database = database
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }

  write(bytes: Uint8Array): boolean {
    if (!this.isGreeted) {
      this.isGreeted = true
      this.answer(WELCOME)
      return true
    }
    this.waiting.push(Buffer.from(bytes))
    const message = this.waiting.length === 1 ? (this.waiting[0] as Buffer) : Buffer.concat(this.waiting)
    if (message[0] === TERMINATE) this.end()
    else if (message[0] === QUERY || message.subarray(-SYNC.length).equals(SYNC)) {
      this.waiting = []
      this.ask(message)
    }
    return true
  }

  /** The stream, because what answers in one piece reads the rows that it hands over, and nobody asked it to. */
  private ask(message: Buffer): void {
    const pieces: Buffer[] = []
    const onRawData = (piece: Uint8Array): void => void pieces.push(Buffer.from(piece))
    this.database.execProtocolRawStream(message, { syncToFs: false, onRawData }).then(
      () => this.emit('data', Buffer.concat(pieces)),
      (fault) => this.emit('error', fault),
    )
  }

  private answer(bytes: Buffer): void {
    queueMicrotask(() => this.emit('data', bytes))
  }

  end(): void {
    queueMicrotask(() => this.emit('close'))
  }

  destroy(): void {
    this.end()
  }
  // `pg` writes its messages between these two; they go on their way one by one.
  cork(): void {}
  uncork(): void {}
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
}

/** The connection breaks at the n-th statement from now: before it is done, or after, when nobody hears that it was. */
export interface Break {
  readonly atStatement: number
  readonly isDone: boolean
}

export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET'
}

export class WorldDatabase {
  private readonly client: Client
  private readonly tables: string[] = []
  private breaking: { left: number; readonly isDone: boolean; readonly broke: () => void } | null = null
  private isBroken = false
  private readonly names = new Map<string, string>()

  private constructor(client: Client) {
    this.client = client
  }

  static async open(catalogue: Catalogue): Promise<WorldDatabase> {
    const database = await PGlite.create()
    await database.exec(`CREATE ROLE ${APP_ROLE}; SET client_min_messages = warning`)
    await database.exec(hubDdl(catalogue, APP_ROLE))
    const wire = new Wire(database)
    const client = new Client({ ...hubWire, stream: () => wire as unknown as Duplex, user: 'postgres' })
    await client.connect()
    const world = new WorldDatabase(client)
    await world.prepare()
    return world
  }

  private async prepare(): Promise<void> {
    const found = await this.client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY 1",
    )
    for (const { name } of found.rows) this.tables.push(name)
    for (const schema of ['backup', 'founded', 'follower']) {
      await this.client.query(`CREATE SCHEMA ${schema}`)
      for (const name of this.tables)
        await this.client.query(`CREATE TABLE ${schema}."${name}" (LIKE public."${name}" INCLUDING INDEXES)`)
      for (const [from, to] of [
        ['public', schema],
        [schema, 'public'],
      ] as const)
        await this.client.query(this.copying(from, to))
    }
    await this.client.query(SERVER_STARTS)
    await this.client.query('SET plan_cache_mode = force_generic_plan')
    await this.client.query(`SET ROLE ${APP_ROLE}`)
  }

  /** As the hub sees it: a pool of one. */
  readonly pool = { connect: () => this.connect() } as unknown as Pool

  /** `broke` is told when it happened. */
  breakAt({ atStatement, isDone }: Break, broke: () => void): void {
    this.breaking = { left: atStatement, isDone, broke }
  }

  /** The request in which it should have happened is over. */
  mend(): void {
    this.breaking = null
  }

  private async connect(): Promise<PoolClient> {
    const query = async (given: string | QueryConfig, values?: unknown[]): Promise<unknown> => {
      const asked = this.prepared(given, values)
      if (this.isBroken) throw new ConnectionLost('The connection is lost.')
      const { breaking } = this
      if (breaking === null || --breaking.left > 0) return this.client.query(asked)
      // From this statement on, also for those that are sent while it is on its way.
      this.breaking = null
      this.isBroken = true
      breaking.broke()
      if (breaking.isDone) await this.client.query(asked)
      throw new ConnectionLost('The connection is lost.')
    }
    const release = (): void => undefined
    if (this.isBroken) {
      // The server ends what a lost connection had begun.
      await this.client.query('ROLLBACK')
      this.isBroken = false
    }
    return { query, release } as unknown as PoolClient
  }

  /**
   * Every statement with parameters is prepared once: planning it anew each time took two thirds of this world's time. Under names of this
   * world's own, because two releases of a hub give one name to two statements.
   */
  private prepared(given: string | QueryConfig, values: unknown[] | undefined): QueryConfig {
    const { text, values: own = values } = typeof given === 'string' ? { text: given } : given
    if (own === undefined) return { text }
    let known = this.names.get(text)
    if (known === undefined) this.names.set(text, (known = `w${this.names.size}`))
    return { text, name: known, values: own }
  }

  /** As the database's superuser: looks past tenants and roles. */
  async asOwner<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.isBroken) await this.client.query('ROLLBACK')
    this.isBroken = false
    await this.client.query('RESET ROLE')
    try {
      return await work(this.client)
    } finally {
      await this.client.query(`SET ROLE ${APP_ROLE}`)
    }
  }

  /** Forgets every tenant's life: rows of seeds that are over would only slow the next ones down. */
  clear(): Promise<unknown> {
    const names = this.tables.flatMap((name) => [`public."${name}"`, `backup."${name}"`, `follower."${name}"`])
    return this.asOwner((client) => client.query(`TRUNCATE ${names.join(', ')}`))
  }

  /** A tenant as it is now is how each of its lives begins. */
  keepFounded(tenant: string): Promise<void> {
    return this.copy(tenant, 'public', 'founded')
  }

  async begin(tenant: string): Promise<void> {
    await this.copy(tenant, 'founded', 'public')
    const founded = "(SELECT split_part(server, '/', 1)::numeric FROM tenant_clock WHERE tenant_id = $1)"
    await this.asOwner((client) => client.query(`UPDATE server.start SET at = ${founded}`, [tenant]))
  }

  /** Keeps one tenant as it is now, instead of what was kept before. */
  backUp(tenant: string): Promise<void> {
    return this.copy(tenant, 'public', 'backup')
  }

  async restore(tenant: string, now: number): Promise<void> {
    await this.copy(tenant, 'backup', 'public')
    await this.startServer(now)
  }

  copyAside(tenant: string): Promise<void> {
    return this.copy(tenant, 'public', 'follower')
  }

  async takeOver(tenant: string, now: number): Promise<void> {
    await this.copy(tenant, 'follower', 'public')
    await this.startServer(now)
  }

  private startServer(now: number): Promise<unknown> {
    return this.asOwner((client) => client.query('UPDATE server.start SET at = $1::numeric / 1000', [now]))
  }

  private copy(tenant: string, from: string, to: string): Promise<void> {
    return this.asOwner(
      async (client) =>
        void (await client.query({ name: `${from} to ${to}`, text: `SELECT ${from}_to_${to}($1)`, values: [tenant] })),
    )
  }

  /** A function, because it keeps its plans: they took most of the time of a copy. */
  private copying(from: string, to: string): string {
    const its = 'WHERE tenant_id = $1'
    const steps = this.tables.map(
      (name) =>
        `DELETE FROM ${to}."${name}" ${its}; INSERT INTO ${to}."${name}" SELECT * FROM ${from}."${name}" ${its};`,
    )
    return `CREATE FUNCTION ${from}_to_${to}(text) RETURNS void LANGUAGE plpgsql AS $copy$ BEGIN ${steps.join(' ')} END $copy$`
  }
}
