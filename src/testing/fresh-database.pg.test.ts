// Two fresh databases know nothing of each other, and a dropped one is gone.

import { expect, test } from 'vitest'
import { withClient } from '../hub/postgres/open-database.ts'
import { freshDatabase } from './fresh-database.ts'

test('each is empty, separate and quick, and drop() removes it with its open connections', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  await withClient(one.owner, (client) => client.query('CREATE TABLE only_here (id int)'))
  await withClient(two.app, async (client) => {
    expect((await client.query(`SELECT to_regclass('only_here') AS found`)).rows).toEqual([{ found: null }])
    await two.drop()
  })
  await one.drop()
  await expect(withClient(two.owner, (client) => client.query('SELECT 1'))).rejects.toMatchObject({ code: '3D000' })
})
