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
export interface SentMedia {
	camera: boolean;
	screen: boolean;
	/** Null without a microphone, false when it is muted. */
	microphone: boolean | null;
}

/** The large place and the small ones beside it; or several of one size, and no large one. */
export interface Arrangement {
	/** What stands in the large place instead of a tile: a poll, or a page of slides; `main` is then null. */
	page: 'poll' | 'slide' | null;
	main: Tile | null;
	side: Tile[];
	equal: Tile[];
	/** Who signs: in a place of their own in every layout, which nothing else takes. */
	signs: string[];
	/** Of those above, who speaks or spoke last: where there are too few places, this one is kept. */
	speaker: Tile | null;
}

/** What there is beside the people on stage. */
export interface StageExtras {
	/** A page of slides is shown. */
	hasSlide: boolean;
	/** A poll or its result is shown. */
	hasPoll?: boolean;
	/** Identities of those who sign and are wanted. */
	signing: readonly string[];
}

/** How a run is shown, as its hosts chose. */
export interface LayoutChoice {
	layout: StageLayout;
	/** Whom they show large. */
	spotlight: string | null;
}

const asItComes: LayoutChoice = { layout: 'speaker', spotlight: null };
const alone: StageExtras = { hasSlide: false, signing: [] };

/**
 * Sorts who is on stage into places: a poll that is shown, else whom the hosts show large, else a shared screen, else a page of slides, else the one who speaks
 * or spoke last, else the first with a picture. As a panel all are equal, unless one of the first four is there. As slides, those
 * are large with the speaker alone beside them.
 * Only people whom our own run state names on stage get a place, whatever LiveKit lists.
 */
export function arrange(
	people: readonly OnStage[],
	sending: ReadonlyMap<string, SentMedia>,
	speaking: readonly string[],
	lead: string | null,
	{ layout, spotlight }: LayoutChoice = asItComes,
	{ hasSlide, hasPoll = false, signing }: StageExtras = alone
): Arrangement {
	const tiles = people.flatMap((person): Tile[] => {
		const sent = sending.get(person.identity);
		const common = { person, heard: sent?.microphone ?? null, isSpeaking: speaking.includes(person.identity) };
		const face: Tile = { ...common, key: person.identity, kind: sent?.camera ? 'camera' : 'name' };
		return sent?.screen ? [{ ...common, key: `${person.identity} screen`, kind: 'screen' }, face] : [face];
	});
	const signs = signing.filter((identity) => sending.get(identity)?.camera === true);
	const chosen = tiles.find(({ key }) => key === spotlight) ?? tiles.find(({ kind }) => kind === 'screen') ?? null;
	const page = hasPoll ? 'poll' : hasSlide && chosen === null ? 'slide' : null;
	const speaker = speakerOf(tiles, lead);
	if (layout === 'panel' && !chosen && !page) return { page, main: null, side: [], equal: tiles, signs, speaker };
	const main = page ? null : (chosen ?? speaker);
	const others = tiles.filter((tile) => tile !== main);
	// As in a lecture: who has shared the screen is beside it while nobody else has spoken.
	const isLecture = layout === 'slides' && (page !== null || main?.kind === 'screen');
	const side = isLecture ? others.filter((tile) => tile === speaker) : others;
	return { page, main, side, equal: [], signs, speaker };
}

function speakerOf(tiles: readonly Tile[], lead: string | null): Tile | null {
	const faces = tiles.filter(({ kind }) => kind !== 'screen');
	return (
		faces.find(({ person }) => person.identity === lead) ??
		faces.find(({ kind }) => kind === 'camera') ??
		faces[0] ??
		null
	);
}

/** Who leads from now on: whoever has begun to speak, while the one before is silent. */
export function nextLead(lead: string | null, speaking: readonly string[]): string | null {
	return lead !== null && speaking.includes(lead) ? lead : (speaking[0] ?? lead);
}
