/* The orderly end of the http server's process: it drains, lets requests under way end, and exits. What the app itself then closes is in shutdown.ts. */
import type { Server } from 'node:http';
import { beginDrain } from './drain.ts';

interface Ending {
	/** How long it serves on; 0 ends at once. Milliseconds. */
	drainMs: number;
	/** How long requests under way then have. Milliseconds. */
	graceMs: number;
	/** Called when it serves no more, before requests under way have ended. */
	onEnd: (signal: NodeJS.Signals) => void;
}

/** Ends the process in order when the system says so; told a second time, it does not wait any longer. */
export function endOnSignals(server: Server, { drainMs, graceMs, onEnd }: Ending): void {
	let isDraining = false;
	let isEnding = false;

	function end(signal: NodeJS.Signals) {
		if (isEnding) return;
		isEnding = true;
		server.close();
		onEnd(signal);
		server.closeIdleConnections();
		const sweep = setInterval(() => server.closeIdleConnections(), 50);
		server.once('close', () => clearInterval(sweep));
		setTimeout(() => {
			server.closeAllConnections();
			process.exit(0);
		}, graceMs).unref();
	}

	function signalled(signal: NodeJS.Signals) {
		if (isDraining || drainMs <= 0) return end(signal);
		isDraining = true;
		beginDrain(drainMs);
		setTimeout(end, drainMs, signal);
	}
	process.on('SIGTERM', signalled);
	process.on('SIGINT', signalled);
}
