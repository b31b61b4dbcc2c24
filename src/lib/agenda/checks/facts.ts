import type { PersonFacts, RoomFacts } from '#lib/database/answers/agenda/facts.ts';
import { splitList } from '#lib/i18n/list.ts';

export type { PersonFacts, RoomFacts, WalkingTime, SessionNeeds } from '#lib/database/answers/agenda/facts.ts';

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
export function itemsOf(words: string): string[] {
	return [...new Set(splitList(words))];
}

/** "en-fr, en-ar" → pairs; null when a part is invalid. */
export function pairsOf(words: string): PersonFacts['pairs'] | null {
	const pairs = itemsOf(words).map((one) => /^([a-z]{2,3})\s*(?:-|>|→|to)\s*([a-z]{2,3})$/i.exec(one));
	if (pairs.some((pair) => pair === null || pair[1]?.toLowerCase() === pair[2]?.toLowerCase())) return null;
	return pairs.map((pair) => ({ source: (pair?.[1] ?? '').toLowerCase(), target: (pair?.[2] ?? '').toLowerCase() }));
}
