/*
 * Import and export of agendas in the exchange format: a whole congress is imported and exported unchanged. Other tests
 * attack the import.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { eventFactsOf, type Feed } from '#lib/calendar/feed.ts';
import type { ExchangeDraft, ImportChoices, Plan } from '#lib/calendar/exchange/draft.ts';
import { planImport } from '#lib/calendar/exchange/plan.ts';
import { readExchange } from '#lib/calendar/exchange/read.ts';
import { sessionsTable, speakersTable } from '#lib/calendar/exchange/tables.ts';
import { scheduleOf, type Schedule } from '#lib/calendar/schedule.ts';
import { scheduleXml } from '#lib/calendar/schedule-xml.ts';
import { congress, congressZone } from '../../fixtures/congress.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const choices: ImportChoices = {
	language: 'en',
	level: 'public',
	state: 'confirmed',
	rooms: true,
	headings: true,
	people: true
};
const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(
		`update public.summits set zone = $2, starts_on = '2027-12-27', ends_on = '2027-12-30' where id = $1`,
		[world.summit, congressZone]
	);
});

async function call<Answer>(who: PersonKind | null, name: string, ...values: unknown[]): Promise<Answer> {
	const sql = `select public.${name}(${values.map((_, at) => `$${at + 1}`).join(', ')}) as answer`;
	const [row] = await actAs<{ answer: Answer }>(db.owner, who && world.people[who], sql, values);
	return row?.answer as Answer;
}

interface Headings {
	rooms: Plan['additions']['rooms'];
	tracks: Plan['additions']['rooms'];
	formats: Plan['additions']['rooms'];
}

async function plan(text: string, change: Partial<ImportChoices> = {}): Promise<Plan> {
	const read = readExchange(new TextEncoder().encode(text), congressZone);
	if (!read.ok) throw new Error(read.fault.code);
	const draft = await call<ExchangeDraft>('programme', 'read_exchange_draft', world.summit);
	const summit = await call<Headings>('programme', 'read_summit', world.slug);
	const { rooms, tracks, formats } = summit;
	return planImport(read.file.events, {
		draft,
		rooms,
		tracks,
		formats,
		zone: congressZone,
		startsOn: '2027-12-27',
		endsOn: '2027-12-30',
		file: read.file,
		notePrefixes: ['Content note: '],
		choices: { ...choices, ...change }
	});
}

async function prepare({ rows, additions, dayBegins }: Plan, who: PersonKind = 'programme'): Promise<string> {
	const file = { name: 'schedule.json', kind: 'json', events: rows.length, ignored: [], day_begins: dayBegins };
	const made = await call<{ status: string; id?: string }>(
		who,
		'prepare_schedule_import',
		world.summit,
		JSON.stringify(file),
		JSON.stringify(additions),
		JSON.stringify(rows)
	);
	return made.id ?? made.status;
}

const apply = (id: string, who: PersonKind = 'programme') =>
	call<{ status: string; refused?: unknown[] } & Record<string, number>>(who, 'apply_schedule_import', id);
const json = (schedule: Schedule) => JSON.stringify({ schedule });
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
		'is imported completely from %s within seconds, exported unchanged, and imported again without changes',
		async (kind) => {
			await empty();
			const source = congress();
			// In our own export the address of an event would be ours.
			const text = kind === 'json' ? json(source) : scheduleXml(source).replace('name="global-summit"', 'name="frab"');
			const first = await plan(text);
			expect(counts(first)).toEqual({ new: 140 });
			expect([first.additions.rooms.length, first.additions.people.length, first.dayBegins]).toEqual([4, 51, 240]);
			const began = performance.now();
			const done = await apply(await prepare(first));
			expect([done.status, done['new'], done.refused]).toEqual(['ok', 140, []]);
			expect(performance.now() - began).toBeLessThan(20_000);
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

describe('an import', () => {
	test('is for programme organisers only, belongs to its maker, and is applied once', async () => {
		const planned = await plan(json(congress(2)));
		const refused = await Promise.all(
			(['delegate', 'registration', 'stage', 'newcomer'] as const).map(async (who) => [
				await call(who, 'read_exchange_draft', world.summit),
				await prepare(planned, who)
			])
		);
		expect(refused).toEqual(Array.from({ length: 4 }, () => [null, 'not_allowed']));
		const id = await prepare(planned);
		expect([
			(await apply(id, 'owner')).status,
			await call('owner', 'read_schedule_import', id),
			(await apply(id, 'delegate')).status
		]).toEqual(['not_found', null, 'not_found']);
		// Of two requests at once one applies it, and the other gets an explanation.
		const [one, two] = await Promise.all([db.connect(), db.connect()]);
		const both = await Promise.all(
			[one, two].map((connection) =>
				actAs<{ answer: { status: string } }>(
					connection,
					world.people.programme,
					'select public.apply_schedule_import($1) as answer',
					[id]
				)
			)
		);
		expect(both.map(([row]) => row?.answer.status).sort()).toEqual(['already', 'ok']);
		await Promise.all([one.end(), two.end()]);
	});

	test('skips what somebody else changed after the preview, and lists it', async () => {
		await apply(await prepare(await plan(json(congress(4)))));
		const renamed = congress(4);
		for (const event of renamed.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat())) event.title += '!';
		const changed = await plan(json(renamed));
		const id = await prepare(changed);
		const [{ session_id: touched } = { session_id: null }] = changed.rows;
		await db.owner.query('update public.sessions set version = version + 1 where id = $1', [touched]);
		expect(await apply(id)).toMatchObject({ status: 'ok', changed: 3, refused: [{ position: 1 }] });
	});

	test('changes nothing at all when a room was taken meanwhile', async () => {
		await apply(await prepare(await plan(json(congress(1)))));
		const planned = await plan(json(congress(6)));
		const id = await prepare(planned);
		const room = `select id from public.rooms where summit_id = $1 and slug = 'hall-one'`;
		const start = planned.rows
			.flatMap(({ plan }) => plan.slots ?? [])
			.find(({ rooms }) => rooms.includes('hall-one'))?.start;
		await db.owner.query(
			`with slot as (insert into public.slots (session_id, summit_id, during) values ($2, $1, tstzrange($3::timestamptz, $3::timestamptz + interval '1 hour')) returning id, during)
			insert into public.slot_rooms (slot_id, room_id, summit_id, during) select slot.id, (${room}), $1, slot.during from slot`,
			[world.summit, world.sessions.draft.id, start]
		);
		expect((await apply(id)).status).toBe('room_taken');
		const { rows } = await db.owner.query('select from private.imported_events where summit_id = $1', [world.summit]);
		expect(rows).toHaveLength(1);
		// A new plan of the import leaves it without a place, and says what takes the room.
		const again = await plan(json(congress(6)));
		expect(again.rows.flatMap(({ notes }) => notes.filter(({ code }) => code === 'room_taken'))).toEqual([
			{ code: 'room_taken', words: world.sessions.draft.title }
		]);
		expect((await apply(await prepare(again))).status).toBe('ok');
	});

	test('never names a person whom the organiser cannot see, and never finds a sealed person by name', async () => {
		const { delegate, speaker } = world.people;
		const file = congress(1);
		for (const event of file.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat()))
			event.persons = [
				{ id: 1, code: 'X', public_name: delegate.name },
				{ id: 2, code: 'Y', public_name: speaker.name }
			];
		const planned = await plan(json(file));
		// A delegate of the same name is not matched: the import creates a new person. A speaker of the draft is
		// matched.
		expect(planned.rows[0]?.plan.people.map((person) => Object.keys(person).sort())).toEqual([
			['key', 'role'],
			['code', 'role']
		]);
		const forged = {
			...planned,
			rows: planned.rows.map((row) => ({
				...row,
				plan: { ...row.plan, people: [{ code: 'NOBODY22', role: 'speaker' }] }
			}))
		};
		const {
			rows: [hidden]
		} = await db.owner.query<{ code: string }>('select code from public.people where id = $1', [delegate.person]);
		forged.rows[0]?.plan.people.push({ code: hidden?.code ?? '', role: 'speaker' });
		await apply(await prepare(forged));
		const { rows } = await db.owner.query(
			`select from public.session_people as sp join private.imported_events as i on i.session_id = sp.session_id where i.summit_id = $1`,
			[world.summit]
		);
		expect(rows).toHaveLength(0);
	});

	test('reports an overlong title in four scripts, an invalid time and a session before the Summit, and imports the rest', async () => {
		const file = congress(5);
		const events = file.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat());
		Object.assign(events[0] ?? {}, { title: 'Ж中اé'.repeat(80) });
		Object.assign(events[1] ?? {}, { date: '2027-12-27T99:00:00+01:00' });
		Object.assign(events[2] ?? {}, { date: '2026-01-01T10:00:00+01:00' });
		Object.assign(events[3] ?? {}, { title: '' });
		const planned = await plan(json(file));
		expect(planned.rows.map(({ outcome, notes }) => [outcome, notes[0]?.code])).toEqual([
			['cannot', 'title_too_long'],
			['cannot', 'bad_time'],
			['new', 'outside_summit'],
			['cannot', 'no_title'],
			['new', undefined]
		]);
		expect(await apply(await prepare(planned))).toMatchObject({ status: 'ok', new: 2, cannot: 3 });
	});
});

test('exports the draft as two tables, which can be imported again without changes', async () => {
	await apply(await prepare(await plan(json(congress(12)))));
	const draft = await call<ExchangeDraft>('programme', 'read_exchange_draft', world.summit);
	const { rooms } = await call<Headings>('programme', 'read_summit', world.slug);
	const tables = [sessionsTable(draft, congressZone, rooms, 'en'), speakersTable(draft)];
	expect(await Promise.all(tables.map(async (table) => Object.keys(counts(await plan(table)))))).toEqual([
		['same'],
		['same']
	]);
	const more = await plan(`session,role,name\n${draft.sessions[0]?.code},moderator,Tern Moss\nNOSUCH,speaker,Nobody\n`);
	expect(more.rows.map(({ outcome, notes }) => [outcome, notes[0]?.code])).toEqual([
		['changed', undefined],
		['cannot', 'unknown_session']
	]);
	expect(await apply(await prepare(more))).toMatchObject({ status: 'ok', changed: 1 });
});
