import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Figures, ReleasedFigures } from '#lib/registration/figures.ts';

/** A release of figures. */
interface FigureRelease {
	number: number;
	released_at: string;
	content: ReleasedFigures;
}

/** The exact figures, for registration organisers; null for everybody else. */
export async function listFigures(client: DataClient, summit: string): Promise<Figures | null> {
	return rpc(client, 'read_figures', { summit });
}

/** One release, by default the last; null when there is none, or for readers who may not see it. */
export async function readRelease(
	client: DataClient,
	summit: string,
	number: number | null = null
): Promise<FigureRelease | null> {
	const all = client.from('figure_releases').select('number, released_at, content').eq('summit_id', summit);
	const found = await (number === null ? all.order('number', { ascending: false }).limit(1) : all.eq('number', number));
	if (found.error) throw new Error(`Reading released figures was refused (${found.error.code}).`);
	return (found.data as unknown as FigureRelease[])[0] ?? null;
}

/** Releases figures, if `after` (0: none yet) is the last release. */
export async function releaseFigures(
	client: DataClient,
	summit: string,
	after: number,
	content: ReleasedFigures
): Promise<AnswerOf<'release_figures'>['status']> {
	const answer = await rpc(client, 'release_figures', {
		summit,
		after,
		content
	});
	return answer.status;
}

/** Sets the smallest group size in released figures. */
export async function saveSmallestGroup(client: DataClient, summit: string, smallest: number) {
	return rpc(client, 'save_smallest_group', { summit, smallest });
}
