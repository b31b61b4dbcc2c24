import { splitList } from '#lib/i18n/list.ts';
import {
	anyText,
	type KnownEvent,
	type KnownSession,
	type PlannedRow,
	type PlannedSlot,
	type Planning,
	type RowNote
} from './draft.ts';
import { eventKey, type NamedEvent } from './identity.ts';
import { areTooLong, emptyEventOrigin, originWords, type EventOrigin } from './origin.ts';
import { personLimits } from './names.ts';
import { HeadingMatcher } from './headings.ts';
import type { PersonMatcher } from './names.ts';
import type { RoomBookings } from './places.ts';
import { splitNote, joinTexts } from './parts.ts';
import { addChange, setFacts, setLinks, setTexts } from './row-facts.ts';

/** What all rows of one plan share. */
export interface RowContext {
	planning: Planning;
	tracks: HeadingMatcher;
	formats: HeadingMatcher;
	rooms: HeadingMatcher;
	names: PersonMatcher;
	places: RoomBookings;
}

interface Group {
	session: KnownSession | null;
	events: NamedEvent[];
}

const day = 86_400_000;
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

/** One row of a plan: the changes of a session, or a new one. */
export function rowOf(group: Group, context: RowContext): PlannedRow {
	const { session, events } = group;
	const [first] = events;
	const row: PlannedRow = {
		title: first?.title || anyText(session?.title),
		outcome: session ? 'changed' : 'new',
		session_id: session?.id ?? null,
		version: session?.version ?? null,
		changes: [],
		notes: [],
		plan: { fields: {}, people: [], events: [] }
	};
	if (!first) return row;
	// A table of speakers contains nothing about a session but its people.
	const peopleOnly = first.title === '' && first.start === null && first.name === null && first.persons.length > 0;
	if (peopleOnly && !session)
		return { ...row, title: first.code ?? '', outcome: 'cannot', notes: [{ code: 'unknown_session' }] };
	const faults = peopleOnly
		? []
		: [...tooLong(events), ...setTexts(row, first, session, context), ...setFacts(row, first, session, context)];
	if (faults.length === 0 && !peopleOnly) {
		setEvents(row, group, context);
		setLinks(row, group);
		faults.push(...setPlaces(row, group, context));
	}
	setPeople(row, group, context);
	if (faults.length > 0) return { ...row, outcome: 'cannot', changes: [], notes: [...faults, ...row.notes] };
	const outcome = session && row.changes.length === 0 ? 'same' : row.outcome;
	if (row.plan.slots) context.places.book(row.plan.slots, row.title);
	else if (session) context.places.book(session.slots, row.title);
	return { ...row, outcome };
}

function slotsOf(
	row: PlannedRow,
	{ session, events }: Group,
	{ planning, rooms }: RowContext
): PlannedSlot[] | RowNote {
	const bySlot = new Map(
		planning.draft.events.flatMap((event) => (event.slot ? [[eventKey(event), event.slot] as const] : []))
	);
	const open = [...(session?.slots ?? [])];
	const slots: PlannedSlot[] = [];
	const timed = events.filter(({ start }) => start !== null).sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
	for (const event of timed) {
		const [start, end] = [event.start ?? 0, event.end ?? 0];
		if (end - start > day) return { code: 'too_long' };
		const named = event.name === null ? undefined : bySlot.get(eventKey(event.name));
		const same = (slot: { start: string; end: string }) =>
			Date.parse(slot.start) === start && Date.parse(slot.end) === end;
		const at = [open.findIndex(({ id }) => id === named), open.findIndex(same), 0].find(
			(index) => index >= 0 && index < open.length
		);
		const [old] = at === undefined ? [] : open.splice(at, 1);
		const wanted = splitList(event.room, 'semicolons').map((name) => rooms.slug(name));
		if (wanted.includes(null)) row.notes.push({ code: 'no_room', words: event.room });
		const found = wanted.filter((slug) => slug !== null);
		// A format with one room for a time contains nothing about the others.
		const keeps = old !== undefined && found.length === 1 && found[0] !== undefined && old.rooms.includes(found[0]);
		const placed = keeps ? old.rooms : found;
		if (placed.length === 0) continue;
		slots.push({ id: old?.id ?? '', start: iso(start), end: iso(end), rooms: placed });
	}
	return slots;
}

const written = (slots: readonly { start: string; end: string; rooms: string[] }[]) =>
	slots.map(({ start, end, rooms }) => `${start} ${end} ${[...rooms].sort().join('+')}`).sort();

