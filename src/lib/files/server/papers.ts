import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';

type Paper = Uint8Array<ArrayBuffer> | null;

const papers = new LiveCache<Paper>({ entries: 500, ttl: 60_000, cachesWithoutEvents: true, onEvent: clearOnChange });

/** A paper as everyone may see it, set once for all visitors of its address. */
export function readPublicPaper(address: string, make: () => Promise<Paper>): Promise<Paper> {
	return papers.get(address, async () => {
		const paper = await make();
		// What is not there is not cached, because anybody can try any address.
		if (paper === null) papers.delete(address);
		return paper;
	});
}
