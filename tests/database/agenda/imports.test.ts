/* Imports: who makes them, and what they skip, refuse and report. */
import { beforeEach, describe, expect, test } from 'vitest';
import { congress, congressZone } from '../../fixtures/congress.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { inTurn } from '../../fixtures/registering.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';
import { importActs, json } from '../../fixtures/importing.ts';

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

describe('an import', () => {
	test('is for programme organisers only, belongs to its maker, and is applied once', async () => {
		const planned = await plan(json(congress(2)));
		const refused = await inTurn(['delegate', 'registration', 'stage', 'newcomer'] as const, async (who) => [
			await call(who, 'read_exchange_draft', world.summit),
			await prepare(planned, who)
		]);
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

test('a timetable of Indico comes in with its breaks, and the same file again changes nothing', async () => {
	const at = (time: string) => ({ date: '2027-12-28', time, tz: congressZone });
	const entry = (id: string, rest: object) => ({ id, room: 'Hall One', description: '', ...rest });
	const file = JSON.stringify({
		url: 'https://indico.example/export/timetable/77.json',
		results: {
			'77': {
				'20271228': {
					c1: entry('c1', {
						entryType: 'Contribution',
						contributionId: 1,
						title: 'Water for all',
						startDate: at('10:00:00'),
						endDate: at('10:45:00'),
						presenters: [{ firstName: 'Wren', familyName: 'Alder' }]
					}),
					b2: entry('b2', { entryType: 'Break', title: 'Coffee', startDate: at('10:45:00'), endDate: at('11:00:00') })
				}
			}
		}
	});
	expect(await apply(await prepare(await plan(file)))).toMatchObject({ status: 'ok', new: 2, cannot: 0 });
	const { rows } = await db.owner.query(
		`select s.title ->> 'en' as title, s.is_break from public.sessions as s
		join private.imported_events as i on i.session_id = s.id where i.summit_id = $1 order by 1`,
		[world.summit]
	);
	expect(rows).toEqual([
		{ title: 'Coffee', is_break: true },
		{ title: 'Water for all', is_break: false }
	]);
	expect((await plan(file)).rows.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
});
