/* The views for integrators, over the real REST API: what each reader finds, and that nobody can write through them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let lite: TestLite;
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	lite = await startLite(db);
});
afterAll(async () => {
	await lite.stop();
});

const views = ['agenda_sessions_v1', 'agenda_slots_v1', 'agenda_people_v1'] as const;

async function reader(kind: PersonKind | null) {
	if (kind === null) return lite.signedOut();
	const { client: signedIn, userId } = await lite.signIn(`${world.people[kind].account}@example.org`);
	expect(userId).toBe(world.people[kind].account);
	return signedIn;
}

test('each reader finds the sessions, times and people that they may see, and counts nothing else', async () => {
	const codes = Object.fromEntries(Object.entries(world.sessions).map(([level, { code }]) => [code, level]));
	const expected: Record<string, string[]> = {
		visitor: ['public'],
		newcomer: ['public'],
		waiting: ['public'],
		delegate: ['chatham_house', 'members', 'public'],
		listed: ['chatham_house', 'closed', 'members', 'public'],
		speaker: ['chatham_house', 'closed', 'members', 'public'],
		owner: ['chatham_house', 'members', 'public'],
		programme: ['chatham_house', 'closed', 'members', 'public'],
		finance: ['public']
	};
	for (const [who, levels] of Object.entries(expected)) {
		const rest = await reader(who === 'visitor' ? null : (who as PersonKind));
		const sessions = await rest
			.from('agenda_sessions_v1')
			.select('code, level', { count: 'exact' })
			.eq('summit', world.slug);
		expect([who, (sessions.data ?? []).map(({ level }) => String(level)).sort(), sessions.count]).toEqual([
			who,
			levels,
			levels.length
		]);
		const slots = await rest.from('agenda_slots_v1').select('session, event, sequence').eq('summit', world.slug);
		expect([who, (slots.data ?? []).map(({ session }) => codes[String(session)]).sort()]).toEqual([who, levels]);
		const people = await rest.from('agenda_people_v1').select('session, display_name').eq('summit', world.slug);
		const named = levels.filter((level) => level === 'public' || level === 'closed').sort();
		expect([who, (people.data ?? []).map(({ session }) => codes[String(session)]).sort()]).toEqual([who, named]);
	}
});

test('the documented columns exist, and an event has the same identifier as in calendars', async () => {
	const rest = lite.signedOut();
	const row = async (view: (typeof views)[number]) =>
		(await rest.from(view).select('*').eq('summit', world.slug)).data?.[0] as Record<string, unknown>;
	expect(Object.keys(await row('agenda_sessions_v1')).sort()).toEqual(
		'abstract attendance audience code content_note format format_slug interpreted is_break is_cancelled is_recorded level links release spoken summit title track track_slug'.split(
			' '
		)
	);
	expect(Object.keys(await row('agenda_slots_v1')).sort()).toEqual(
		'ends_at event is_cancelled rooms sequence session starts_at summit'.split(' ')
	);
	expect(Object.keys(await row('agenda_people_v1')).sort()).toEqual(
		'affiliation country display_name office person place role session summit'.split(' ')
	);
	expect((await row('agenda_slots_v1'))['event']).toBe(world.sessions.public.id);
});

test('a write through a view is refused with a client error, not a server error', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select relname as name from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace order by 1`
	);
	expect(rows.map(({ name }) => name)).toEqual([...views].sort());
	const statuses = async (kind: PersonKind | null) => {
		const rest = await reader(kind);
		return Promise.all(
			rows.map(async ({ name }) => {
				const table = rest.from(name);
				const answers = [
					await table.insert({ summit: world.slug }),
					await table.update({ summit: 'x' }).eq('summit', world.slug),
					await table.upsert({ summit: world.slug }),
					await table.delete().eq('summit', world.slug)
				];
				return answers.map(({ status }) => status);
			})
		);
	};
	expect(await statuses('programme')).toEqual(views.map(() => Array(4).fill(403)));
	expect(await statuses(null)).toEqual(views.map(() => Array(4).fill(401)));
});

test('a right that was removed, and a name that declined, are gone in the next request', async () => {
	const rest = await reader('listed');
	const count = async () =>
		(await rest.from('agenda_sessions_v1').select('code').eq('summit', world.slug)).data?.length;
	expect(await count()).toBe(4);
	await db.owner.query('delete from public.session_audiences where person_id = $1', [world.people.listed.person]);
	expect(await count()).toBe(3);
	await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [
		world.people.speaker.person
	]);
	expect((await lite.signedOut().from('agenda_people_v1').select('person').eq('summit', world.slug)).data).toEqual([]);
});
