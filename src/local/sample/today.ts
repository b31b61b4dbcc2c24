import { letIn, letInSpeakers } from './arrivals.ts';
import { fillRun } from './taking-part.ts';
import type pg from 'pg';
import { laterTitle, type SampleAgenda } from './agenda.ts';
import type { Random } from './prng.ts';
import type { Registrar } from './registrations.ts';
import { insertRows } from './rows.ts';
import type { SampleSummit } from './summits.ts';
import type { Timetable } from './timetable.ts';

/** What organisers did after the release: a clearer title, a session moved, one added, one still an idea. */
export async function changeDraft(
	client: pg.Client,
	random: Random,
	{ settings, agenda }: SampleSummit
): Promise<void> {
	const summit = settings.ids.id;
	const workshops = agenda.sessions.filter(
		(session) => session.level === 'members' && session.format_id === settings.ids.formats.workshop
	);
	const [title] = workshops;
	const spare = agenda.free.filter(({ rooms }) => rooms.length > 0).slice(-2);
	const busy = peopleAt(agenda, spare[0]?.block.start);
	const moved = workshops.find(
		(session) => session !== title && peopleOf(agenda, session.id).every((id) => !busy.has(id))
	);
	await client.query(
		`update public.sessions set title = title || jsonb_build_object('en', (title ->> 'en') || ', with examples'), version = 2 where id = $1`,
		[title?.id]
	);
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

const peopleOf = ({ people }: SampleAgenda, session: unknown) =>
	people.filter(({ session_id }) => session_id === session).map(({ person_id }) => person_id);

// Who takes part in what begins then.
function peopleAt(agenda: SampleAgenda, start: Date | undefined): Set<unknown> {
	const slots = agenda.slots.filter(({ during }) => start && String(during).startsWith(`["${start.toISOString()}"`));
	return new Set(slots.flatMap(({ session_id }) => peopleOf(agenda, session_id)));
}

/** Those who came through the door so far. */
export async function insertPresence(
	client: pg.Client,
	random: Random,
	summit: string,
	registrar: Registrar,
	timetable: Timetable,
	now: Date
): Promise<void> {
	const opening = timetable.blocks.find((block) => block.kind !== 'relay');
	if (!opening || opening.start > now) return;
	const came = registrar.rows.registrations
		.filter((row) => row.state === 'confirmed' && row.mode === 'in_person' && random.chance(0.6))
		.map(({ person_id }) => ({
			person: person_id,
			at: new Date(Math.min(now.getTime(), opening.start.getTime() + random.between(-40, 50) * 60_000)).toISOString()
		}));
	await letIn(client, summit, came);
}

/** Opens the run that is live. */
export async function startRun(client: pg.Client, summit: string, { live, sessions }: SampleAgenda): Promise<void> {
	const level = sessions.find((session) => session.id === live.session)?.level;
	const made = await client.query<{ id: string }>(
		`insert into public.runs (session_id, summit_id, room_id, state, level, started_at)
		select $1, $2, $3, 'live', $4, lower(during) from public.slots where session_id = $1 returning id`,
		[live.session, summit, live.room, level]
	);
	await client.query(`select private.ensure_livekit_room($1, 'stage'), private.ensure_livekit_room($1, 'green_room')`, [
		made.rows[0]?.id
	]);
	await client.query(
		`insert into private.session_timers (id, summit_id, starts_automatically) values ($1, $2, true) on conflict (id) do nothing`,
		[live.session, summit]
	);
	const run = made.rows[0]?.id;
	if (run === undefined) return;
	await letInSpeakers(client, run);
	await fillRun(client, run);
}
