/* Side events: who asks for one and who decides, what becomes of an accepted one, and two at once. */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

interface SideEvent {
	id: string;
	member: { name: string };
	state: string;
	answer: string;
	version: number;
	session: { id: string; code: string; slots: { start: string }[] } | null;
}
const fields = {
	title: { original: 'en', en: 'Hotlines across borders' },
	purpose: { original: 'en', en: 'How hotlines hand over a report.' },
	wished: 'The first day, at noon',
	room_needs: 'A round table',
	expected: 40,
	languages: ['en', 'fr'],
	contact: 'Ines Aramburu, ines@example.org'
};
const save = (
	who: TestPerson | null,
	more: object = {},
	id: string | null = null,
	version = 1,
	member = world.member
) =>
	callAs<string>(db.owner, who, 'public.save_side_event($1, $2, $3, $4, $5)', [
		world.summit,
		member,
		id,
		version,
		JSON.stringify({ ...fields, ...more })
	]);
const mine = async (who = world.people.focal) =>
	(await callAs<{ events: SideEvent[] }>(db.owner, who, 'public.my_side_events($1)', [world.summit])).events;
const list = (who: TestPerson) =>
	callAs<SideEvent[] | null>(db.owner, who, 'public.list_side_events($1)', [world.summit]);
async function asked(): Promise<SideEvent> {
	expect(await save(world.people.focal)).toBe('ok');
	const [event] = await mine();
	if (!event) throw new Error('no side event');
	return event;
}
const roomSlug = () => readValue<string>(db.owner, 'select slug from public.rooms where id = $1', [world.room]);
async function decide(
	event: Pick<SideEvent, 'id' | 'version'>,
	state: string,
	{ words = '', hours = 30, who = world.people.programme, on = db.owner } = {}
) {
	const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + hours * 3_600_000);
	const end = new Date(start.getTime() + 3_600_000);
	const place = state === 'accepted' ? { start, end, rooms: [await roomSlug()] } : null;
	return (
		await callAs<{ status: string }>(on, who, 'public.decide_side_event($1, $2, $3, $4, $5, $6)', [
			event.id,
			event.version,
			state,
			words,
			place && JSON.stringify(place),
			JSON.stringify({ original: 'en', en: 'Side event' })
		])
	).status;
}
const mails = async () =>
	(
		await db.owner.query<{ person_id: string; template: string; params: Record<string, unknown> }>(
			`select person_id, template, params from private.outbox where template like 'side_event_%' and summit_id = $1 order by created_at`,
			[world.summit]
		)
	).rows;

