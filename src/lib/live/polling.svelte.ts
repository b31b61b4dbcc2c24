import { reload } from './reload.ts';

/** Loads the page's data again every few seconds while `isActive`, for changes that no topic announces to the page. Call it in a component. */
export function pollWhile(isActive: () => boolean, everyMs: number): void {
	const active = $derived(isActive());
	$effect(() => {
		if (!active) return;
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') void reload();
		}, everyMs);
		return () => clearInterval(timer);
	});
}
