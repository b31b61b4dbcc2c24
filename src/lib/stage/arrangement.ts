import type { OnStage } from './stage.ts';
import type { LayoutChoice } from '#lib/database/answers/stage/stage.ts';

/** The content of one place in the video: a shared screen, a face, or a name on the background. */
export interface Tile {
	key: string;
	person: OnStage;
	kind: 'screen' | 'camera' | 'name';
	/** Their audio is on; null when they send none. */
	audioOn: boolean | null;
	isSpeaking: boolean;
}

/** The media of one identity in LiveKit. */
export interface SentMedia {
	camera: boolean;
	screen: boolean;
	/** Null without a microphone, false when it is muted. */
	microphone: boolean | null;
}

/** The large place and the small ones beside it; or several of equal size, and no large one. */
export interface Arrangement {
	/** What is in the large place instead of a tile: a poll, or a slide; `main` is then null. */
	page: 'poll' | 'slide' | null;
	main: Tile | null;
	side: Tile[];
	equal: Tile[];
	/** Signers: in their own place in every layout, which nothing else takes. */
	signs: string[];
	/** Of those above, the present or last speaker: kept where there are too few places. */
	speaker: Tile | null;
}

/** What is shown beside the people on stage. */
interface StageExtras {
	/** A slide is shown. */
	hasSlide: boolean;
	/** A poll or its result is shown. */
	hasPoll?: boolean;
	/** Identities of signers whom the reader wants to see. */
	signing: readonly string[];
}

const asItComes: LayoutChoice = { layout: 'speaker', spotlight: null };
const alone: StageExtras = { hasSlide: false, signing: [] };

/**
 * Arranges who is on stage: large is a shown poll, else the person whom the hosts show large, else a shared screen, else a slide, else the
 * present or last speaker, else the first with video. Two people, and all in the panel layout, are equal, unless one of the first four is
 * there. In the slides layout, those are large with only the speaker beside them. Only people whom our own run state names on stage get a place, whatever
 * LiveKit lists.
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
		const common = { person, audioOn: sent?.microphone ?? null, isSpeaking: speaking.includes(person.identity) };
		const face: Tile = { ...common, key: person.identity, kind: sent?.camera ? 'camera' : 'name' };
		return sent?.screen ? [{ ...common, key: `${person.identity} screen`, kind: 'screen' }, face] : [face];
	});
	const signs = signing.filter((identity) => sending.get(identity)?.camera === true);
	const chosen = tiles.find(({ key }) => key === spotlight) ?? tiles.find(({ kind }) => kind === 'screen') ?? null;
	const page = hasPoll ? 'poll' : hasSlide && chosen === null ? 'slide' : null;
	const speaker = speakerOf(tiles, lead);
	const areEqual = (layout === 'panel' || tiles.length === 2) && !chosen && !page;
	if (areEqual) return { page, main: null, side: [], equal: tiles, signs, speaker };
	const main = page ? null : (chosen ?? speaker);
	const others = tiles.filter((tile) => tile !== main);
	// As in a lecture: the person who shares the screen is beside it while nobody else has spoken.
	const isLecture = layout === 'slides' && (page !== null || main?.kind === 'screen');
	const side = isLecture ? others.filter((tile) => tile === speaker) : others;
	return { page, main, side, equal: [], signs, speaker };
}

/** All tiles of an arrangement, the large one first. */
export function tilesOf({ main, side, equal }: Arrangement): Tile[] {
	return [...(main ? [main] : []), ...side, ...equal];
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

/** The active speaker from now on: a person who has begun to speak, while the previous one is silent. */
export function nextLead(lead: string | null, speaking: readonly string[]): string | null {
	return lead !== null && speaking.includes(lead) ? lead : (speaking[0] ?? lead);
}
