/* What counts as an act of the holder of a strong role, and what a page asks for by itself. */
import type { RequestEvent } from '@sveltejs/kit';
import { beforeAll, expect, test } from 'vitest';
import { noteAct } from '../../../src/lib/accounts/server/acts.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { addPasskey, ageSession, signedIn, type SignedIn } from '../../fixtures/passkeys.ts';
import { readValue } from '../../fixtures/registering.ts';

const db = useDatabase();

beforeAll(() => {
	Object.assign(process.env, { APP_DATABASE_URL: db.appUrl });
});

/** A request; `isData` for what a page loads by its script. */
function requestOf({ session }: SignedIn, path: string, isData = false): RequestEvent {
	const claims = Buffer.from(JSON.stringify({ session_id: session })).toString('base64url');
	return {
		locals: {
			viewer: { hasPasskey: true, roles: [{ role: 'safeguarding', summitId: null }] },
			token: `e30.${claims}.x`
		},
		route: { id: path.startsWith('/api') ? path : '/(organiser)/x' },
		url: new URL(path, 'https://summit.example.org'),
		isDataRequest: isData
	} as unknown as RequestEvent;
}

test('an act is recorded once a minute; streams and reloads by a page’s script are none', async () => {
	const who = await signedIn(db, 'Ada');
	await addPasskey(db.app, who);
	const idleMinutes = () =>
		readValue<number>(
			db.owner,
			`select (extract(epoch from now() - acted_at) / 60)::integer from private.session_assurances where session_id = $1`,
			[who.session]
		);
	const start = Date.now();
	const isRecorded = async (path: string, afterMinutes: number, isData = false) => {
		await ageSession(db, who, { confirmed: '1 hour', acted: '20 minutes' });
		noteAct(requestOf(who, path, isData), start + afterMinutes * 60_000);
		// It is written behind the request.
		await new Promise((done) => setTimeout(done, 200));
		return (await idleMinutes()) === 0;
	};
	expect([
		await isRecorded('/2027/organise/today', 0),
		await isRecorded('/2027/organise/roles', 0.5),
		await isRecorded('/2027/organise/today', 2, true),
		await isRecorded('/api/events', 3),
		await isRecorded('/2027/organise/audit', 4, true),
		await isRecorded('/2027/organise/audit', 6)
	]).toEqual([true, false, false, false, true, true]);
});
