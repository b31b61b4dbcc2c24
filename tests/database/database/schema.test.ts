import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemSchema } from '../../../src/local/roles.ts';
import { baselineFile, makeBaseline } from '../../../src/local/schema/baseline.ts';
import { makeTypes, typesFile } from '../../../src/local/schema/types.ts';
import { readCatalogue } from '../../fixtures/catalogue.ts';
import { startDatabase, type TestDatabase } from '../../fixtures/stack.ts';

let migrated: TestDatabase;

beforeAll(async () => {
	migrated = await startDatabase();
});
afterAll(() => migrated.stop());

test('the baseline is what `npm run schema` makes of the schema files', () => {
	expect(readFileSync(baselineFile, 'utf8') === makeBaseline()).toBe(true);
});

test('the migrations and the schema files make the same database', async () => {
	const owner = await migrated.connect();
	const name = `${owner.database ?? ''}_schema`;
	const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	await owner.query(`create database ${name}`);
	try {
		await createSystemSchema(await migrated.connect(at(migrated.superuserUrl)));
		const made = await migrated.connect(at(migrated.url));
		await made.query(makeBaseline());
		expect(await readCatalogue(made)).toEqual(await readCatalogue(owner));
		await made.end();
	} finally {
		await (await migrated.connect(migrated.superuserUrl)).query(`drop database ${name} with (force)`);
	}
});

test('src/lib/database/types.ts is what `npm run schema` makes of the database', async () => {
	const types = await makeTypes(await migrated.connect());
	expect(readFileSync(typesFile, 'utf8') === types).toBe(true);
});
