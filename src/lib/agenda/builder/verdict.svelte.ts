import { href } from '#lib/i18n/locale.ts';
import type { Dragging } from './dragging.svelte.ts';

/** What would be wrong at the drop position: requested when the pointer rests. */
export class DropVerdict {
	words = $state('');

	constructor(base: () => string, dragging: Dragging) {
		$effect(() => {
			const { held, to } = dragging;
			this.words = '';
			if (!held || held.kind === 'create') return;
			const session = (held.kind === 'new' ? held.session : held.entry.session)?.id;
			if (!to || !session) return;
			const slot = held.kind === 'new' ? '' : held.entry.placement.slot;
			const asked = [
				['session', session],
				['slot', slot],
				['start', to.start],
				['end', to.end],
				...to.rooms.map((room) => ['room', room])
			];
			const search = asked.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&');
			const abort = new AbortController();
			const rest = setTimeout(() => {
				fetch(`${href(`${base()}/checks/there`)}?${search}`, { signal: abort.signal })
					.then((response) => (response.ok ? (response.json() as Promise<string[]>) : []))
					.then((found) => (this.words = found.join('. ')))
					.catch(() => undefined);
			}, 150);
			return () => {
				clearTimeout(rest);
				abort.abort();
			};
		});
	}
}
