/* Live event streams end with the session that opened them, and one holder may open a limited number. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { env } from '$env/dynamic/private';
import { signInByAddress, signOut } from '../../../src/lib/accounts/server/auth.ts';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { claimsOf, tokenOf } from '../../../src/lib/database/server/supabase.ts';
import { beginDrain, isDraining } from '../../../src/lib/live/server/drain.ts';
import { closeListener, eventListener } from '../../../src/lib/live/server/listener.ts';
import {
	closeStreams,
	endExpiredStreams,
	canOpenStream,
	eventStream,
	openStreams
} from '../../../src/lib/live/server/stream.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;

beforeAll(async () => {
	lite = await startLite(db);
	env['SUPABASE_URL'] = lite.url;
	env['SUPABASE_PUBLISHABLE_KEY'] = lite.publishableKey;
	env['SUPABASE_SECRET_KEY'] = lite.secretKey;
	process.env['APP_DATABASE_URL'] = db.appUrl;
	process.env['SEALING_KEY'] = `test:${randomBytes(32).toString('base64')}`;
	await vi.waitFor(() => expect(eventListener()?.connected()).toBe(true));
});
afterEach(() => closeStreams());
afterAll(async () => {
	await closeListener();
	await closePool();
	await lite.stop();
});

const topic = `summit:${randomUUID()}`;

async function device(address: string) {
	const held = new Map<string, string>();
	const cookies = {
		getAll: () => [...held].map(([name, value]) => ({ name, value })),
		set: (name: string, value: string) => void (value === '' ? held.delete(name) : held.set(name, value)),
		delete: (name: string) => void held.delete(name)
	} as unknown as RequestEvent['cookies'];
	const event = {
		cookies,
		url: new URL('http://localhost/'),
		request: new Request('http://localhost/'),
		locals: {}
	} as unknown as RequestEvent;
	await signInByAddress(event, address);
	event.locals.token = tokenOf(cookies);
	return { event, holder: { address: '192.0.2.1', ...claimsOf(event.locals.token) } };
}

/** Opens a stream; resolves when the server has ended it. */
function listening(holder: Parameters<typeof canOpenStream>[0]): { ended: Promise<void>; leave: () => Promise<void> } {
	const reader = eventStream([topic], null, holder)?.body?.getReader();
	if (!reader) throw new Error('refused');
	const ended = (async () => {
		while (!(await reader.read()).done);
	})();
	return { ended, leave: () => reader.cancel() };
}

test('signing out ends the streams of that session only', async () => {
	const [one, two] = [await device('one@example.org'), await device('one@example.org')];
	const [first, second] = [listening(one.holder), listening(one.holder)];
	listening(two.holder);
	listening({ address: '192.0.2.1', account: null, session: null });
	await signOut(one.event);
	await Promise.all([first.ended, second.ended]);
	expect(openStreams()).toBe(2);
});

test('signing out everywhere ends the streams of every session of the account', async () => {
	const [one, two, other] = [
		await device('all@example.org'),
		await device('all@example.org'),
		await device('other@example.org')
	];
	const streams = [listening(one.holder), listening(two.holder)];
	listening(other.holder);
	await signOut(two.event, 'global');
	await Promise.all(streams.map(({ ended }) => ended));
	expect(openStreams()).toBe(1);
});

test('ending one session from another device ends its streams, and another account cannot', async () => {
	const [here, lost, other] = [
		await device('here@example.org'),
		await device('here@example.org'),
		await device('else@example.org')
	];
	const stream = listening(lost.holder);
	listening(here.holder);
	const end = (by: typeof here) => by.event.locals.supabase.rpc('end_auth_session', { session: lost.holder.session });
	expect((await end(other)).data).toBe('unknown');
	expect(openStreams()).toBe(2);
	expect((await end(here)).data).toBe('ok');
	await stream.ended;
	expect(openStreams()).toBe(1);
});

test('the periodic check finds a barred account and a session that Auth ended', async () => {
	const [barred, ended, alive] = [
		await device('bar@example.org'),
		await device('gone@example.org'),
		await device('alive@example.org')
	];
	const streams = [listening(barred.holder), listening(ended.holder)];
	listening(alive.holder);
	await endExpiredStreams();
	expect(openStreams()).toBe(3);
	await db.owner.query(`update auth.users set banned_until = now() + interval '1 day' where id = $1`, [
		barred.holder.account
	]);
	await db.owner.query(`delete from auth.sessions where id = $1`, [ended.holder.session]);
	await endExpiredStreams();
	await Promise.all(streams.map((stream) => stream.ended));
	expect(openStreams()).toBe(1);
});

test('a process that was told to end lets its streams go one after the other, new ones too, with a hint when to come back', async () => {
	let stillOpen: number | undefined;
	const read = async (stream: Response | null) => {
		const text = await new Response(stream?.body).text();
		stillOpen ??= openStreams();
		return text;
	};
	const nobody = { address: '192.0.2.7', account: null, session: null };
	const open = Array.from({ length: 12 }, () => read(eventStream([topic], null, nobody)));
	beginDrain(4000);
	try {
		expect([isDraining(), openStreams()]).toEqual([true, 12]);
		const texts = await Promise.all([...open, read(eventStream([topic], null, nobody))]);
		for (const text of texts) expect(text).toMatch(/retry: \d{3,4}\n\n$/);
		expect(stillOpen).toBeGreaterThan(0);
		expect(openStreams()).toBe(0);
	} finally {
		delete (globalThis as Record<symbol, unknown>)[Symbol.for('global-summit.drain')];
	}
});

test('one account opens forty streams over all its sessions, and a closed one becomes free again', async () => {
	const [one, two] = [await device('many@example.org'), await device('many@example.org')];
	const streams = Array.from({ length: 40 }, (_, n) => listening(n % 2 ? one.holder : two.holder));
	expect([canOpenStream(one.holder), eventStream([topic], null, two.holder)]).toEqual([false, null]);
	expect(canOpenStream((await device('few@example.org')).holder)).toBe(true);
	await streams[0]?.leave();
	expect(canOpenStream(one.holder)).toBe(true);
});

test('deletes codes that expired a day ago, and still counts younger ones', async () => {
	await db.owner.query(
		`insert into private.sign_in_challenges (address_hash, code_hash, expires_at)
		select sha256($1), sha256('x'), now() - hours * interval '1 hour' from unnest(array[-1, 1, 23, 25, 200]) as hours`,
		[randomBytes(8)]
	);
	const app = await db.connect(db.appUrl);
	expect((await app.query('select private.delete_expired_challenges() as gone')).rows).toEqual([{ gone: 2 }]);
	expect((await db.owner.query('select count(*)::int as left from private.sign_in_challenges')).rows).toEqual([
		{ left: 3 }
	]);
	expect((await app.query('select private.delete_expired_challenges() as gone')).rows).toEqual([{ gone: 0 }]);
});
