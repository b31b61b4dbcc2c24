import { closePool } from '#lib/database/server/pool.ts';
import { closeListener } from './listener.ts';
import { closeStreams } from './stream.ts';

let registered = false;

/** Closes what the app holds when the process ends (ending.ts): open streams, the LISTEN connection and the pool would keep it running. */
export function closeOnShutdown(): void {
	if (registered) return;
	registered = true;
	process.once('sveltekit:shutdown', () => {
		closeStreams();
		void closeListener();
		void closePool();
	});
}