describe('a side event', () => {
	test('is asked for by focal points of the member alone, and listed for them and for programme organisers', async () => {
		const may: string[] = [];
		for (const kind of personKinds) if ((await save(world.people[kind])) === 'ok') may.push(kind);
		expect(may).toEqual(['focal']);
		expect(await save(world.people.focal, {}, null, 1, world.otherMember)).toBe('not_found');
		await expect(save(null)).rejects.toThrow('permission denied');
		expect((await mine()).map(({ state }) => state)).toEqual(['requested']);
		expect(await mine(world.people.delegate)).toEqual([]);
		const readers: string[] = [];
		for (const kind of personKinds) if (await list(world.people[kind])) readers.push(kind);
		expect(readers).toEqual(['programme', 'owner']);
	});

	test.each([
		{ title: {} },
		{ expected: 0 },
		{ expected: 'many' },
		{ languages: [] },
		{ contact: '' },
		{ wished: 'one\ntwo' },
		{ title: null }
	])('with %j is refused', async (wrong) => {
		expect(await save(world.people.focal, wrong)).toBe('invalid');
		expect(await mine()).toEqual([]);
	});

	test('is asked for ten times by a member at most, also by two windows at once', async () => {
		for (let number = 0; number < 9; number += 1) expect(await save(world.people.focal)).toBe('ok');
		const two = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all(
			two.map((on) =>
				callAs<string>(on, world.people.focal, 'public.save_side_event($1, $2, null, 1, $3)', [
					world.summit,
					world.member,
					JSON.stringify(fields)
				])
			)
		);
		expect(answers.sort()).toEqual(['limited', 'ok']);
		await Promise.all(two.map((on) => on.end()));
	});

	test('is accepted with a time and a room, becomes a session that names its member, and its focal point is told', async () => {
		const { programme, delegate, focal } = world.people;
		const event = await asked();
		for (const kind of personKinds)
			if (kind !== 'programme' && kind !== 'owner')
				expect([kind, await decide(event, 'accepted', { who: world.people[kind] })]).toEqual([kind, 'not_found']);
		expect(await decide(event, 'accepted')).toBe('ok');
		const [accepted] = await mine();
		expect(accepted).toMatchObject({ state: 'accepted', session: { slots: [{}] } });
		expect(await mails()).toMatchObject([{ person_id: focal.person, template: 'side_event_accepted' }]);
		await callAs(db.owner, programme, 'public.publish_release($1)', [world.summit]);
		const session = await callAs<Record<string, unknown>>(db.owner, delegate, 'public.read_session($1, $2)', [
			world.summit,
			accepted?.session?.code
		]);
		expect(session).toMatchObject({
			host: accepted?.member.name,
			format_slug: 'side-event',
			title: fields.title,
			level: 'members'
		});
		expect(await decide({ ...event, version: 2 }, 'declined', { words: 'Too late.' })).toBe('conflict');
		expect(await save(focal, {}, event.id, 2)).toBe('conflict');
		expect(await callAs(db.owner, focal, 'public.withdraw_side_event($1)', [event.id])).toBe('not_found');
	});

	test('in a taken room stays a request, and leaves no session', async () => {
		const [one, two] = [await asked(), await asked()];
		const sessions = () =>
			readValue<number>(db.owner, 'select count(*)::integer from public.sessions where summit_id = $1', [world.summit]);
		expect(await decide(one, 'accepted')).toBe('ok');
		const before = await sessions();
		const other = (await mine()).find(({ state }) => state === 'requested') ?? two;
		expect(await decide(other, 'accepted')).toBe('room_taken');
		expect([await sessions(), (await mails()).length]).toEqual([before, 1]);
		expect(await decide(other, 'accepted', { hours: 32 })).toBe('ok');
	});

	test('is declined or sent back only with words; a changed request is a request again', async () => {
		const event = await asked();
		expect(await decide(event, 'declined')).toBe('no_words');
		expect(await decide(event, 'change_asked', { words: 'A smaller group, please.' })).toBe('ok');
		expect(await mine()).toMatchObject([{ state: 'change_asked', answer: 'A smaller group, please.', version: 2 }]);
		expect(await save(world.people.focal, { expected: 20 }, event.id, 1)).toBe('conflict');
		expect(await save(world.people.focal, { expected: 20 }, event.id, 2)).toBe('ok');
		expect(await mine()).toMatchObject([{ state: 'requested', version: 3 }]);
		expect(await decide({ ...event, version: 3 }, 'declined', { words: 'No room is left.' })).toBe('ok');
		expect((await mails()).map(({ template, params }) => [template, params['reason']])).toEqual([
			['side_event_change_asked', 'A smaller group, please.'],
			['side_event_declined', 'No room is left.']
		]);
	});

	test('is decided once by two organisers at the same moment', async () => {
		const event = await asked();
		const two = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all([
			decide(event, 'accepted', { on: two[0] }),
			decide(event, 'declined', { words: 'No.', who: world.people.owner, on: two[1] })
		]);
		expect(answers.sort()).toEqual(['conflict', 'ok']);
		expect(await mails()).toHaveLength(1);
		await Promise.all(two.map((on) => on.end()));
	});

	test('is withdrawn by its member while it is not decided', async () => {
		const event = await asked();
		expect(await callAs(db.owner, world.people.delegate, 'public.withdraw_side_event($1)', [event.id])).toBe(
			'not_found'
		);
		expect(await callAs(db.owner, world.people.focal, 'public.withdraw_side_event($1)', [event.id])).toBe('ok');
		expect(await decide({ ...event, version: 2 }, 'accepted')).toBe('conflict');
	});
});
