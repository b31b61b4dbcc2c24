/* Each function that is open to a browser's key has a reason: the app calls it, or it is public API. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCatalogue } from '../../../src/local/schema/catalogue.ts';
import { useDatabase } from '../../fixtures/database.ts';

// Functions that the app does not call, and the reason why they are open.
const publicApi: Record<string, string> = {
	can_see: 'row policies call it with the rights of the reader',
	can_enter: 'whether the reader may enter a session, for other clients',
	count_my_session_files: 'tells a client how many files it may still add',
	recording_alarms: 'for the monitoring of those who run the stages'
};

// Functions whose answer is a text of another kind. All others that answer a text answer a status, which is a domain.
const texts = [
	'agenda_cache_key',
	'current_summit',
	'ingress_livekit_room',
	'list_livekit_rooms',
	'missing_objects',
	'object_of_commitment_file',
	'object_of_library_file',
	'object_of_meeting_paper',
	'object_of_page_file',
	'object_of_portrait',
	'object_of_recording',
	'object_of_recording_copy',
	'object_of_recording_language',
	'object_of_version',
	'object_to_scan',
	'objects_to_erase',
	'random_code',
	'rendered_slide',
	'reported_message_text',
	'revoke_stale_ingresses',
	'set_survey_keys',
	'slide_object',
	'unknown_objects'
];

const db = useDatabase();

test('a function that answers a status answers a domain, which lists its statuses', async () => {
	const { procedures } = await readCatalogue(await db.connect());
	const plain = procedures.filter(({ type }) => type.schema === 'pg_catalog' && type.name === 'text');
	expect(plain.map(({ name }) => name).sort()).toEqual(texts);
});

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
