import { isZone } from '#lib/i18n/zone.ts';
import { page } from '$app/state';
import { createContext, onMount } from 'svelte';
import { chooseDeviceZone, deviceZone } from './device-zone.ts';

const [clockOf, setClock] = createContext<PageClock>();

/** The present time and the reader's zone, the same for a whole page. */
class PageClock {
	/** Milliseconds; updated every minute, and when the page's data are read again. */
	now = $state(0);
	#found = $state<string | null>(null);

	constructor(now: number) {
		this.now = now;
		onMount(() => {
			this.#found = deviceZone();
			let timer: ReturnType<typeof setTimeout>;
			const tick = () => {
				this.catchUp();
				timer = setTimeout(tick, 60_050 - (this.now % 60_000));
			};
			tick();
			return () => clearTimeout(timer);
		});
		// What was just read may have begun since the last minute.
		$effect(() => {
			if (page.data) this.catchUp();
		});
	}

	/** Sets the clock to this moment: before something is shown that has just begun. */
	catchUp() {
		this.now = Date.now();
	}

	/** The reader's zone: from the address, their settings, else the device; null until it is known. */
	get zone(): string | null {
		const asked = page.url.searchParams.get('zone');
		if (isZone(asked)) return asked;
		return page.data.viewer?.timeZone ?? this.#found;
	}

	/** Stores a zone on this device, or removes it (null). */
	choose(zone: string | null) {
		chooseDeviceZone(zone);
		this.#found = zone ?? deviceZone();
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
