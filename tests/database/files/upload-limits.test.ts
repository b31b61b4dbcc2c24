/* How much uploads may take: a session, a person within a day, a Summit. Also when they arrive at once. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, connectMany } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { putObject, upload, type Answer } from '../../fixtures/uploading.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
const mb = 1_000_000;
let world: World;
let session: string;
let speaker: TestPerson;
let programme: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public.id;
	({ speaker, programme } = world.people);
});

/** Puts an object of so many MB into the store, and makes it a file. */
const put = (megabytes: number) => putObject(db.owner, 'clean', 'application/pdf', megabytes * mb);
const send = async (who: TestPerson, megabytes: number, of = session) =>
	upload(db.owner, who, { session: of, object: await put(megabytes) });
const limit = (limits: { session?: number; person?: number; summit?: number }) =>
	callAs<string>(db.owner, programme, 'public.save_file_settings($1, null, 50, 20, $2, $3, $4)', [
		world.summit,
		limits.session ?? null,
		limits.person ?? null,
		limits.summit ?? null
	]);
const begin = (who: TestPerson) => callAs<Answer>(db.owner, who, `public.begin_session_file($1, 'slides')`, [session]);

test('a session holds its limit to the byte, with all versions, and room comes back with what is removed', async () => {
	await limit({ session: 100 });
	const first = await send(speaker, 60);
	const second = await send(speaker, 40);
	expect([first.status, second.status]).toEqual(['ok', 'ok']);
	const full = { status: 'session_full', bytes: 100 * mb };
	expect(await upload(db.owner, speaker, { session, object: await putObject(db.owner) })).toEqual(full);
	// Before anything is sent.
	expect(await begin(speaker)).toEqual(full);
	expect(await callAs(db.owner, speaker, 'public.withdraw_file_version($1)', [second.version])).toBe('ok');
	expect(await begin(speaker)).toEqual(full);
	expect(await callAs(db.owner, speaker, 'public.remove_session_file($1)', [second.file])).toBe('ok');
	expect((await begin(speaker)).status).toBe('ok');
	expect((await send(speaker, 41)).status).toBe('session_full');
	expect((await send(speaker, 40)).status).toBe('ok');
});

test('an object that was refused becomes no file, and is deleted', async () => {
	await limit({ session: 100 });
	const object = await putObject(db.owner, 'clean', 'application/pdf', 101 * mb);
	expect((await upload(db.owner, speaker, { session, object })).status).toBe('session_full');
	await db.app.query('select private.abandon_object($1)', [object]);
	const { rows } = await db.owner.query(`select state from private.stored_objects where name = $1`, [object]);
	expect(rows).toEqual([{ state: 'deletable' }]);
});

test('a person is counted over all sessions, within a day, and nobody else for them', async () => {
	await limit({ person: 100 });
	expect((await send(programme, 100)).status).toBe('ok');
	const other = world.sessions.members.id;
	expect(await send(programme, 1, other)).toEqual({ status: 'person_full', bytes: 100 * mb });
	expect((await send(speaker, 100)).status).toBe('ok');
	await db.owner.query(`update private.file_versions set uploaded_at = now() - interval '25 hours'`);
	expect((await send(programme, 1, other)).status).toBe('ok');
});

test('a Summit has a limit of its own, apart from other Summits', async () => {
	await limit({ summit: 1, session: 100_000, person: 100_000 });
	for (let n = 0; n < 10; n++) expect((await send(speaker, 100)).status).toBe('ok');
	expect(await send(programme, 1, world.sessions.members.id)).toEqual({ status: 'summit_full', bytes: 1000 * mb });
	const elsewhere = await makeWorld(db.owner);
	expect((await send(elsewhere.people.speaker, 100, elsewhere.sessions.public.id)).status).toBe('ok');
});

test.each([
	['a session, by two people', { session: 100 }, 'session_full'],
	['a person, in two sessions', { person: 100 }, 'person_full'],
	['a Summit, by two people in two sessions', { summit: 1, session: 100_000, person: 100_000 }, 'summit_full']
])('uploads at once never pass the limit of %s', async (_, limits, refusal) => {
	await limit(limits);
	const filled = 'summit' in limits ? 900 : 0;
	for (let n = 0; n < filled; n += 100) expect((await send(speaker, 100)).status).toBe('ok');
	const clients = await connectMany(db, 6);
	const objects: string[] = [];
	for (let n = 0; n < 6; n++) objects.push(await put(30));
	const answers = await Promise.all(
		clients.map((client, n) => {
			const who = refusal === 'person_full' || n % 2 === 1 ? programme : speaker;
			const of = refusal !== 'session_full' && n % 2 === 1 ? world.sessions.members.id : session;
			return upload(db.owner, who, { session: of, object: objects[n] ?? '' }, client);
		})
	);
	expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'ok', 'ok', refusal, refusal, refusal]);
});

test('organisers of the programme set the limits; the rest stays as it is', async () => {
	const limits = async () =>
		(
			await db.owner.query(`select session_mb, person_mb, summit_gb from private.file_settings where summit_id = $1`, [
				world.summit
			])
		).rows[0];
	expect(await limit({ person: 5000 })).toBe('ok');
	expect(await limits()).toEqual({ session_mb: 2000, person_mb: 5000, summit_gb: 50 });
	expect(await limit({ session: 300 })).toBe('ok');
	expect(await limits()).toEqual({ session_mb: 300, person_mb: 5000, summit_gb: 50 });
	for (const wrong of [{ session: 99 }, { person: 0 }, { summit: 10_001 }, { session: -1 }])
		expect(await limit(wrong)).toBe('invalid');
	const asSpeaker = callAs<string>(db.owner, speaker, 'public.save_file_settings($1, null, 50, 20, 300, 300, 3)', [
		world.summit
	]);
	expect(await asSpeaker).toBe('not_allowed');
});
