import { page } from '$app/state';
import { untrack } from 'svelte';
import { joinFeed, type RunSubscriber } from './run-feed.ts';

/**
 * Follows a run, and events for the reader alone, while a component lives: `subscribeToRun(() => run?.id, { kinds: { question: show }, reload })`.
 * `readAt` is when what is shown was read, by the server's clock. Call in a component's script, after what its kinds change.
 */
export function subscribeToRun(
	run: () => string | null | undefined,
	subscriber: RunSubscriber,
	readAt: () => unknown = () => page.data['readAt']
): void {
	// The same run of a reloaded page is no change.
	const id = $derived(run());
	let repeat = $state.raw<((since: number) => void) | null>(null);
	$effect(() => {
		if (!id) return;
		const viewer = untrack(() => page.data['viewer'] as { personId?: string | null } | null | undefined);
		const own = viewer?.personId ? `,person:${viewer.personId}` : '';
		const feed = joinFeed(`run:${id},chat:${id}${own}`, subscriber);
		repeat = feed.repeat;
		return () => {
			repeat = null;
			feed.leave();
		};
	});
	// Otherwise events that came while the page was reloading would be undone by the older data.
	$effect(() => {
		const moment = readAt();
		const again = repeat;
		if (again && typeof moment === 'number') untrack(() => again(moment));
	});
}

/** The same for those who run it: ids only, so each change reloads the moderation queue. */
export function subscribeToDesk(run: () => string | null | undefined, reload: () => void): void {
	const id = $derived(run());
	$effect(() => {
		if (!id) return;
		const kinds = new Proxy<RunSubscriber['kinds']>({}, { get: () => reload });
		return joinFeed(`desk:${id}`, { kinds, reload }).leave;
	});
}
