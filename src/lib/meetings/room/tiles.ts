/* Which tiles of a meeting's room are shown, and how large. No I/O. */
import { arrange, type Arrangement, type SentMedia, type Tile } from '#lib/stage/arrangement.ts';
import type { RoomPerson } from '#lib/database/answers/meetings.ts';

export type RoomView = 'gallery' | 'speaker';

/** A place for tiles: how many beside and below one another, and so on one page. */
export interface GalleryLayout {
	columns: number;
	rows: number;
	perPage: number;
}

const gap = 10;
/** More faces than these on one page are too small to read, and too much for a connection. */
const most = 25;

/**
 * The layout of so many tiles of 16:9 in a place of this size, in pixels: as large as all of them fit, or pages of tiles
 * that are not narrower than `least`.
 */
export function galleryLayout(count: number, width: number, height: number, least = 190): GalleryLayout {
	const fitting = (size: number, tile: number) => Math.max(1, Math.floor((size + gap) / (tile + gap)));
	const perPage = Math.max(1, Math.min(count, most, fitting(width, least) * fitting(height, (least * 9) / 16)));
	const choices = Array.from({ length: perPage }, (_, index) => {
		const columns = index + 1;
		const rows = Math.ceil(perPage / columns);
		const across = (width - gap * (columns - 1)) / columns;
		const down = (((height - gap * (rows - 1)) / rows) * 16) / 9;
		return { columns, rows, size: Math.min(across, down) };
	});
	const largest = Math.max(...choices.map(({ size }) => size));
	// Of nearly equal sizes the wider arrangement: two people are side by side.
	const { columns, rows } = choices.findLast(({ size }) => size >= largest * 0.93) ?? { columns: 1, rows: 1 };
	return { columns, rows, perPage };
}

/** The tiles of one page. Who speaks on a later page takes the last place of the first one. */
export function galleryPage(tiles: readonly Tile[], page: number, perPage: number, lead: string | null): Tile[] {
	const at = tiles.findIndex(({ person }) => person.identity === lead);
	const speaker = tiles[at];
	const ordered =
		speaker && at >= perPage
			? [...tiles.slice(0, perPage - 1), speaker, ...tiles.slice(perPage - 1).filter((tile) => tile !== speaker)]
			: tiles;
	return ordered.slice(page * perPage, (page + 1) * perPage);
}

/** The people of a room as tiles: equal in the gallery, the speaker large in the other view, a shared screen always. */
export function arrangeRoom(
	people: readonly RoomPerson[],
	sending: ReadonlyMap<string, SentMedia>,
	speaking: readonly string[],
	lead: string | null,
	view: RoomView
): Arrangement {
	const shown = people
		.filter(({ identity }) => sending.has(identity))
		// The reader comes last, so that their own face does not take the large place before anybody has spoken.
		.sort((one, other) => Number(one.is_me) - Number(other.is_me))
		.map(({ id, identity, display_name }) => ({
			identity,
			code: id,
			display_name,
			office: '',
			affiliation: '',
			country: null,
			role: 'speaker' as const
		}));
	const layout = view === 'gallery' ? 'panel' : 'speaker';
	const found = arrange(shown, sending, speaking, lead, { layout, spotlight: null });
	// On a stage two people are equal; here the view was chosen.
	if (view === 'gallery' || found.main !== null || found.equal.length < 2) return found;
	const side = found.equal.filter((tile) => tile !== found.speaker);
	return { ...found, main: found.speaker, side, equal: [] };
}

/** The highest layer that so many faces of one size need. */
export function layerFor(count: number): 'high' | 'medium' | 'low' {
	if (count <= 2) return 'high';
	return count <= 6 ? 'medium' : 'low';
}

/** Who has the large place, and who would take it. Time in milliseconds. */
export interface HeldLead {
	lead: string | null;
	candidate: string | null;
	since: number;
}

/** A cough changes nothing: another takes the place only after speaking so long while the former is silent. */
export const leadAfter = 1000;

/** Who has the large place from now on; `speaking` without the reader. */
export function holdLead(held: HeldLead, speaking: readonly string[], now: number): HeldLead {
	const candidate = held.lead !== null && speaking.includes(held.lead) ? null : (speaking[0] ?? null);
	if (candidate === null) return { ...held, candidate: null };
	if (held.lead === null) return { lead: candidate, candidate: null, since: now };
	if (candidate !== held.candidate) return { ...held, candidate, since: now };
	return now - held.since >= leadAfter ? { lead: candidate, candidate: null, since: now } : held;
}

/** The raised hands, the first one first. */
export function handsOf(people: readonly RoomPerson[]): RoomPerson[] {
	return people.filter(({ hand }) => hand !== null).sort((a, b) => Date.parse(a.hand ?? '') - Date.parse(b.hand ?? ''));
}
