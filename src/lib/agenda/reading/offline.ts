import { registerWorker } from '#lib/ui/worker.ts';

/** Caches this page for offline use, where the browser can; called again, it is cached again. */
export async function keepOffline(): Promise<void> {
	if (!document.querySelector('[data-offline]')) return;
	try {
		(await registerWorker())?.active?.postMessage(location.pathname);
	} catch {
		// In a private window, for example: the page opens only online.
	}
}
