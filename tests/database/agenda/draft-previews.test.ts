/* Previews of the draft by a secret link: what they never show, to whom they belong, and how they end. */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

interface Preview {
	role: string;
	sessions: { id: string; title: Record<string, string>; people: { display_name: string; role: string }[] }[];
}

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const hash = (token: string) => createHash('sha256').update(`${world.summit} ${token}`).digest('hex');
const call = async <T>(who: PersonKind | null, sql: string, values: unknown[]): Promise<T> =>
	(await actAs<{ answer: T }>(db.owner, who && world.people[who], `select ${sql} as answer`, values))[0]?.answer as T;
const make = (role: string, token: string, who: PersonKind | null = 'programme', days = 7) =>
	call<string>(who, 'public.make_draft_preview($1, $2, $3, $4, $5, $6)', [
		world.summit,
		'The board',
		role,
		'en',
		days,
		hash(token)
	]);
async function read(token: string): Promise<Preview | null> {
	const { rows } = await db.app.query<{ preview: Preview | null }>(
		`select private.read_draft_preview(decode($1, 'hex')) as preview`,
		[hash(token)]
	);
	return rows[0]?.preview ?? null;
}
const ids = (preview: Preview | null) => preview?.sessions.map(({ id }) => id).sort();

test('show a role what it would see, and never a closed session, an idea or one that became closed', async () => {
	const { sessions } = world;
	await make('public', 'one');
	await make('registered', 'two');
	expect(ids(await read('one'))).toContain(sessions.public.id);
	const registered = ids(await read('two')) ?? [];
	expect(registered).toContain(sessions.public.id);
	expect(registered).toContain(sessions.members.id);
	expect(registered).not.toContain(sessions.closed.id);
	expect(ids(await read('one'))).not.toContain(sessions.members.id);

	// Neither by the words of its title, wherever in the answer.
	expect(JSON.stringify(await read('two'))).not.toContain(sessions.closed.title);
	await db.owner.query(
		`update public.sessions set level = 'closed', audience = 'listed', is_recorded = false where id = $1`,
		[sessions.members.id]
	);
	expect(ids(await read('two'))).not.toContain(sessions.members.id);
	await db.owner.query(`update public.sessions set state = 'draft' where id = $1`, [sessions.public.id]);
	expect(ids(await read('two'))).not.toContain(sessions.public.id);
});

test('keep a session closed that is closed in the release, though the draft opens it', async () => {
	await make('registered', 'two');
	await db.owner.query(`update public.sessions set level = 'public', audience = 'registered' where id = $1`, [
		world.sessions.closed.id
	]);
	expect(ids(await read('two'))).not.toContain(world.sessions.closed.id);
});

test('name people as everybody sees them, without interpreters and those who declined', async () => {
	const { sessions, people } = world;
	await make('registered', 'two');
	const named = async () =>
		(await read('two'))?.sessions.find(({ id }) => id === sessions.public.id)?.people.map((one) => one.display_name);
	await db.owner.query(`delete from public.session_people where session_id = $1`, [sessions.public.id]);
	for (const [kind, role, state] of [
		['speaker', 'speaker', 'confirmed'],
		['delegate', 'interpreter', 'confirmed'],
		['stage', 'chair', 'declined']
	] as const)
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, $4, $5)`,
			[sessions.public.id, world.summit, people[kind].person, role, state]
		);
	const { rows } = await db.owner.query<{ display_name: string }>(
		`select display_name from public.people where id = $1`,
		[people.speaker.person]
	);
	expect(await named()).toEqual([rows[0]?.display_name]);
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [
		people.speaker.person
	]);
	await db.owner.query(`update public.people set display_name = 'Wren' where id = $1`, [people.speaker.person]);
	expect(await named()).toEqual(['Wren']);
});

test('end when they expire, are revoked, or were never made', async () => {
	await make('public', 'one');
	expect(await read('none')).toBeNull();
	expect(await read('one')).not.toBeNull();
	const [listed] = await call<{ id: string; reads: number }[]>('programme', 'public.list_draft_previews($1)', [
		world.summit
	]);
	expect(listed?.reads).toBe(1);
	await db.owner.query(`update private.draft_previews set expires_at = now() where id = $1`, [listed?.id]);
	expect(await read('one')).toBeNull();
	await db.owner.query(`update private.draft_previews set expires_at = now() + interval '1 day' where id = $1`, [
		listed?.id
	]);
	expect(await call('delegate', 'public.revoke_draft_preview($1)', [listed?.id])).toBe('not_allowed');
	expect(await read('one')).not.toBeNull();
	expect(await call('programme', 'public.revoke_draft_preview($1)', [listed?.id])).toBe('ok');
	expect(await read('one')).toBeNull();
	expect(await call('programme', 'public.list_draft_previews($1)', [world.summit])).toEqual([]);
});

test('are made by programme organisers, stored as hashes, and noted when they are opened', async () => {
	for (const who of ['delegate', 'speaker', 'stage'] as const)
		expect(await make('public', who, who)).toBe('not_allowed');
	expect(await make('closed', 'one')).toBe('invalid');
	expect(await make('public', 'one', 'programme', 61)).toBe('invalid');
	expect(await make('public', 'one')).toBe('ok');
	expect(await call('delegate', 'public.list_draft_previews($1)', [world.summit])).toEqual([]);
	await read('one');
	const { rows } = await db.owner.query<{ count: number }>(
		`select count(*)::integer from audit.entries where table_name = 'draft_preview.read' and summit_id = $1`,
		[world.summit]
	);
	expect(rows[0]?.count).toBe(1);
	for (const role of ['anon', 'authenticated', 'data_path']) {
		const { rows: may } = await db.owner.query<{ may: boolean }>(
			`select has_function_privilege($1, 'private.read_draft_preview(bytea)', 'execute') as may`,
			[role]
		);
		expect(may).toEqual([{ may: false }]);
	}
});
