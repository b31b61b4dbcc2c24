/** The part of livekit-client that we use, loaded once and only when a person joins. */
export type Engine = typeof import('./livekit.ts');

let engine: Promise<Engine> | undefined;

async function fetchEngine(): Promise<Engine> {
	const found = await import('./livekit.ts');
	found.setLogLevel('error');
	return found;
}

/** Loads it, or returns the loaded one. After a failure it is loaded again. */
export function loadEngine(): Promise<Engine> {
	engine ??= fetchEngine().catch((error: unknown) => {
		engine = undefined;
		throw error;
	});
	return engine;
}
