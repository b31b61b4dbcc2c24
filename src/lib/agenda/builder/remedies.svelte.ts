import { href } from '#lib/i18n/locale.ts';
import type { OfferedRemedy } from '../checks/remedies.ts';
import type { FindingCode } from '../checks/checks.ts';
import type { Change } from './builder.ts';

/** What would solve the findings: read when a group of them is opened, and again after each change of the draft. */
export class Remedies {
	offered = $state.raw<Readonly<Record<string, OfferedRemedy>>>({});
	#shown: readonly FindingCode[] = [];
	readonly #base: () => string;

	constructor(base: () => string) {
		this.#base = base;
	}

	/** Reads those of a check; `again` also where it was read before. */
	show(code: FindingCode): void {
		if (this.#shown.includes(code)) return;
		this.#shown = [...this.#shown, code];
		void this.#read(code);
	}

	/** The draft changed: what was offered may be taken. */
	renew(): void {
		this.offered = {};
		for (const code of this.#shown) void this.#read(code);
	}

	async #read(code: FindingCode): Promise<void> {
		try {
			const response = await fetch(href(`${this.#base()}/checks/remedies?code=${code}`));
			if (!response.ok) return;
			this.offered = { ...this.offered, ...((await response.json()) as Record<string, OfferedRemedy>) };
		} catch {
			// Without an answer there is none; the session's page lists free places.
		}
	}
}

/** The change that a remedy makes. */
export function changeOf({ session, slot, seen, times, start, end, rooms }: OfferedRemedy): Change {
	return slot && seen ? { slot, seen, start, end, rooms } : { session, times, start, end, rooms };
}
