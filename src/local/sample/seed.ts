/*
 * The sample Summit: invented members, people, sessions and registrations, the same for the same seed and moment. Writes
 * rows as the owner of the tables, so that no mail is sent and nothing of it stands in the audit as somebody's act.
 */
import type pg from 'pg';
import { Sealer } from '../../lib/people/sealing.ts';
import { AgendaMaker, laterTitle, type Cast, type SampleAgenda } from './agenda.ts';
import { registerDelegates } from './delegations.ts';
import { makeMembers, type SampleMember } from './members.ts';
import { Crowd, peopleRows, type SamplePerson } from './people.ts';
import { Random } from './prng.ts';
import { Registrar } from './registrations.ts';
import { releaseDraft } from './release.ts';
import { insertRows, type Row } from './rows.ts';
import { makeSettings, type SummitSettings } from './settings.ts';
import { makeDelegates, makeFocalPoint, makeLiveSpeaker, makeOrganisers, type OneClick } from './staff.ts';
import { texts } from './texts.ts';
import { makeTimetable, zones, type Timetable } from './timetable.ts';

/** The addresses of the sample's two Summits. */
export const sampleSlugs = { current: 'montevideo', previous: 'tallinn' } as const;

const day = 86_400_000;
const years = 2 * 364 * day;

