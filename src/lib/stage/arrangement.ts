import type { OnStage } from './stage.ts';

/** What stands in one place of the picture: a shared screen, a face, or a name on ink. */
export interface Tile {
	key: string;
	person: OnStage;
	kind: 'screen' | 'camera' | 'name';
	/** Their sound is on; null when they send none. */
	heard: boolean | null;
	isSpeaking: boolean;
}

/** What LiveKit has of one identity. */
export interface Sending {
	camera: boolean;
	screen: boolean;
	/** Null without a microphone, false when it is muted. */
	microphone: boolean | null;
}

/** The large place and the small ones beside it. */
export interface Arrangement {
	main: Tile | null;
	side: Tile[];
}

/**
 * Sorts who is on stage into places: a shared screen first, else the one who speaks or spoke last, else the first with a picture.
 * Only people whom our own run state names on stage get a place, whatever LiveKit lists.
 */
export function arrange(
	people: readonly OnStage[],
	sending: ReadonlyMap<string, Sending>,
	speaking: readonly string[],
	lead: string | null
): Arrangement {
	const tiles = people.flatMap((person): Tile[] => {
		const sent = sending.get(person.identity);
		const common = { person, heard: sent?.microphone ?? null, isSpeaking: speaking.includes(person.identity) };
		const face: Tile = { ...common, key: person.identity, kind: sent?.camera ? 'camera' : 'name' };
		return sent?.screen ? [{ ...common, key: `${person.identity} screen`, kind: 'screen' }, face] : [face];
	});
	const main =
		tiles.find(({ kind }) => kind === 'screen') ??
		tiles.find(({ person }) => person.identity === lead) ??
		tiles.find(({ kind }) => kind === 'camera') ??
		tiles[0] ??
		null;
	return { main, side: tiles.filter((tile) => tile !== main) };
}

/** Who leads from now on: whoever has begun to speak, while the one before is silent. */
export function nextLead(lead: string | null, speaking: readonly string[]): string | null {
	return lead !== null && speaking.includes(lead) ? lead : (speaking[0] ?? lead);
}
