/** The part of livekit-client that we use, loaded once and only when a person joins. */
export type StageEngine = typeof import('./livekit.ts');

let engine: Promise<StageEngine> | undefined;

async function fetchEngine(): Promise<StageEngine> {
	const found = await import('./livekit.ts');
	found.setLogLevel('error');
	return found;
}

/** Loads it, or returns the loaded one. After a failure it is loaded again. */
export function loadEngine(): Promise<StageEngine> {
	engine ??= fetchEngine().catch((error: unknown) => {
		engine = undefined;
		throw error;
	});
	return engine;
}