/** Fills an empty, migrated database. `now` is when a session is live; the addresses are sealed with `sealingKey`. */
export async function seedSample(client: pg.Client, opts: { now: Date; sealingKey: string }): Promise<void> {
	const random = new Random(20270609);
	const sealer = new Sealer(opts.sealingKey);
	const then = new Date(Math.floor((opts.now.getTime() - years) / day) * day + 12 * 3_600_000);
	const members = makeMembers(random);
	const crowd = new Crowd(random);
	const oneClick = makeOrganisers(crowd);
	const speaker = makeLiveSpeaker(crowd, members);
	const cast = makeCast(random, crowd, members, speaker.person);
	const current = makeSummit(random, cast, opts.now);
	const registrar = new Registrar(random, current.settings.ids, opts.now);
	registerCast(random, registrar, cast);
	oneClick.push(...makeDelegates(crowd, members, registrar), speaker);
	registerDelegates(random, crowd, members, registrar);
	const focal = makeFocalPoint(crowd, largestDelegation(members, registrar));
	oneClick.push(focal);
	const previous = makePrevious(random, cast, crowd.people, then);
	// Full to the last seat: that is why some wait.
	setCapacity(current.settings, registrar.openSeats('in_person'));
	await client.query('begin');
	try {
		await setAudit(client, 'disable');
		await insertRows(client, 'public.members', members.map(memberRow));
		const people = peopleRows(crowd.people, random, sealer, opts.now.toISOString());
		await insertRows(client, 'public.people', people.rows);
		await insertRows(client, 'private.person_addresses', people.addresses);
		await insertRows(client, 'private.protections', people.protections);
		await insertRows(client, 'public.person_preferences', people.preferences);
		for (const { settings, agenda, registrations, releasedAt } of [
			{ ...previous, releasedAt: new Date(then.getTime() - 3 * day) },
			{ ...current, registrations: registrar, releasedAt: new Date(opts.now.getTime() - 20 * 3_600_000) }
		]) {
			await insertSummit(client, settings, members);
			await insertAgenda(client, agenda, settings.ids.id, releasedAt);
			await insertRegistrations(client, registrations);
		}
		await insertFocalPoints(client, current.settings.ids.id, crowd.people, focal.person);
		await insertOneClick(client, current.settings.ids.id, oneClick);
		await changeDraft(client, random, current);
		await insertPresence(client, random, current.settings.ids.id, registrar, current.timetable, opts.now);
		await startRun(client, current.settings.ids.id, current.agenda);
		await client.query('set constraints all immediate');
		await setAudit(client, 'enable');
		await client.query('commit');
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
	await client.query('analyze');
}

interface SampleSummit {
	settings: SummitSettings;
	agenda: SampleAgenda;
	timetable: Timetable;
}

function makeCast(random: Random, crowd: Crowd, members: SampleMember[], live: SamplePerson): Cast {
	const shuffled = random.shuffle(members);
	const speakers = shuffled
		.slice(0, 96)
		.map((member) => crowd.of(member, { biography: random.pick(texts.biographies) }));
	const interpreters = shuffled
		.slice(96, 108)
		.map((member) => crowd.of(member, { office: 'Conference interpreter', affiliation: '' }));
	const council = shuffled.find((member) => member.name.includes('Survivors')) ?? members[0];
	if (!council) throw new Error('the sample has no members');
	return { speakers, interpreters, live, protected: crowd.protectedOf(council, 'Linnet') };
}

function makeSummit(random: Random, cast: Cast, now: Date): SampleSummit {
	const timetable = makeTimetable(now, zones.current);
	const at = (days: number) => new Date(now.getTime() + days * day).toISOString();
	const settings = makeSettings(
		random,
		{
			slug: sampleSlugs.current,
			name: texts.name,
			summary: texts.summary,
			zone: zones.current,
			starts_on: timetable.startsOn,
			ends_on: timetable.endsOn,
			state: 'live',
			venue_name: texts.venue,
			city: texts.city,
			country: 'UY',
			address: 'Rambla del Faro 1200',
			languages: ['en', 'fr', 'es', 'ar'],
			currency: 'USD',
			registration_opens_at: at(-120),
			registration_closes_at: `${timetable.endsOn}T18:00:00-03:00`,
			refund_until: at(-7),
			refund_percent: 100
		},
		{ in_person: 0, virtual: 800 }
	);
	return { settings, timetable, agenda: new AgendaMaker(random, settings.ids, cast).make(timetable.blocks) };
}

function makePrevious(
	random: Random,
	cast: Cast,
	people: SamplePerson[],
	then: Date
): SampleSummit & { registrations: Registrar } {
	const timetable = makeTimetable(then, zones.previous);
	const settings = makeSettings(
		random,
		{
			slug: sampleSlugs.previous,
			name: texts.previousName,
			summary: texts.summary,
			zone: zones.previous,
			starts_on: timetable.startsOn,
			ends_on: timetable.endsOn,
			state: 'archived',
			venue_name: texts.previousVenue,
			city: texts.previousCity,
			country: 'EE',
			languages: ['en', 'fr', 'es', 'ar'],
			currency: 'USD',
			registration_opens_at: new Date(then.getTime() - 120 * day).toISOString(),
			registration_closes_at: new Date(then.getTime() - 5 * day).toISOString()
		},
		{ in_person: 300, virtual: 500 }
	);
	const registrations = new Registrar(random, settings.ids, then);
	for (const person of random.shuffle(people)) {
		if (registrations.rows.registrations.length === 160) break;
		const mode = random.chance(0.6) ? 'in_person' : 'virtual';
		if (
			person.member &&
			person.realName === undefined &&
			person.member.sector !== 'private_sector' &&
			registrations.hasRoom(person.member, mode)
		)
			registrations.add(person, { state: 'confirmed', mode });
	}
	return {
		settings,
		timetable,
		registrations,
		agenda: new AgendaMaker(random, settings.ids, cast).make(timetable.blocks)
	};
}

function registerCast(random: Random, registrar: Registrar, cast: Cast): void {
	registrar.add(cast.live, { state: 'confirmed', mode: 'in_person', pool: 'speaker', ago: 50 });
	registrar.add(cast.protected, { state: 'confirmed', mode: 'in_person', pool: 'speaker', ago: 48 });
	for (const person of cast.speakers.slice(0, 92))
		registrar.add(person, { state: 'confirmed', mode: random.chance(0.72) ? 'in_person' : 'virtual', pool: 'speaker' });
	for (const person of cast.interpreters)
		registrar.add(person, { state: 'confirmed', mode: 'in_person', pool: 'interpreter' });
}

function largestDelegation(members: SampleMember[], registrar: Registrar): SampleMember {
	const count = (member: SampleMember) =>
		registrar.rows.registrations.filter((row) => row.member_id === member.id).length;
	const ranked = members.filter((member) => member.sector === 'government').sort((a, b) => count(b) - count(a));
	if (!ranked[0]) throw new Error('the sample has no government');
	return ranked[0];
}

function setCapacity(settings: SummitSettings, inPerson: number): void {
	const capacities = settings.tables.find(([table]) => table === 'public.mode_capacities')?.[1] ?? [];
	for (const row of capacities) if (row.mode === 'in_person') row.capacity = inPerson;
}

function memberRow({ id, code, name, sector, country, region }: SampleMember): Row {
	return { id, code, name, sector, country, region };
}

async function insertSummit(client: pg.Client, settings: SummitSettings, members: SampleMember[]): Promise<void> {
	for (const [table, rows] of settings.tables) await insertRows(client, table, rows);
	await insertRows(
		client,
		'public.summit_members',
		members.map(({ id, sector, country, region }) => ({
			summit_id: settings.ids.id,
			member_id: id,
			standing: 'active',
			sector,
			country,
			region
		}))
	);
}

async function insertAgenda(client: pg.Client, agenda: SampleAgenda, summit: string, releasedAt: Date): Promise<void> {
	await insertRows(client, 'public.sessions', agenda.sessions);
	await insertRows(client, 'public.session_people', agenda.people);
	await insertRows(client, 'public.session_audiences', agenda.audiences);
	await insertRows(client, 'public.slots', agenda.slots);
	await insertRows(client, 'public.slot_rooms', agenda.slotRooms);
	await releaseDraft(client, summit, releasedAt);
}

async function insertRegistrations(client: pg.Client, { rows }: Registrar): Promise<void> {
	await insertRows(client, 'public.registrations', rows.registrations);
	await insertRows(client, 'public.registration_details', rows.details);
	await insertRows(client, 'public.registration_steps', rows.steps);
	await insertRows(client, 'public.consents', rows.consents);
	await insertRows(client, 'public.seats', rows.seats);
	await insertRows(client, 'public.queue_entries', rows.queue);
	await insertRows(client, 'public.badges', rows.badges);
	await insertRows(client, 'public.orders', rows.orders);
	await insertRows(client, 'public.order_lines', rows.lines);
	await insertRows(client, 'public.order_adjustments', rows.adjustments);
}

async function insertFocalPoints(
	client: pg.Client,
	summit: string,
	people: SamplePerson[],
	named: SamplePerson
): Promise<void> {
	const found = new Map<string, SamplePerson>();
	for (const person of people.slice(120))
		if (person.member && person.realName === undefined && found.size < 60) found.set(person.member.id, person);
	if (named.member) found.set(named.member.id, named);
	await insertRows(
		client,
		'public.focal_points',
		[...found].map(([member_id, person]) => ({ summit_id: summit, member_id, person_id: person.id }))
	);
}

async function insertOneClick(client: pg.Client, summit: string, list: OneClick[]): Promise<void> {
	const owner = list[0]?.person.id;
	await insertRows(
		client,
		'private.sample_people',
		list.map(({ person, about }, position) => ({ person_id: person.id, about, position }))
	);
	await insertRows(
		client,
		'public.role_grants',
		list.flatMap(({ person, role }) =>
			role ? [{ person_id: person.id, role, summit_id: role === 'owner' ? null : summit, granted_by: owner }] : []
		)
	);
}

/** What organisers did after the release: a clearer title, a session moved, one added, one still an idea. */
async function changeDraft(client: pg.Client, random: Random, { settings, agenda }: SampleSummit): Promise<void> {
	const summit = settings.ids.id;
	const [title, moved] = agenda.sessions.filter(
		(session) => session.level === 'members' && session.format_id === settings.ids.formats.workshop
	);
	await client.query(
		`update public.sessions set title = title || jsonb_build_object('en', (title ->> 'en') || ', with examples'), version = 2 where id = $1`,
		[title?.id]
	);
	const spare = agenda.free.filter(({ rooms }) => rooms.length > 0).slice(-2);
	const room = (at: number) => settings.ids.rooms[spare[at]?.rooms[0] ?? ''];
	const during = (at: number) => {
		const start = spare[at]?.block.start ?? new Date();
		return `["${start.toISOString()}","${new Date(start.getTime() + 75 * 60_000).toISOString()}")`;
	};
	if (moved && room(0)) {
		// The time moves before the room does.
		await client.query('set constraints public.room_free deferred');
		const slot = await client.query<{ id: string }>(
			`update public.slots set during = $2 where session_id = $1 returning id`,
			[moved.id, during(0)]
		);
		await client.query(`update public.slot_rooms set room_id = $2, during = $3 where slot_id = $1`, [
			slot.rows[0]?.id,
			room(0),
			during(0)
		]);
	}
	const common = {
		summit_id: summit,
		format_id: settings.ids.formats.panel,
		track_id: settings.ids.tracks.knowledge,
		level: 'members',
		audience: 'registered',
		abstract: {},
		content_note: {}
	};
	const [added, idea] = [random.uuid(), random.uuid()];
	await insertRows(client, 'public.sessions', [
		{ id: added, ...common, code: random.code(6), title: laterTitle, state: 'confirmed' },
		{
			id: idea,
			...common,
			code: random.code(6),
			title: { original: 'en', en: 'An idea: hotlines and public libraries' },
			state: 'draft'
		}
	]);
	if (!room(1)) return;
	const slot = random.uuid();
	await insertRows(client, 'public.slots', [{ id: slot, session_id: added, summit_id: summit, during: during(1) }]);
	await insertRows(client, 'public.slot_rooms', [
		{ slot_id: slot, room_id: room(1), summit_id: summit, during: during(1) }
	]);
}

/** Those who came through the door so far. */
async function insertPresence(
	client: pg.Client,
	random: Random,
	summit: string,
	registrar: Registrar,
	timetable: Timetable,
	now: Date
): Promise<void> {
	const opening = timetable.blocks.find((block) => block.kind !== 'relay');
	if (!opening || opening.start > now) return;
	const rows = registrar.rows.registrations
		.filter((row) => row.state === 'confirmed' && row.mode === 'in_person' && random.chance(0.6))
		.map((row) => ({
			summit_id: summit,
			person_id: row.person_id,
			kind: 'door',
			checkpoint: 'Main entrance',
			entered_at: new Date(
				Math.min(now.getTime(), opening.start.getTime() + random.between(-40, 50) * 60_000)
			).toISOString(),
			source: 'badge'
		}));
	await insertRows(client, 'public.presence', rows);
}

async function startRun(client: pg.Client, summit: string, { live, sessions }: SampleAgenda): Promise<void> {
	const level = sessions.find((session) => session.id === live.session)?.level;
	const made = await client.query<{ id: string }>(
		`insert into public.runs (session_id, summit_id, room_id, state, level, started_at)
		select $1, $2, $3, 'live', $4, lower(during) from public.slots where session_id = $1 returning id`,
		[live.session, summit, live.room, level]
	);
	await client.query(`select private.open_room($1, 'stage'), private.open_room($1, 'green_room')`, [made.rows[0]?.id]);
}

/** Nobody did what the sample says was done: nothing of it belongs into the audit. */
async function setAudit(client: pg.Client, how: 'enable' | 'disable'): Promise<void> {
	const triggers = await client.query<{ table_name: string; tgname: string }>(
		`select tgrelid::regclass::text as table_name, tgname from pg_trigger where tgfoid = 'audit.record'::regproc and not tgisinternal`
	);
	for (const { table_name, tgname } of triggers.rows)
		await client.query(`alter table ${table_name} ${how} trigger ${tgname}`);
}
