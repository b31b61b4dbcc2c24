import type { BoardPerson } from '#lib/database/answers/agenda/builder.ts';
import { href } from '#lib/i18n/locale.ts';
import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { colleaguesOf, holdersOf, type BoardNote } from './presence.ts';

/** How often an open page reports itself; one that has not for 12 seconds is gone. Milliseconds. */
const heartbeatMs = 4000;
/** How long changes are collected before one request. Milliseconds. */
const pauseMs = 400;

/** Reports what this page of the board has open, and follows what other organisers have. Call in a component's script. */
export class BoardPresence {
	#people = $state.raw<readonly BoardPerson[]>([]);
	readonly colleagues = $derived(colleaguesOf(this.#people));
	readonly holders = $derived(holdersOf(this.#people));
	readonly #page = crypto.randomUUID();
	#pending: ReturnType<typeof setTimeout> | undefined;

	constructor(
		base: () => string,
		topic: () => string | null | undefined,
		held: () => { session: string | null; isDragging: boolean }
	) {
		const address = () => href(`${base()}/presence`);
		const send = async () => {
			clearTimeout(this.#pending);
			this.#pending = undefined;
			const note: BoardNote = { page: this.#page, ...held(), leaves: false };
			// Without an answer the next heartbeat asks again.
			const response = await fetch(address(), {
				method: 'POST',
				body: JSON.stringify(note),
				headers: { 'content-type': 'application/json' }
			}).catch(() => null);
			if (response?.ok) this.#people = (await response.json()) as BoardPerson[];
		};
		const soon = () => (this.#pending ??= setTimeout(() => void send(), pauseMs));
		const leave = () => {
			const note: BoardNote = { page: this.#page, session: null, isDragging: false, leaves: true };
			navigator.sendBeacon(address(), new Blob([JSON.stringify(note)], { type: 'application/json' }));
		};
		subscribeToTopics(() => [topic()], soon, soon);
		$effect(() => {
			held();
			soon();
		});
		$effect(() => {
			const beat = setInterval(() => void send(), heartbeatMs);
			addEventListener('pagehide', leave);
			return () => {
				clearInterval(beat);
				clearTimeout(this.#pending);
				removeEventListener('pagehide', leave);
				leave();
			};
		});
	}
}
