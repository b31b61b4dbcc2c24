import { guidOf } from '#lib/calendar/schedule.ts';
import type { FileEvent } from './file.ts';
import { eventKey, nameEvents, type NamedEvent } from './identity.ts';
import type { KnownSession, Plan, PlannedRow, Planning } from './draft.ts';
import { HeadingMatcher } from './headings.ts';
import { PersonMatcher } from './names.ts';
import { RoomBookings } from './places.ts';
import { rowOf } from './row.ts';
import { dayBeginsIn } from './day-begins.ts';

/** The session of the draft that an event belongs to: by its id there or here, else by its code. */
function matcher({ draft }: Planning): (event: NamedEvent) => KnownSession | null {
	const sessions = new Map(draft.sessions.map((session) => [session.id, session]));
	const byName = new Map<string, string>();
	for (const { id } of draft.sessions) for (let at = 0; at < 8; at += 1) byName.set(` ${guidOf(id, at)}`, id);
	for (const event of draft.events) byName.set(eventKey(event), event.session);
	const byCode = new Map<string, string>();
	for (const { code, session } of draft.events) if (code) byCode.set(code, session);
	for (const { code, id } of draft.sessions) byCode.set(code, id);
	return ({ name, code }) => {
		const found = (name && byName.get(eventKey(name))) ?? (code ? byCode.get(code) : undefined);
		return (found !== undefined && found !== '' && found !== null && sessions.get(found)) || null;
	};
}

/** Groups the events of the file that are one session: those of one session that we have, or with one code, or with one title and one page or number. */
function grouped(events: readonly NamedEvent[], match: (event: NamedEvent) => KnownSession | null) {
	const groups = new Map<string, { session: KnownSession | null; events: NamedEvent[] }>();
	events.forEach((event, at) => {
		const session = match(event);
		const page = event.page ? `page ${event.page} ${event.title}` : null;
		const number = event.guid === null && event.number ? `number ${event.number} ${event.title}` : null;
		const key = session?.id ?? (event.code ? `code ${event.code}` : (page ?? number ?? `event ${at}`));
		const group = groups.get(key) ?? { session, events: [] };
		group.events.push(event);
		groups.set(key, group);
	});
	return [...groups.values()];
}

/**
 * Plans the result for each session of a file with the present draft. An import removes nothing except a time of a session that the file
 * has elsewhere.
 */
export function planImport(events: readonly FileEvent[], planning: Planning): Plan {
	const tracks = new HeadingMatcher(planning.tracks, planning.choices.headings, planning.choices.language);
	const formats = new HeadingMatcher(planning.formats, planning.choices.headings, planning.choices.language);
	const rooms = new HeadingMatcher(planning.rooms, planning.choices.rooms, planning.choices.language);
	const names = new PersonMatcher(planning.draft.sessions, planning.choices.people, planning.choices.language);
	const { source, base, isOurs } = planning.file ?? { source: '', base: '', isOurs: false };
	const groups = grouped(nameEvents(events, { source, base, isOurs }), matcher(planning));
	const plan = (refusedIds: ReadonlySet<string>): PlannedRow[] => {
		const ofFile = new Set(
			groups.flatMap(({ session }) => (session && !refusedIds.has(session.id) ? [session.id] : []))
		);
		const places = new RoomBookings(planning.draft.sessions.filter(({ id }) => !ofFile.has(id)));
		return groups.map((group) => rowOf(group, { planning, tracks, formats, rooms, names, places }));
	};
	// A session that cannot move keeps its rooms, which another session may have needed.
	let refusedIds = new Set<string>();
	for (;;) {
		const rows = plan(refusedIds);
		const now = new Set(rows.flatMap((row) => (row.outcome === 'cannot' && row.session_id ? [row.session_id] : [])));
		if (now.size <= refusedIds.size) {
			const used = rows.filter(({ outcome }) => outcome === 'new' || outcome === 'changed');
			const made = new Set(used.flatMap(({ plan }) => plan.people.map(({ key }) => key)));
			const slugs = new Set(used.flatMap(({ plan }) => plan.slots?.flatMap((slot) => slot.rooms) ?? []));
			return {
				rows,
				additions: {
					rooms: rooms.made.filter(({ slug }) => slugs.has(slug)),
					tracks: tracks.made.filter(({ slug }) => used.some(({ plan }) => plan.track === slug)),
					formats: formats.made.filter(({ slug }) => used.some(({ plan }) => plan.format === slug)),
					people: names.made.filter(({ key }) => made.has(key))
				},
				dayBegins: dayBeginsIn(events, planning.zone)
			};
		}
		refusedIds = new Set([...refusedIds, ...now]);
	}
}
