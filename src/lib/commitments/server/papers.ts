import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';

type Paper = Uint8Array<ArrayBuffer> | null;

const papers = new LiveCache<Paper>({ entries: 500, ttl: 60_000, cachesWithoutEvents: true, onEvent: clearOnChange });

/** The paper of a commitment as everyone may see it, set once for all visitors of its address. */
export function readPublicPaper(address: string, make: () => Promise<Paper>): Promise<Paper> {
	return papers.get(address, async () => {
		const paper = await make();
		// An unknown code is not cached, because anybody can try any code.
		if (paper === null) papers.delete(address);
		return paper;
	});
}