/** Names over our limit are reported on the row: a cut name is another name, created again with each file. */
function tooLong(events: readonly NamedEvent[]): RowNote[] {
	const person = events.flatMap(({ persons }) => persons).find(({ name }) => name.length > personLimits.name);
	if (person) return [{ code: 'name_too_long', words: person.name.slice(0, 80) }];
	const biography = events
		.flatMap(({ persons }) => persons)
		.find((one) => one.biography.length > personLimits.biography);
	if (biography) return [{ code: 'text_too_long', words: String(biography.biography.length) }];
	const heading = events
		.flatMap(({ room, track, type }) => [...splitList(room, 'semicolons'), track, type])
		.find((name) => name.length > HeadingMatcher.most);
	if (heading !== undefined) return [{ code: 'heading_too_long', words: heading.slice(0, 80) }];
	return areTooLong(events.map(({ origin }) => origin)) ? [{ code: 'origin_too_long' }] : [];
}

/** The ids of the events elsewhere, and what the file contains about each that has no field in a session. */
function setEvents(row: PlannedRow, { session, events }: Group, { planning }: RowContext): void {
	const known = new Map(planning.draft.events.flatMap((one) => (one.origin ? [[eventKey(one), one] as const] : [])));
	const isTable = planning.file?.kind === 'csv' || planning.file?.kind === 'speakers';
	const time = (at: number | null) => (at === null ? null : iso(at));
	for (const event of events) {
		const { name, code, start, end, subtitle, abstract } = event;
		for (const words of event.leftOut) row.notes.push({ code: 'link_left_out', words });
		if (name === null || name.guid === session?.id) continue;
		const description = splitNote(event.description, planning.notePrefixes).description;
		const { parts } = joinTexts({ subtitle, abstract, description });
		const origin = setOrigin(row, event, known.get(eventKey(name)), { isKnown: session !== null, isTable });
		row.plan.events.push({
			...name,
			code,
			start: time(start),
			end: time(end),
			...(parts && { parts }),
			origin
		});
	}
}

function setOrigin(
	row: PlannedRow,
	{ origin }: NamedEvent,
	old: KnownEvent | undefined,
	{ isKnown, isTable }: { isKnown: boolean; isTable: boolean }
): EventOrigin {
	const before = { ...emptyEventOrigin(), ...old?.origin };
	// A table has no columns for it.
	if (isTable) return before;
	const [from, to] = [originWords(before), originWords(origin)];
	if (from !== to && (old || isKnown)) addChange(row, 'origin', from, to);
	const { feedback_url, logo, license } = origin;
	return { url: origin.url || before.url, feedback_url, logo, license };
}

function setPlaces(row: PlannedRow, group: Group, context: RowContext): RowNote[] {
	const { session, events } = group;
	const { planning } = context;
	const bad = events.find(({ badTime }) => badTime !== null);
	if (bad) return [{ code: 'bad_time', words: bad.badTime ?? '' }];
	if (events.every(({ start }) => start === null)) {
		if (!session) row.notes.push({ code: 'no_time' });
		return [];
	}
	const slots = slotsOf(row, group, context);
	if ('code' in slots) return [slots];
	if (slots.length === 0) return [];
	const conflict = context.places.conflictOf(slots);
	if (conflict !== null && session && written(session.slots).join() !== written(slots).join())
		return [{ code: 'room_taken', words: conflict }];
	if (conflict !== null && !session) {
		row.notes.push({ code: 'room_taken', words: conflict });
		return [];
	}
	const [opens, closes] = [Date.parse(planning.startsOn) - day / 2, Date.parse(planning.endsOn) + 2 * day];
	if (slots.some(({ start, end }) => Date.parse(start) < opens || Date.parse(end) > closes))
		row.notes.push({ code: 'outside_summit' });
	if (session?.state === 'cancelled') return [];
	const [before, after] = [written(session?.slots ?? []), written(slots)];
	if (before.join() === after.join()) return [];
	row.plan.slots = slots;
	addChange(row, 'slots', before.join('\n'), after.join('\n'));
	return [];
}

function setPeople(row: PlannedRow, { session, events }: Group, { names }: RowContext): void {
	const added = new Set<string>();
	for (const person of events.flatMap(({ persons }) => persons)) {
		const found = names.find(person);
		if ('left' in found) {
			row.notes.push({ code: found.left, words: person.name });
			continue;
		}
		const who = 'code' in found ? found.code : found.key;
		// A person who already takes part keeps the part that they have.
		const here = session?.people.filter((one) => one.person === who) ?? [];
		if (
			added.has(`${who} ${person.role}`) ||
			here.some(({ state, role }) => state !== 'declined' && (role === person.role || person.role === 'speaker'))
		)
			continue;
		added.add(`${who} ${person.role}`);
		if (here.some(({ state, role }) => state === 'declined' && role === person.role)) {
			row.notes.push({ code: 'person_declined', words: person.name });
			continue;
		}
		row.plan.people.push({ ...found, role: person.role });
		addChange(row, 'people', '', person.role === 'speaker' ? person.name : `${person.name} (${person.role})`);
	}
}
