import type { Arrangement, Tile } from '#lib/stage/arrangement.ts';

/** A rectangle of the video, in pixels, and its content. */
export interface TileBox {
	what: Tile | 'poll' | 'slide';
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The size of the recorded video. */
export const size = { width: 1280, height: 720 } as const;

/** Its frames per second: enough for hands and slides, half the work of a film. */
export const rate = 20;

const column = 288;
const gap = 8;
// The video ends above these lines: one for the title of the session.
const foot = 44;

const most = 4;

/**
 * The position of everything in a recording: the large place, and up to four small ones beside it, signers first; or all of equal size.
 * `signing` are the tiles of the arrangement's `signs`.
 */
export function layOut(
	{ page, main, side, equal, speaker }: Omit<Arrangement, 'signs'>,
	signing: readonly Tile[] = []
): TileBox[] {
	const small = [...signing, ...within(side, speaker, most - signing.length)].slice(0, most);
	const height = size.height - foot;
	const width = small.length === 0 ? size.width : size.width - column - gap;
	const what = page ?? main;
	const large: TileBox[] = what ? [{ what, x: 0, y: 0, width, height }] : panel(equal, width, height);
	const each = Math.min((column * 9) / 16, (height - gap * (small.length - 1)) / small.length);
	return [
		...large,
		...small.map((tile, index) => ({
			what: tile,
			x: size.width - column,
			y: index * (each + gap),
			width: column,
			height: each
		}))
	];
}

// Nobody can scroll a recording: the speaker is among those that fit.
function within(side: readonly Tile[], speaker: Tile | null, places: number): Tile[] {
	const first = side.slice(0, Math.max(0, places));
	if (speaker === null || first.length === 0 || first.includes(speaker) || !side.includes(speaker)) return first;
	return [...first.slice(0, -1), speaker];
}

function panel(tiles: readonly Tile[], across: number, height: number): TileBox[] {
	const columns = Math.ceil(Math.sqrt(tiles.length));
	const rows = Math.ceil(tiles.length / Math.max(1, columns));
	const width = (across - gap * (columns - 1)) / columns;
	const each = (height - gap * (rows - 1)) / rows;
	return tiles.map((tile, index) => ({
		what: tile,
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
