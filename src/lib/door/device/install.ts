import { ourWorker } from '#lib/ui/worker.ts';

/** Offers the door as an application of its own, not the whole site. */
export function installable(base: string): void {
	const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
	if (!link) return;
	link.crossOrigin = 'use-credentials';
	link.href = `${base}/manifest.webmanifest`;
}

/** Lets this page open without a network, with all that it has loaded, where the browser can. */
export async function keepPage(wanted: boolean): Promise<void> {
	if (!wanted) return;
	try {
		const worker = await ourWorker();
		void navigator.storage?.persist?.();
		worker?.active?.postMessage(location.pathname);
	} catch {
		// In a private window, say: the page opens with a network alone.
	}
}
