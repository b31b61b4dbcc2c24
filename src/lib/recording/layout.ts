import type { Arrangement, Tile } from '#lib/stage/arrangement.ts';

/** A rectangle of the picture, in pixels. */
export interface Place {
	/** Null: the page of slides. */
	tile: Tile | null;
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The size of what is recorded. */
export const size = { width: 1280, height: 720 } as const;

const column = 288;
const gap = 8;
// Under these the picture ends: a line for the title of the session.
const foot = 44;

/** What is drawn besides those on stage. */
export interface Besides {
	/** A page of slides. */
	hasSlide: boolean;
	/** The hosts show somebody large. */
	hasSpotlight: boolean;
	/** Who signs: always in a place of their own, and the first. */
	signing: readonly Tile[];
}

const nothing: Besides = { hasSlide: false, hasSpotlight: false, signing: [] };

/**
 * Where everybody stands in a recording, as on the page of the stage: the large place, for a page of slides before a speaker, and up to
 * four small ones beside it; or all of one size.
 */
export function placesOf(
	{ main, side, equal }: Pick<Arrangement, 'main' | 'side' | 'equal'>,
	{ hasSlide, hasSpotlight, signing }: Besides = nothing
): Place[] {
	const isSlideLarge = hasSlide && !hasSpotlight && main?.kind !== 'screen';
	const small = [...signing, ...(isSlideLarge && main ? [main] : []), ...side, ...(isSlideLarge ? equal : [])].slice(
		0,
		4
	);
	const height = size.height - foot;
	const width = small.length === 0 ? size.width : size.width - column - gap;
	const large: Place[] = isSlideLarge
		? [{ tile: null, x: 0, y: 0, width, height }]
		: main
			? [{ tile: main, x: 0, y: 0, width, height }]
			: panel(equal, width, height);
	const each = Math.min((column * 9) / 16, (height - gap * (small.length - 1)) / small.length);
	return [
		...large,
		...small.map((tile, index) => ({
			tile,
			x: size.width - column,
			y: index * (each + gap),
			width: column,
			height: each
		}))
	];
}

function panel(tiles: readonly Tile[], across: number, height: number): Place[] {
	const columns = Math.ceil(Math.sqrt(tiles.length));
	const rows = Math.ceil(tiles.length / Math.max(1, columns));
	const width = (across - gap * (columns - 1)) / columns;
	const each = (height - gap * (rows - 1)) / rows;
	return tiles.map((tile, index) => ({
		tile,
		x: (index % columns) * (width + gap),
		y: Math.floor(index / columns) * (each + gap),
		width,
		height: each
	}));
}

/** The part of a picture that fills a place (a face), or the part of the place that a whole picture fills (slides). */
export function fit(
	picture: { width: number; height: number },
	place: { x: number; y: number; width: number; height: number },
	isWhole: boolean
): { from: [number, number, number, number]; to: [number, number, number, number] } {
	const across = place.width / picture.width;
	const down = place.height / picture.height;
	if (isWhole) {
		const scale = Math.min(across, down);
		const [width, height] = [picture.width * scale, picture.height * scale];
		return {
			from: [0, 0, picture.width, picture.height],
			to: [place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height]
		};
	}
	const scale = Math.max(across, down);
	const [width, height] = [place.width / scale, place.height / scale];
	return {
		from: [(picture.width - width) / 2, (picture.height - height) / 2, width, height],
		to: [place.x, place.y, place.width, place.height]
	};
}
