import { registerWorker } from '#lib/ui/worker.ts';

/** Lets this page be read without a network, where the browser can; called again, it is kept anew. */
export async function keepOffline(): Promise<void> {
	if (!document.querySelector('[data-offline]')) return;
	try {
		(await registerWorker())?.active?.postMessage(location.pathname);
	} catch {
		// In a private window, say: the page is read with a network alone.
	}
}
