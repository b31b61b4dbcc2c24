import { untrack } from 'svelte';
import { holdLead, leadAfter, type HeldLead } from './tiles.ts';

/** Who has the large place, as people speak. Create it in a component's script. */
export class HeldSpeaker {
	#held = $state.raw<HeldLead>({ lead: null, candidate: null, since: 0 });
	readonly lead = $derived.by(() => this.#held.lead);

	/** `speaking`: who speaks at this moment, without the reader. */
	constructor(speaking: () => readonly string[]) {
		$effect(() => {
			const now = speaking();
			const step = () =>
				(this.#held = holdLead(
					untrack(() => this.#held),
					now,
					Date.now()
				));
			if (step().candidate === null) return undefined;
			const timer = setTimeout(step, leadAfter);
			return () => clearTimeout(timer);
		});
	}
}
