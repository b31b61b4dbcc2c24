/** The known facts of a room. */
export interface RoomFacts {
	/** Slug. */
	room: string;
	building: string;
	floor: string;
	is_step_free: boolean;
	has_hearing_loop: boolean;
	/** It is streamed, so that it can be watched online. */
	is_streamed: boolean;
	/** It is open: anybody may walk past and listen. */
	is_open: boolean;
	equipment: string[];
}

/** The walk between two halls, by slug. */
export interface RoomWay {
	one: string;
	other: string;
	/** On foot. */
	minutes: number;
	/** Entered for this pair; else by building and floor. */
	is_said: boolean;
}

/** The needs of a session. */
export interface SessionNeeds {
	expected: number | null;
	needs_step_free: boolean;
	needs_hearing_loop: boolean;
	equipment: string[];
}

/** A person of the agenda: their availability, their zone then, and the languages that they interpret. */
export interface PersonFacts {
	person: string;
	name: string;
	roles: string[];
	zone: string | null;
	during: { start: string; end: string }[];
	pairs: { source: string; target: string }[];
}

/** A room without entered facts. */
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

/** "en-fr, en-ar" → pairs; null when a part is invalid. */
export function pairsOf(words: string): PersonFacts['pairs'] | null {
	const pairs = thingsOf(words).map((one) => /^([a-z]{2,3})\s*(?:-|>|→|to)\s*([a-z]{2,3})$/i.exec(one));
	if (pairs.some((pair) => pair === null || pair[1]?.toLowerCase() === pair[2]?.toLowerCase())) return null;
	return pairs.map((pair) => ({ source: (pair?.[1] ?? '').toLowerCase(), target: (pair?.[2] ?? '').toLowerCase() }));
}
