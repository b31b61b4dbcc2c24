import { isZone } from '#lib/i18n/time.ts';
import { page } from '$app/state';
import { createContext, onMount } from 'svelte';

const [clockOf, setClock] = createContext<PageClock>();

/** The present time and the reader's zone, the same for a whole page. */
class PageClock {
	/** Milliseconds; updated every minute. */
	now = $state(0);
	#found = $state<string | null>(null);

	constructor(now: number) {
		this.now = now;
		onMount(() => {
			this.#found = rememberedZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
			let timer: ReturnType<typeof setTimeout>;
			const tick = () => {
				this.now = Date.now();
				timer = setTimeout(tick, 60_050 - (this.now % 60_000));
			};
			tick();
			return () => clearTimeout(timer);
		});
	}

	/** The reader's zone: from the address, their settings, else the device; null until it is known. */
	get zone(): string | null {
		const asked = page.url.searchParams.get('zone');
		if (isZone(asked)) return asked;
		return page.data.viewer?.timeZone ?? this.#found;
	}

	/** Stores a zone on this device, or removes it (null). */
	choose(zone: string | null) {
		try {
			if (zone) localStorage.setItem('zone', zone);
			else localStorage.removeItem('zone');
		} catch {
			// Without storage the choice holds for this page.
		}
		this.#found = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
	}
}

function rememberedZone(): string | null {
	try {
		const zone = localStorage.getItem('zone');
		return isZone(zone) ? zone : null;
	} catch {
		return null;
	}
}

/** Called once, in the root layout. */
export function provideClock(now: number): PageClock {
	return setClock(new PageClock(now));
}

/** `const clock = pageClock()`; then `clock.now` and `clock.zone`. */
export function pageClock(): PageClock {
	return clockOf();
}
