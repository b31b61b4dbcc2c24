import { registerWorker } from '#lib/ui/worker.ts';

/** Offers the door as an application of its own, not the whole site. */
export function installable(base: string): void {
	const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
	if (!link) return;
	link.crossOrigin = 'use-credentials';
	link.href = `${base}/manifest.webmanifest`;
}

/** Lets this page open without a network, with all that it has loaded, where the browser can. It ends when that is done, or cannot be. */
export async function keepPage(): Promise<void> {
	try {
		const worker = await registerWorker();
		void navigator.storage?.persist?.();
		if (!worker?.active) return;
		const { port1, port2 } = new MessageChannel();
		const done = new Promise((heard) => (port1.onmessage = heard));
		worker.active.postMessage(location.pathname, [port2]);
		// One of an older version keeps it and says nothing.
		await Promise.race([done, new Promise((go) => setTimeout(go, 20_000))]);
		port1.close();
	} catch {
		// In a private window, say: the page opens with a network alone.
	}
}
