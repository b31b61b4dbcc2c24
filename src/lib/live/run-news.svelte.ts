import { page } from '$app/state';
import { untrack } from 'svelte';
import { joinFeed, type RunHearer } from './run-feed.ts';

/** Hears a run, and what is told to the reader alone, while a component lives: `hearRun(() => run?.id, { kinds: { question: show }, reload })`. Call in its script. */
export function hearRun(run: () => string | null | undefined, hearer: RunHearer): void {
	// The same run of a page that was loaded again is no other.
	const id = $derived(run());
	$effect(() => {
		if (!id) return;
		const since = untrack(() => page.data['now'] as unknown);
		const viewer = untrack(() => page.data['viewer'] as { personId?: string | null } | null | undefined);
		const own = viewer?.personId ? `,person:${viewer.personId}` : '';
		return joinFeed(`run:${id},chat:${id}${own}`, since, hearer);
	});
}

/** The same for those who run it: ids only, so each change is answered by loading what waits again. */
export function hearDesk(run: () => string | null | undefined, reload: () => void): void {
	const id = $derived(run());
	$effect(() => {
		if (!id) return;
		const since = untrack(() => page.data['now'] as unknown);
		const kinds = new Proxy<RunHearer['kinds']>({}, { get: () => reload });
		return joinFeed(`desk:${id}`, since, { kinds, reload });
	});
}
