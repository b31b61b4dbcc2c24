import type { StageLayout } from './flow.ts';
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

/** The large place and the small ones beside it; or several of one size, and no large one. */
export interface Arrangement {
	main: Tile | null;
	side: Tile[];
	equal: Tile[];
}

/** How a run is shown, as its hosts chose. */
export interface Staged {
	layout: StageLayout;
	/** Whom they show large. */
	spotlight: string | null;
}

const asItComes: Staged = { layout: 'speaker', spotlight: null };

/**
 * Sorts who is on stage into places: whom the hosts show large, else a shared screen, else the one who speaks or spoke last, else
 * the first with a picture. As a panel all are equal, unless one of the first two is there.
 * Only people whom our own run state names on stage get a place, whatever LiveKit lists.
 */
export function arrange(
	people: readonly OnStage[],
	sending: ReadonlyMap<string, Sending>,
	speaking: readonly string[],
	lead: string | null,
	{ layout, spotlight }: Staged = asItComes
): Arrangement {
	const tiles = people.flatMap((person): Tile[] => {
		const sent = sending.get(person.identity);
		const common = { person, heard: sent?.microphone ?? null, isSpeaking: speaking.includes(person.identity) };
		const face: Tile = { ...common, key: person.identity, kind: sent?.camera ? 'camera' : 'name' };
		return sent?.screen ? [{ ...common, key: `${person.identity} screen`, kind: 'screen' }, face] : [face];
	});
	const chosen = tiles.find(({ key }) => key === spotlight) ?? tiles.find(({ kind }) => kind === 'screen');
	if (layout === 'panel' && !chosen) return { main: null, side: [], equal: tiles };
	const main =
		chosen ??
		tiles.find(({ person }) => person.identity === lead) ??
		tiles.find(({ kind }) => kind === 'camera') ??
		tiles[0] ??
		null;
	return { main, side: tiles.filter((tile) => tile !== main), equal: [] };
}

/** Who leads from now on: whoever has begun to speak, while the one before is silent. */
export function nextLead(lead: string | null, speaking: readonly string[]): string | null {
	return lead !== null && speaking.includes(lead) ? lead : (speaking[0] ?? lead);
}
