/* The parts of a meeting's room that a page reads again, and how they are put into what it loaded. No I/O. */
import type { LiveRoomData, RoomParts } from '#lib/database/answers/meetings.ts';

export type PartName = 'people' | 'hands' | 'me' | 'chat' | 'languages';
export const partNames: readonly PartName[] = ['people', 'hands', 'me', 'chat', 'languages'];

/** One reading: the messages are those after `after`, or all of them. */
export interface PartReading {
	parts: RoomParts;
	after: string | null;
}

// So many readings of messages are kept apart, for a load that was under way when they were read.
const mostApart = 20;

const ofKind: Record<string, readonly PartName[]> = {
	hands: ['hands'],
	chat: ['chat'],
	// With the people, all messages are read.
	deleted: ['people', 'chat'],
	muted: ['me'],
	// What somebody sends arrives by LiveKit.
	cameras: [],
	// They are read by themselves (room-captions.svelte.ts).
	caption: [],
	captions: [],
	voice: ['languages'],
	// An interpreter offers to hand over.
	booth: [],
	waiting: ['people'],
	connections: ['people', 'languages'],
	people: ['people'],
	breakouts: ['people', 'chat']
};

/** The parts that an event of this kind changes for who is in the room; null: anything may have changed. */
export function roomPartsOf(kind: string, isHost: boolean): readonly PartName[] | null {
	if (kind === 'waiting' && !isHost) return [];
	return ofKind[kind] ?? null;
}

/** Whether an event of this kind changes what somebody sees who is not in the room. */
export function concernsOutside(kind: string): boolean {
	return roomPartsOf(kind, false) === null || kind === 'people';
}

/** The readings that still count after another one, the oldest first: what it has read again replaces what was read before. */
export function addReading(readings: readonly PartReading[], added: PartReading): PartReading[] {
	const kept = readings.flatMap((one) => {
		const rest = Object.entries(one.parts).filter(
			([name]) => name === 'read_at' || !(name in added.parts) || (name === 'messages' && added.after !== null)
		);
		return rest.length > 1 ? [{ ...one, parts: Object.fromEntries(rest) as unknown as RoomParts }] : [];
	});
	return withOldestMerged([...kept, added].sort((one, other) => one.parts.read_at - other.parts.read_at));
}

// Readings of later messages add to those before. Of many, the two oldest become one: no load is under way that is older.
function withOldestMerged(readings: PartReading[]): PartReading[] {
	const [first, second, ...others] = readings.filter(({ parts }) => parts.messages);
	if (!first?.parts.messages || !second?.parts.messages || others.length < mostApart) return readings;
	const { messages, ...rest } = first.parts;
	const all = second.after === null ? second.parts.messages : joinMessages(messages, second.parts.messages);
	const merged = { parts: { ...second.parts, messages: all }, after: second.after === null ? null : first.after };
	const before = Object.keys(rest).length > 1 ? [{ ...first, parts: rest }] : [];
	return readings.flatMap((one) => (one === first ? before : one === second ? [merged] : [one]));
}

/** Whether somebody is in another room than the page shows, whose messages were not read. */
export function needsMessages(shown: LiveRoomData, { parts }: PartReading): boolean {
	return !!parts.me && !parts.messages && parts.me.number !== shown.me?.number;
}

/** What the page loaded, with the readings since. */
export function roomWith(loaded: LiveRoomData, readings: readonly PartReading[]): LiveRoomData {
	return readings.filter(({ parts }) => parts.read_at >= loaded.read_at).reduce(withReading, loaded);
}

function withReading(room: LiveRoomData, { parts, after }: PartReading): LiveRoomData {
	const { hands, messages, read_at: _, ...whole } = parts;
	const found = { ...room, ...whole };
	if (hands) {
		const up = new Map(hands.map(({ id, at }) => [id, at]));
		found.people = found.people.map((person) => ({ ...person, hand: up.get(person.id) ?? null }));
	}
	if (messages && after === null) found.messages = messages;
	else if (messages) found.messages = joinMessages(room.messages, messages);
	return found;
}

function joinMessages(before: LiveRoomData['messages'], later: LiveRoomData['messages']): LiveRoomData['messages'] {
	const known = new Set(later.map(({ id }) => id));
	return [...before.filter(({ id }) => !known.has(id)), ...later].slice(-200);
}
