/** What is known of a room. */
export interface RoomFacts {
	/** Slug. */
	room: string;
	building: string;
	floor: string;
	is_step_free: boolean;
	has_hearing_loop: boolean;
	/** What happens in it can be watched online. */
	is_streamed: boolean;
	/** Anybody may walk past and listen. */
	is_open: boolean;
	equipment: string[];
}

/** The way between two halls, by slug. */
export interface RoomWay {
	one: string;
	other: string;
	/** On foot. */
	minutes: number;
	/** Said of this pair; else by building and floor. */
	is_said: boolean;
}

/** What a session needs of its room. */
export interface SessionNeeds {
	expected: number | null;
	needs_step_free: boolean;
	needs_hearing_loop: boolean;
	equipment: string[];
}

/** Somebody of the agenda: when they can, in which zone they are then, and the languages that they interpret. */
export interface PersonFacts {
	person: string;
	name: string;
	roles: string[];
	zone: string | null;
	during: { start: string; end: string }[];
	pairs: { source: string; target: string }[];
}

/** A room of which nothing was said. */
export const unknownRoom = (room: string): RoomFacts => ({
	room,
	building: '',
	floor: '',
	is_step_free: false,
	has_hearing_loop: false,
	is_streamed: true,
	is_open: false,
	equipment: []
});

/** "Projector, two lecterns" → its parts, each once. */
export function thingsOf(words: string): string[] {
	return [...new Set(words.split(/[,،;\n]/).map((one) => one.trim()))].filter(Boolean);
}

/** "en-fr, en-ar" → pairs; null when a part is none. */
export function pairsOf(words: string): PersonFacts['pairs'] | null {
	const pairs = thingsOf(words).map((one) => /^([a-z]{2,3})\s*(?:-|>|→|to)\s*([a-z]{2,3})$/i.exec(one));
	if (pairs.some((pair) => pair === null || pair[1]?.toLowerCase() === pair[2]?.toLowerCase())) return null;
	return pairs.map((pair) => ({ source: (pair?.[1] ?? '').toLowerCase(), target: (pair?.[2] ?? '').toLowerCase() }));
}
