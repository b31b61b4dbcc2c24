import type { StaffRoom } from '#lib/database/answers/meetings.ts';
import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { StageConnection } from '#lib/stage/connection.svelte.ts';
import { ThrottledReload } from '#lib/stage/following.svelte.ts';
import { requestPass } from '#lib/stage/requesting-pass.ts';
import { onMount } from 'svelte';
import { HeldSpeaker } from './held-speaker.svelte.ts';
import { staffData } from './room-data.ts';
import { arrangeRoom, layerFor } from './tiles.ts';

// What a page of the staff shows changes with these.
const kinds = ['connections', 'people', 'breakouts', 'room', 'staff', 'voice', 'booth'];

/** The place of an interpreter or captioner in the room of a meeting or workshop: they see and hear it. Create it in a component's script. */
export class StaffPlace {
	readonly connection: StageConnection;
	readonly me = null;
	readonly #room: () => StaffRoom;
	readonly #held: HeldSpeaker;
	readonly #reloading = new ThrottledReload(staffData);
	readonly here = $derived.by(() => this.#room().people);
	readonly lead = $derived.by(() => this.#held.lead);
	readonly isIn = $derived.by(() => !['idle', 'refused', 'over'].includes(this.connection.phase));
	readonly places = $derived.by(() => {
		const { sending, speaking } = this.connection.receiving;
		return arrangeRoom(this.here, sending, speaking, this.lead, 'speaker');
	});

	/** `address`: that of the room's page. `more`: the kinds of other events with which this page changes. */
	constructor(room: () => StaffRoom, address: () => string, more: readonly string[] = []) {
		this.#room = room;
		this.connection = new StageConnection({
			given: () => null,
			ask: () => requestPass(`${address()}/staff-pass`, { purpose: 'stage', session: null }),
			onstale: () => this.reload()
		});
		this.#held = new HeldSpeaker(() => this.connection.receiving.speaking);
		subscribeToTopics(
			() => [`staff:${room().id}`],
			({ kind }) => void ([...kinds, ...more].includes(kind) && this.reload()),
			() => this.reload()
		);
		onMount(() => () => {
			this.#reloading.cancel();
			void this.connection.leave();
		});
	}

	/** Loads the page's data again. */
	reload(): void {
		this.#reloading.soon();
	}

	/** Receives everybody's sound, and of the cameras those that are on the screen. */
	show(identities: readonly string[], cameras: readonly string[], isOneLarge: boolean): void {
		const shown = { cameras, most: layerFor(isOneLarge ? 1 : cameras.length) };
		this.connection.receiving.choose({ onStage: identities, shown });
	}
}
