let asked = false;

/** Lets this page be read without a network, where the browser can; called again, it is kept anew. */
export async function keepOffline(): Promise<void> {
	if (!document.querySelector('[data-offline]') || !('serviceWorker' in navigator)) return;
	try {
		if (!asked) {
			asked = true;
			// The development server gives it out as a module.
			const options: RegistrationOptions = import.meta.env.DEV ? { type: 'module' } : {};
			await navigator.serviceWorker.register('/service-worker.js', { ...options, updateViaCache: 'none' });
		}
		const { active } = await navigator.serviceWorker.ready;
		active?.postMessage(location.pathname);
	} catch {
		// In a private window, say: the page is read with a network alone.
	}
}
