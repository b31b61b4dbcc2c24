/** Offers the door as an application of its own, not the whole site. */
export function installable(base: string): void {
	const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
	if (!link) return;
	link.crossOrigin = 'use-credentials';
	link.href = `${base}/manifest.webmanifest`;
}

let asked = false;

/** Lets this page open without a network, with all that it has loaded, where the browser can. */
export async function keepPage(wanted: boolean): Promise<void> {
	if (!wanted || !('serviceWorker' in navigator)) return;
	try {
		if (!asked) {
			asked = true;
			// The development server gives it out as a module.
			const options: RegistrationOptions = import.meta.env.DEV ? { type: 'module' } : {};
			await navigator.serviceWorker.register('/service-worker.js', { ...options, updateViaCache: 'none' });
			void navigator.storage?.persist?.();
		}
		const { active } = await navigator.serviceWorker.ready;
		active?.postMessage(location.pathname);
	} catch {
		// In a private window, say: the page opens with a network alone.
	}
}
