/** What we use of livekit-client, fetched once and only where somebody joins. */
export type Engine = typeof import('./livekit.ts');

let engine: Promise<Engine> | undefined;

async function fetchEngine(): Promise<Engine> {
	const found = await import('./livekit.ts');
	found.setLogLevel('error');
	return found;
}

/** Fetches it, or gives the one that is there. After a failed line it is asked for again. */
export function loadEngine(): Promise<Engine> {
	engine ??= fetchEngine().catch((error: unknown) => {
		engine = undefined;
		throw error;
	});
	return engine;
}
