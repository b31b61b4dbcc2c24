import type { Random } from './prng.ts';
import type { Topic } from './texts.ts';
import type { Block } from './timetable.ts';

/** Rooms that a break spans. */
export const physical = ['plenary-hall', 'rio', 'ceibo', 'ombu', 'jacaranda', 'palma'];
/** Where a format is best held; the first free one is taken. */
export const preferred: Record<string, string[]> = {
	panel: ['plenary-hall', 'ceibo', 'jacaranda', 'palma', 'ombu', 'rio', 'studio', 'overflow'],
	workshop: ['ombu', 'palma', 'jacaranda', 'ceibo', 'rio', 'plenary-hall', 'overflow'],
	roundtable: ['rio', 'ombu', 'palma', 'ceibo', 'jacaranda', 'plenary-hall', 'overflow'],
	lightning: ['studio', 'jacaranda', 'ceibo', 'plenary-hall', 'palma', 'ombu', 'rio', 'overflow']
};
/** The rooms with cameras: sessions elsewhere are held in the hall alone. */
export const streamed: ReadonlySet<string> = new Set(['plenary-hall', 'overflow', 'ceibo', 'studio']);
/** Who takes part in a session of each format. */
export const cast: Record<string, [role: string, count: number][]> = {
	plenary: [
		['chair', 1],
		['speaker', 4]
	],
	panel: [
		['moderator', 1],
		['speaker', 3]
	],
	workshop: [
		['moderator', 1],
		['speaker', 2]
	],
	roundtable: [
		['chair', 1],
		['speaker', 2],
		['respondent', 1]
	],
	lightning: [
		['moderator', 1],
		['speaker', 4]
	],
	relay: [
		['moderator', 1],
		['speaker', 1]
	],
	break: []
};

/** Languages that a session beside others is interpreted into: there are not interpreters for all. */
export function someLanguages(random: Random, spoken: string[]): string[] {
	if (!spoken.includes('en')) return ['en'];
	return random.chance(0.4) ? [random.pick(['fr', 'es', 'ar'])] : [];
}

/** Deals topics to blocks in turn, none more than it takes. */
export function deal(list: Topic[], blocks: Block[], places: (block: Block) => number): Map<Block, Topic[]> {
	const dealt = new Map(blocks.map((block) => [block, [] as Topic[]]));
	let at = 0;
	for (const topic of list) {
		for (let tries = 0; tries < blocks.length; tries += 1) {
			const block = blocks[at++ % blocks.length];
			const held = block && dealt.get(block);
			if (!block || !held || held.length >= places(block)) continue;
			held.push(topic);
			break;
		}
	}
	return dealt;
}
