import { closePool } from '#lib/database/server/pool.ts';
import { closeListener } from './listener.ts';
import { closeStreams } from './stream.ts';

let registered = false;

/** Makes the process end at once when it is asked to: open streams, the LISTEN connection and the pool would hold it. */
export function closeOnShutdown(): void {
	if (registered) return;
	registered = true;
	process.once('sveltekit:shutdown', () => {
		closeStreams();
		void closeListener();
		void closePool();
	});
}
