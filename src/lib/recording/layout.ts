import type { Arrangement, Tile } from '#lib/stage/arrangement.ts';

/** A rectangle of the picture, in pixels. */
export interface Place {
	tile: Tile;
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

/** Where everybody stands in a recording: the large place, and up to four small ones beside it; or all of one size. */
export function placesOf({ main, side, equal }: Arrangement): Place[] {
	const height = size.height - foot;
	if (!main) return panel(equal, height);
	if (side.length === 0) return [{ tile: main, x: 0, y: 0, width: size.width, height }];
	const few = side.slice(0, 4);
	const small = Math.min((column * 9) / 16, (height - gap * (few.length - 1)) / few.length);
	return [
		{ tile: main, x: 0, y: 0, width: size.width - column - gap, height },
		...few.map((tile, index) => ({
			tile,
			x: size.width - column,
			y: index * (small + gap),
			width: column,
			height: small
		}))
	];
}

function panel(tiles: readonly Tile[], height: number): Place[] {
	const across = Math.ceil(Math.sqrt(tiles.length));
	const down = Math.ceil(tiles.length / Math.max(1, across));
	const width = (size.width - gap * (across - 1)) / across;
	const each = (height - gap * (down - 1)) / down;
	return tiles.map((tile, index) => ({
		tile,
		x: (index % across) * (width + gap),
		y: Math.floor(index / across) * (each + gap),
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
