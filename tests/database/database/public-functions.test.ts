/* Each function that is open to a browser's key has a reason: the app calls it, or it is public API. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCatalogue } from '../../../src/local/schema/catalogue.ts';
import { useDatabase } from '../../fixtures/database.ts';

// Functions that the app does not call, and the reason why they are open.
const publicApi: Record<string, string> = {
	can_see: 'row policies call it with the rights of the reader',
	can_enter: 'whether the reader may enter a session, for other clients',
	request_merge: 'merging two people has no page yet',
	confirm_merge: 'merging two people has no page yet',
	refuse_merge: 'merging two people has no page yet',
	count_my_session_files: 'tells a client how many files it may still add',
	recording_alarms: 'for the monitoring of those who run the stages'
};

const db = useDatabase();

test('the app calls every function granted to anon or authenticated, or it is listed as public API', async () => {
	const { procedures } = await readCatalogue(await db.connect());
	const names = new Set(procedures.filter(({ schema }) => schema === 'public').map(({ name }) => name));
	const code = globSync('src/**/*.ts', { exclude: ['src/lib/database/types.ts', 'src/local/**', 'src/**/*.test.ts'] })
		.map((file) => readFileSync(file, 'utf8'))
		.join('\n');
	const called = new Set([...code.matchAll(/'([a-z][a-z0-9_]*)'/g)].map(([, name]) => name));
	const uncalled = [...names].filter((name) => !called.has(name));
	expect(uncalled.sort()).toEqual(Object.keys(publicApi).sort());
});
