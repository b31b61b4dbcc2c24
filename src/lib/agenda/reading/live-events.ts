import { openEvents } from '#lib/live/event-source.ts';
import { isBusy, refresh } from './swap.ts';

// What a rush of registrations changes and no page of the agenda shows.
const silent = /^(seats|queue|registration|order|badge|outbox)$/;

/** Shows the page again when its content has changed. `done` follows each time. */
export function subscribePage(topics: string, done: () => void): void {
	let waiting: ReturnType<typeof setTimeout> | undefined;
	const show = async () => {
		waiting = undefined;
		if (document.hidden || isBusy()) return later(1000);
		const outcome = await refresh();
		if (outcome === 'busy') later(1000);
		if (outcome === 'shown') done();
	};
	// Spread, so that readers of one page do not all request it in the same instant.
	const later = (least = 0) => (waiting ??= setTimeout(() => void show(), least + Math.random() * 400));
	const close = openEvents(
		{ topics, own: true },
		{ onResync: () => later(), onEvent: ({ kind }) => void (silent.test(kind) || later()) }
	);
	addEventListener('pagehide', close);
	// Restored from the browser's back/forward cache, which received no events meanwhile.
	addEventListener('pageshow', (event) => event.persisted && location.reload());
}
