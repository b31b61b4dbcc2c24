import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';

let db: TestDatabase;
let app: pg.Client;

beforeAll(async () => {
	db = await startDatabase();
	app = await db.connect(db.appUrl);
});
afterAll(() => db.stop());

async function invite(hash: Buffer, name: string): Promise<string | null> {
	const values = [hash, randomBytes(40), 'key', name, null];
	const { rows } = await app.query<{ person: string | null }>(
		'select private.person_to_invite($1, $2, $3, $4, $5) as person',
		values
	);
	return rows[0]?.person ?? null;
}

it('finds or makes the person of an address, and never leads from an address to another name', async () => {
	const owner = await db.connect();
	const [open, sealed] = [randomBytes(32), randomBytes(32)];
	const person = await invite(open, 'Amani Tester');
	expect(person).not.toBeNull();
	expect(await invite(open, 'Another Spelling')).toBe(person);
	const hidden = await invite(sealed, 'Wren');
	await owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'key')`,
		[hidden]
	);
	expect(await invite(sealed, 'Real Name')).toBeNull();
	const names = await owner.query<{ display_name: string }>('select display_name from public.people order by 1');
	expect(names.rows.map(({ display_name }) => display_name)).toEqual(['Amani Tester', 'Wren']);
});
