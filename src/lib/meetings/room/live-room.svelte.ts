import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { StageConnection } from '#lib/stage/connection.svelte.ts';
import type { DeviceChoice } from '#lib/stage/devices.ts';
import { reloadStage, ThrottledReload } from '#lib/stage/following.svelte.ts';
import type { Pass } from '#lib/stage/stage.ts';
import { requestPass } from '#lib/stage/requesting-pass.ts';
import type { MeetingRoom } from '#lib/database/answers/meetings.ts';
import { onMount, untrack } from 'svelte';
import { roomData } from './room-data.ts';
import { arrangeRoom, holdLead, layerFor, leadAfter, type HeldLead, type RoomView } from './tiles.ts';

const askEvery = 8000;

/** The reader's place in the live room of a meeting. Create it in a component's script. */
export class LiveRoom {
	readonly #read: () => MeetingRoom;
	readonly #passAddress: () => string;
	readonly #reloading = new ThrottledReload(roomData);
	// The breakout room that the connection is for, and the one that the page showed when the pass came.
	#pass = { number: 0, shown: 0, isReloaded: false };
	#held = $state.raw<HeldLead>({ lead: null, candidate: null, since: 0 });
	view = $state<RoomView>('gallery');
	readonly connection: StageConnection;
	readonly room = $derived.by(() => this.#read());
	readonly isIn = $derived.by(() => !['idle', 'refused', 'over'].includes(this.connection.phase));
	/** The reader's own LiveKit identity. */
	readonly me = $derived.by(() => this.room.me?.identity ?? null);
	// Each load gives another room: what waits must not begin again with each.
	readonly #state = $derived.by(() => this.room.me?.state);
	readonly here = $derived.by(() => this.room.people.filter(({ number }) => number === (this.room.me?.number ?? 0)));
	/** Who has the large place. */
	readonly lead = $derived.by(() => this.#held.lead);
	readonly places = $derived.by(() => {
		const { sending, speaking } = this.connection.receiving;
		return arrangeRoom(this.here, sending, speaking, this.lead, this.view);
	});

	/** `passAddress`: where passes are requested. */
	constructor(room: () => MeetingRoom, passAddress: () => string) {
		this.#read = room;
		this.#passAddress = passAddress;
		this.connection = new StageConnection({
			given: () => null,
			ask: () => this.#ask(),
			onstale: () => void reloadStage(roomData)
		});
		const soon = () => this.reload();
		subscribeToTopics(() => [`meeting:${this.room.id}`], soon, soon);
		$effect(() => this.#hold());
		$effect(() => this.#wait());
		$effect(() => this.#move());
		$effect(() => this.#mute());
		$effect(() => this.#learnNames());
		onMount(() => {
			this.connection.line.need(true);
			this.connection.line.recall();
			return () => {
				this.#reloading.cancel();
				void this.connection.leave();
			};
		});
	}

	/** Enters with these devices. */
	enter(choice: DeviceChoice): void {
		void this.connection.publishing.offer(choice);
		void this.connection.join();
	}

	/** Loads the room again: in a full one each page at another moment. */
	reload(): void {
		this.#reloading.soon(this.room.people.length > 10 ? 800 : 0);
	}

	/** Receives everybody's sound, and of the cameras those of these identities: they are on the screen. */
	show(identities: readonly string[], cameras: readonly string[], isOneLarge: boolean): void {
		const shown = { cameras, most: layerFor(isOneLarge ? 1 : cameras.length) };
		this.connection.receiving.choose({ onStage: identities, shown });
	}

	/** Shares the screen, once the server has given this right; answers whether it could. */
	async share(): Promise<boolean> {
		const { publishing } = this.connection;
		for (let tries = 0; !publishing.allowed.screen; tries++) {
			if (tries === 40) return false;
			await new Promise((done) => setTimeout(done, 100));
		}
		await publishing.share();
		return publishing.isSharing;
	}

	async #ask(): Promise<Pass> {
		const pass = await requestPass(this.#passAddress(), { purpose: 'stage', session: null });
		if (pass.status === 'ok')
			this.#pass = { number: pass.number ?? 0, shown: this.room.me?.number ?? 0, isReloaded: false };
		return pass;
	}

	#hold(): (() => void) | undefined {
		const speaking = this.connection.receiving.speaking.filter((identity) => identity !== this.me);
		const step = () =>
			(this.#held = holdLead(
				untrack(() => this.#held),
				speaking,
				Date.now()
			));
		if (step().candidate === null) return undefined;
		const timer = setTimeout(step, leadAfter);
		return () => clearTimeout(timer);
	}

	// A page that waits asks again, so that the hosts see who is still there; it enters once they have decided.
	#wait(): (() => void) | undefined {
		if (this.connection.reason !== 'waiting' || this.connection.phase !== 'refused') return undefined;
		if (this.#state === 'in') {
			void untrack(() => this.connection.join());
			return undefined;
		}
		const timer = setInterval(() => {
			void this.#ask().then(
				({ status }) => void (status !== 'waiting' && this.connection.join()),
				() => undefined
			);
		}, askEvery);
		return () => clearInterval(timer);
	}

	// Another breakout room needs another pass. Where the page shows the same room as before the pass, the page may be the
	// older one: it loads once before it asks again.
	#move(): void {
		const number = this.room.me?.number ?? 0;
		if (this.connection.phase !== 'joined' || number === this.#pass.number) return;
		if (number !== this.#pass.shown || this.#pass.isReloaded) return void untrack(() => this.connection.join());
		this.#pass.isReloaded = true;
		untrack(() => this.reload());
	}

	#muted: string | null | undefined;

	#mute(): void {
		const muted = this.room.me?.muted_at ?? null;
		const isNew = this.#muted !== undefined && muted !== this.#muted && muted !== null;
		this.#muted = muted;
		if (isNew) void untrack(() => this.connection.publishing.mute());
	}

	readonly #asked: string[] = [];

	// Somebody is here whom the page does not know yet. It asks once about each: LiveKit may name somebody whom the
	// database does not let in.
	#learnNames(): void {
		const known = this.room.people.map(({ identity }) => identity);
		const unknown = [...this.connection.receiving.sending.keys()].filter(
			(identity) => !known.includes(identity) && !this.#asked.includes(identity)
		);
		this.#asked.push(...unknown);
		if (unknown.length > 0) untrack(() => this.reload());
	}
}
