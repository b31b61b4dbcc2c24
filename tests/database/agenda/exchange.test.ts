/* A whole schedule of another system is imported, changed and exported again. */
import { beforeEach, describe, expect, test } from 'vitest';
import { eventFactsOf, type Feed } from '#lib/calendar/feed.ts';
import type { ExchangeDraft, Plan } from '#lib/calendar/exchange/draft.ts';
import { sessionsTable, speakersTable } from '#lib/calendar/exchange/tables.ts';
import { scheduleOf, type Schedule } from '#lib/calendar/schedule.ts';
import { scheduleXml } from '#lib/calendar/schedule-xml.ts';
import { congress, congressZone } from '../../fixtures/congress.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { inTurn } from '../../fixtures/registering.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';
import { importActs, json, type Headings } from '../../fixtures/importing.ts';

const db = useDatabase();
let world: World;

const { call, plan, prepare, apply } = importActs(db, () => world);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(
		`update public.summits set zone = $2, starts_on = '2027-12-27', ends_on = '2027-12-30' where id = $1`,
		[world.summit, congressZone]
	);
});
const counts = ({ rows }: Plan) =>
	rows.reduce<Record<string, number>>((sum, { outcome }) => ({ ...sum, [outcome]: (sum[outcome] ?? 0) + 1 }), {});

async function exported(): Promise<Schedule> {
	await call('programme', 'publish_release', world.summit);
	const feed = await call<Feed>(null, 'read_public_feed', world.summit);
	const { rooms } = await call<{ rooms: { id: string; slug: string; name: Record<string, string> }[] }>(
		'programme',
		'read_summit',
		world.slug
	);
	return scheduleOf(feed.sessions, {
		slug: world.slug,
		name: 'Congress',
		zone: congressZone,
		startsOn: '2027-12-27',
		endsOn: '2027-12-30',
		version: '1',
		base: 'https://summit.example/agenda',
		dayBegins: feed.day_begins ?? 0,
		rooms: rooms.map(({ id, slug, name }) => ({ id, slug, name: name['en'] ?? '' })),
		tracks: [],
		facts: (session) => eventFactsOf(feed, session),
		notePrefix: 'Content note: ',
		title: ({ title }) => title['en'] ?? '',
		words: (map) => map['en'] ?? '',
		address: ({ code }) => `https://summit.example/sessions/${code}`
	});
}

// Fields that exist here only: numbers, codes and addresses.
const substance = (schedule: Schedule) =>
	schedule.conference.days
		.flatMap(({ date, rooms }) =>
			Object.values(rooms)
				.flat()
				.map((event) => ({
					...event,
					day: date,
					id: 0,
					code: '',
					slug: '',
					url: '',
					persons: event.persons.map((person) => person.public_name).sort()
				}))
		)
		.sort((a, b) => a.guid.localeCompare(b.guid));

/** A Summit with an empty draft. */
const empty = () => db.owner.query(`update public.sessions set state = 'draft' where summit_id = $1`, [world.summit]);

describe('a congress of 140 events over four days', () => {
	test.each(['json', 'xml'])(
		'is imported completely from %s, exported unchanged, and imported again without changes',
		async (kind) => {
			await empty();
			const source = congress();
			// In our own export the address of an event would be ours.
			const text = kind === 'json' ? json(source) : scheduleXml(source).replace('name="global-summit"', 'name="frab"');
			const first = await plan(text);
			expect(counts(first)).toEqual({ new: 140 });
			expect([first.additions.rooms.length, first.additions.people.length, first.dayBegins]).toEqual([4, 51, 240]);
			const done = await apply(await prepare(first));
			expect([done.status, done['new'], done.refused]).toEqual(['ok', 140, []]);
			const out = await exported();
			expect(substance(out)).toEqual(substance(source));
			// Our file and theirs, as JSON and as XML: nothing is new, and nothing changes.
			for (const again of [text, json(out), scheduleXml(out)]) expect(counts(await plan(again))).toEqual({ same: 140 });
		}
	);

	test('applies changes from another system, including two sessions that swap rooms', async () => {
		await empty();
		await apply(await prepare(await plan(json(congress(8)))));
		const moved = congress(8);
		const rooms = moved.conference.days[0]?.rooms ?? {};
		const [one, other] = [rooms['Hall One']?.[0], rooms['Hall Two']?.[0]];
		if (!one || !other) throw new Error('no events');
		Object.assign(one, { room: 'Hall Two', title: 'Renamed' });
		Object.assign(other, { room: 'Hall One' });
		rooms['Hall One']?.splice(0, 1, other);
		rooms['Hall Two']?.splice(0, 1, one);
		const changed = await plan(json(moved));
		expect(counts(changed)).toEqual({ changed: 2, same: 6 });
		expect(
			changed.rows
				.filter(({ outcome }) => outcome === 'changed')
				.map(({ changes }) => changes.map(({ field }) => field).sort())
		).toEqual([['slots'], ['slots', 'title']]);
		expect((await apply(await prepare(changed))).status).toBe('ok');
		expect(substance(await exported())).toEqual(substance(moved));
	});
});

test('exports the draft as two tables, which can be imported again without changes', async () => {
	await apply(await prepare(await plan(json(congress(12)))));
	const draft = await call<ExchangeDraft>('programme', 'read_exchange_draft', world.summit);
	const { rooms } = await call<Headings>('programme', 'read_summit', world.slug);
	const tables = [sessionsTable(draft, congressZone, rooms, 'en'), speakersTable(draft)];
	expect(await inTurn(tables, async (table) => Object.keys(counts(await plan(table))))).toEqual([['same'], ['same']]);
	const more = await plan(`session,role,name\n${draft.sessions[0]?.code},moderator,Tern Moss\nNOSUCH,speaker,Nobody\n`);
	expect(more.rows.map(({ outcome, notes }) => [outcome, notes[0]?.code])).toEqual([
		['changed', undefined],
		['cannot', 'unknown_session']
	]);
	expect(await apply(await prepare(more))).toMatchObject({ status: 'ok', changed: 1 });
});

test('the choice of a workshop is exported as a table and imported again; a file that says nothing of it changes nothing', async () => {
	await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where summit_id = $1`, [world.summit]);
	await apply(await prepare(await plan(json(congress(3)))));
	const read = () => call<ExchangeDraft>('programme', 'read_exchange_draft', world.summit);
	const [first] = (await read()).sessions;
	const format = async () => (await read()).sessions.find(({ code }) => code === first?.code)?.stage_format;
	const set = (to: string) =>
		db.owner.query(
			`update public.sessions set stage_format = $2, is_recorded = false where code = $1 and summit_id = $3`,
			[first?.code, to, world.summit]
		);
	await set('meeting');
	const { rooms } = await call<Headings>('programme', 'read_summit', world.slug);
	const table = sessionsTable(await read(), congressZone, rooms, 'en');
	expect(Object.keys(counts(await plan(table)))).toEqual(['same']);
	await set('stage');
	const back = await plan(table);
	expect(
		back.rows.filter(({ outcome }) => outcome === 'changed').map(({ changes }) => changes.map(({ field }) => field))
	).toEqual([['stage_format']]);
	expect(await apply(await prepare(back))).toMatchObject({ status: 'ok', changed: 1 });
	expect(await format()).toBe('meeting');
	await apply(await prepare(await plan(`code,title\n${first?.code},Another title\n`)));
	await apply(await prepare(await plan(json(congress(3)))));
	expect(await format()).toBe('meeting');
});
