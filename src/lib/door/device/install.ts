import { registerWorker } from '#lib/ui/worker.ts';

/** Offers the door as its own installable app, instead of the whole site. */
export function installable(base: string): void {
	const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
	if (!link) return;
	link.crossOrigin = 'use-credentials';
	link.href = `${base}/manifest.webmanifest`;
}

/** Caches this page for offline use, with all that it has loaded, where the browser can. Resolves when that is done, or impossible. */
export async function cachePage(): Promise<void> {
	try {
		const worker = await registerWorker();
		void navigator.storage?.persist?.();
		if (!worker?.active) return;
		const { port1, port2 } = new MessageChannel();
		const done = new Promise((resolve) => (port1.onmessage = resolve));
		worker.active.postMessage(location.pathname, [port2]);
		// A worker of an older version caches it without an answer.
		await Promise.race([done, new Promise((go) => setTimeout(go, 20_000))]);
		port1.close();
	} catch {
		// In a private window, for example: the page opens only online.
	}
}
