import type { Pass, PassRequest } from './stage.ts';
import { readStored, storeText } from '#lib/ui/stored.ts';

/** Requests a pass at `…/live/[room]/pass`, or for the desk's monitor at `…/live/desk/pass`. Throws without an answer. */
export async function requestPass(address: string, request: PassRequest | { run: string }): Promise<Pass> {
	const response = await fetch(address, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(request),
		signal: AbortSignal.timeout(8000)
	});
	// An unknown room and a hidden one have the same answer.
	if (response.status === 404) return { status: 'none' };
	if (![200, 403, 503].includes(response.status)) throw new Error(`No pass (${response.status}).`);
	return (await response.json()) as Pass;
}

const memory = 'stage-take-place';

/** Remembers, before a page is left for the stage, that its reader has just asked to take their place there. */
export function willTakePlace(run: string): void {
	storeText(memory, run, 'tab');
}

/** Whether that was remembered for this run; it counts once. */
export function takesPlace(run: string): boolean {
	const wasConfirmed = readStored(memory, 'tab') === run;
	storeText(memory, null, 'tab');
	return wasConfirmed;
}
