/** The site's service worker, once it is there; null where the browser has none. */
export async function ourWorker(): Promise<ServiceWorkerRegistration | null> {
	if (!('serviceWorker' in navigator)) return null;
	// The development server gives it out as a module.
	const options: RegistrationOptions = import.meta.env.DEV ? { type: 'module' } : {};
	await navigator.serviceWorker.register('/service-worker.js', { ...options, updateViaCache: 'none' });
	return navigator.serviceWorker.ready;
}
