let asked: Promise<unknown> | undefined;

/** The site's service worker, once it is registered; null where the browser has none. Throws where it is blocked, for example in a private window. */
export async function registerWorker(): Promise<ServiceWorkerRegistration | null> {
	if (!('serviceWorker' in navigator)) return null;
	// The development server serves it as a module.
	const options: RegistrationOptions = import.meta.env.DEV ? { type: 'module' } : {};
	asked ??= navigator.serviceWorker.register('/service-worker.js', { ...options, updateViaCache: 'none' });
	await asked;
	return navigator.serviceWorker.ready;
}
