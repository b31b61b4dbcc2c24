import type { CdnSettings } from '#lib/live/cdn-settings.ts';
import { setTimeout as pause } from 'node:timers/promises';

const limitMs = 10_000;

/** How often a CDN is asked at most, and how many times one request is tried. */
interface PurgeLimits {
	gapMs: number;
	tries: number;
}

/**
 * Asks the CDN to forget all pages, in the form of Cloudflare's API; other networks take such a request too, or a small function before
 * them does. Changes that come close together are one request, the last of them always in one. A request that fails is tried again, and
 * then left to `onFailure`: pages are out of date for as long as the CDN keeps them.
 */
export function createPurge(
	purge: NonNullable<CdnSettings['purge']>,
	onFailure: (error: unknown) => void,
	{ gapMs, tries }: PurgeLimits = { gapMs: 5000, tries: 3 }
): () => void {
	let isWanted = false;
	let isRunning = false;
	async function ask(): Promise<void> {
		for (let attempt = 1; ; attempt++) {
			try {
				const answer = await fetch(purge.url, {
					method: 'POST',
					headers: {
						'content-type': 'application/json',
						...(purge.token !== null && { authorization: `Bearer ${purge.token}` })
					},
					body: JSON.stringify({ purge_everything: true }),
					redirect: 'error',
					signal: AbortSignal.timeout(limitMs)
				});
				await answer.body?.cancel();
				if (!answer.ok) throw new Error(`answered ${answer.status}`);
				return;
			} catch (error) {
				if (attempt >= tries) return onFailure(error);
				await pause(gapMs * attempt * 0.2);
			}
		}
	}
	async function run(): Promise<void> {
		isRunning = true;
		while (isWanted) {
			isWanted = false;
			await ask();
			await pause(gapMs, undefined, { ref: false });
		}
		isRunning = false;
	}
	return () => {
		isWanted = true;
		if (!isRunning) void run();
	};
}
