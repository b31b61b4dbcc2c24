import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSystemSchema } from '../../../src/local/roles.ts';
import { baselineFile, isReleased, makeBaseline } from '../../../src/local/schema/baseline.ts';
import { makeTypes, typesFile } from '../../../src/local/schema/types.ts';
import { readObjectsAndRows } from '../../../src/local/database-objects.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

test.skipIf(isReleased())('the baseline is the output of `npm run schema`', () => {
	expect(readFileSync(baselineFile, 'utf8') === makeBaseline()).toBe(true);
});

test('the migrations and the schema files make the same database', async () => {
	const owner = await db.connect();
	// The template of the tests sets it.
	await owner.query('delete from private.sign_in_policy');
	const name = `${owner.database ?? ''}_schema`;
	const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	await owner.query(`create database ${name}`);
	try {
		await createSystemSchema(await db.connect(at(db.superuserUrl)));
		const made = await db.connect(at(db.url));
		await made.query(makeBaseline());
		expect(await readObjectsAndRows(made)).toEqual(await readObjectsAndRows(owner));
		await made.end();
	} finally {
		await (await db.connect(db.superuserUrl)).query(`drop database ${name} with (force)`);
	}
});

test('a domain that lists texts becomes a union of them', async () => {
	const owner = await db.connect();
	await owner.query('begin');
	try {
		await owner.query(`
			create domain public.test_status as text check (value in ('ok', 'gone'));
			create function public.test_act() returns public.test_status language sql as $$ select 'ok' $$;
			grant execute on function public.test_act() to anon;
			create domain private.test_status as text check (value = 'ok');
			create function private.test_act() returns private.test_status language sql as $$ select 'ok' $$;
			grant execute on function private.test_act() to app_server;`);
		const lines = (await makeTypes(owner)).split('\n').filter((line) => /\btest_/.test(line));
		expect(lines.map((line) => line.trim())).toEqual([
			'test_act: {',
			"test_act: Database['private']['Domains']['test_status'] | null;",
			"Returns: Database['private']['Domains']['test_status'];",
			"test_status: 'ok';",
			"test_act: { Args: never; Returns: Database['public']['Domains']['test_status'] };",
			"test_status: 'ok' | 'gone';",
			"test_status: ['ok', 'gone'],",
			"test_status: ['ok']"
		]);
	} finally {
		await owner.query('rollback');
	}
});

test('src/lib/database/types.ts is the output of `npm run schema`', async () => {
	const types = await makeTypes(await db.connect());
	expect(readFileSync(typesFile, 'utf8') === types).toBe(true);
});
