import { CoalescedReads } from '#lib/live/coalesced-reads.ts';
import { subscribeToTopics, type TopicSubscription } from '#lib/live/events.svelte.ts';
import { StageConnection } from '#lib/stage/connection.svelte.ts';
import type { DeviceChoice } from '#lib/stage/devices.ts';
import { reloadStage, ThrottledReload } from '#lib/stage/following.svelte.ts';
import type { Pass } from '#lib/stage/stage.ts';
import { requestPass } from '#lib/stage/requesting-pass.ts';
import { problemSentence } from '#lib/stage/words.ts';
import type { LiveRoomData, RoomParts } from '#lib/database/answers/meetings.ts';
import { m } from '#lib/i18n/messages.ts';
import { onMount, untrack } from 'svelte';
import { postAct } from './post-act.ts';
import { mostCameras, roomData } from './room-data.ts';
import {
	addReading,
	concernsOutside,
	needsMessages,
	roomPartsOf,
	roomWith,
	partNames,
	type PartName,
	type PartReading
} from './room-parts.ts';
import { HeldSpeaker } from './held-speaker.svelte.ts';
import { arrangeRoom, layerFor, type RoomView } from './tiles.ts';

const askEvery = 8000;
// The right to send a camera comes much sooner after it was given.
const askAgainEvery = 3000;
const switchOffAgainAfter = 5000;
// A camera that works again sooner keeps its place.
const giveUpAfter = 10_000;

/** The reader's place in the live room of a meeting. Create it in a component's script. */
export class LiveRoom {
	readonly #read: () => LiveRoomData;
	readonly #address: () => string;
	readonly #feed: TopicSubscription;
	#pending: readonly PartName[] = [];
	readonly #reads = new CoalescedReads<'parts', PartReading | null>(() => 'parts', {
		read: () => this.#readParts(),
		deliver: (_, reading) => this.#add(reading),
		fail: () => this.reload()
	});
	// What was read since the page loaded its data.
	#readings = $state.raw<PartReading[]>([]);
	readonly #reloading = new ThrottledReload(roomData);
	// The breakout room that the connection is for, and the one that the page showed when the pass came.
	#pass = { number: 0, shown: 0, isReloaded: false };
	view = $state<RoomView>('gallery');
	/** Why the reader's camera is not sent, or why another act failed. */
	problem = $state<string | null>(null);
	// Whether the server was last asked for a place for the camera.
	#asksForCamera: boolean | null = null;
	/** The message that the reader is typing: it outlives the room and the connection. */
	draft = $state('');
	readonly connection: StageConnection;
	readonly room = $derived.by(() => roomWith(this.#read(), this.#readings));
	readonly isIn = $derived.by(() => !['idle', 'refused', 'over'].includes(this.connection.phase));
	/** The reader's own LiveKit identity. */
	readonly me = $derived.by(() => this.room.me?.identity ?? null);
	// Each load gives another room: what waits must not begin again with each.
	readonly #state = $derived.by(() => this.room.me?.state);
	readonly here = $derived.by(() => this.room.people.filter(({ number }) => number === (this.room.me?.number ?? 0)));
	/** Who has the large place. */
	readonly lead = $derived.by(() => this.#held.lead);
	readonly #held: HeldSpeaker;
	readonly places = $derived.by(() => {
		const { sending, speaking } = this.connection.receiving;
		return arrangeRoom(this.here, sending, speaking, this.lead, this.view);
	});

	/** `address`: that of the room's page. */
	constructor(room: () => LiveRoomData, address: () => string) {
		this.#read = room;
		this.#address = address;
		this.connection = new StageConnection({
			given: () => null,
			ask: () => this.#ask(),
			onstale: () => void reloadStage(roomData)
		});
		this.#feed = subscribeToTopics(
			() => [`meeting:${this.room.id}`],
			({ kind }) => this.changed(kind),
			() => this.reload()
		);
		this.#held = new HeldSpeaker(() => this.connection.receiving.speaking.filter((identity) => identity !== this.me));
		this.connection.publishing.asksForCamera = true;
		$effect(() => this.#switchCamera());
		$effect(() => this.#giveUpCamera());
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
		const { may } = this.room;
		const allowed = may && { camera: choice.camera && may.camera, microphone: choice.microphone && may.microphone };
		void this.connection.publishing.offer({ ...choice, ...allowed });
		void this.connection.join();
	}

	/** Loads everything of the room again: in a full one each page at another moment. */
	reload(): void {
		this.#reloading.soon(this.#within());
	}

	/** Reads again what an event of this kind changes. */
	changed(kind: string): void {
		// Who has just come is in the room before the page knows it.
		if (this.room.me?.state !== 'in') return void ((this.isIn || concernsOutside(kind)) && this.reload());
		const parts = roomPartsOf(kind, this.room.is_host);
		if (parts === null) return this.reload();
		this.#pending = [...this.#pending, ...parts];
		if (parts.length > 0) this.#reads.note('parts');
	}

	/** After an act of the reader: its event says what changed, unless no events arrive. */
	acted(): void {
		if (this.#feed.state !== 'open') this.reload();
	}

	#within(): number {
		return this.room.people.length > 10 ? 800 : 0;
	}

	// Of a burst of events, and of those that come during the pause, one reading.
	async #readParts(): Promise<PartReading | null> {
		await new Promise((done) => setTimeout(done, 30 + Math.random() * this.#within()));
		const parts = partNames.filter((part) => this.#pending.includes(part));
		this.#pending = [];
		if (parts.length === 0) return null;
		// After breakout rooms began or ended, people read other messages than before.
		const isOther = parts.includes('people') && parts.includes('chat');
		const after = parts.includes('chat') && !isOther ? (this.room.messages.at(-1)?.id ?? null) : null;
		const query = `parts=${parts.join()}${after === null ? '' : `&after=${after}`}`;
		const answer = await fetch(`${this.#address()}/parts?${query}`, { signal: AbortSignal.timeout(8000) });
		if (!answer.ok) throw new Error(`No parts (${answer.status}).`);
		return { parts: (await answer.json()) as RoomParts, after };
	}

	#add(reading: PartReading | null): void {
		if (!reading) return;
		// The end of the time of breakout rooms has no event.
		if (needsMessages(this.room, reading)) this.changed('breakouts');
		const loadedAt = this.#read().read_at;
		this.#readings = addReading(
			this.#readings.filter(({ parts }) => parts.read_at >= loadedAt),
			reading
		);
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
		const { camera } = this.connection.publishing.choice;
		const pass = await requestPass(`${this.#address()}/pass`, { purpose: 'stage', session: null, camera });
		if (pass.status !== 'ok') return pass;
		this.#pass = { number: pass.number ?? 0, shown: this.room.me?.number ?? 0, isReloaded: false };
		this.#asksForCamera = camera;
		if (this.room.me?.state !== 'in') this.reload();
		if (camera && !pass.publish.includes('camera'))
			this.#keepCameraOff(m.meetings_room_cameras_full({ count: mostCameras }));
		return pass;
	}

	/** Posts an act on the room; answers whether it was done. */
	async post(action: string, fields: Record<string, string>): Promise<boolean> {
		this.problem = null;
		this.problem = await postAct(action, fields);
		this.acted();
		return this.problem === null;
	}

	// The server gives a place for the camera when it is switched on, and gets it back when it is switched off. A right that
	// does not come, or that ended, for example with a connection that LiveKit had given up, is asked for again.
	#switchCamera(): (() => void) | undefined {
		const { choice, allowed } = this.connection.publishing;
		if (this.connection.phase !== 'joined') return undefined;
		if (choice.camera !== this.#asksForCamera) this.#requestCamera(choice.camera);
		// Who is in the room may always speak: without that, the rights were not read yet.
		if (!choice.camera || allowed.camera || !allowed.microphone) return undefined;
		const timer = setInterval(() => !this.#isAskingForCamera && this.#requestCamera(true), askAgainEvery);
		return () => clearInterval(timer);
	}

	// A place is for who sends: a camera that does not work gives it back.
	#giveUpCamera(): (() => void) | undefined {
		const { publishing, phase } = this.connection;
		const why = publishing.problems.camera;
		if (phase !== 'joined' || why === null || !publishing.allowed.camera || !publishing.choice.camera) return undefined;
		const isLasting = ['refused', 'missing', 'unsupported'].includes(why);
		const timer = setTimeout(
			() => {
				this.#keepCameraOff(problemSentence('camera', why), true);
				void publishing.apply();
			},
			isLasting ? 0 : giveUpAfter
		);
		return () => clearTimeout(timer);
	}

	#cameraActs = Promise.resolve();
	#isAskingForCamera = false;

	#requestCamera(sends: boolean): void {
		this.#asksForCamera = sends;
		// One after the other: the last press counts.
		this.#cameraActs = this.#cameraActs
			.then(() => untrack(() => (sends ? this.#askForCamera() : this.#giveBackCamera())))
			.catch(() => undefined);
	}

	async #askForCamera(): Promise<void> {
		// It was switched off meanwhile.
		if (!this.#asksForCamera) return;
		this.#isAskingForCamera = true;
		const isGiven = await this.post('?/camera', { sends: 'yes' }).finally(() => (this.#isAskingForCamera = false));
		if (!isGiven) this.#keepCameraOff(this.problem);
	}

	async #giveBackCamera(): Promise<void> {
		const problem = await postAct('?/camera', { sends: '' });
		this.acted();
		if (problem === null) return;
		setTimeout(() => {
			if (this.#asksForCamera !== false || this.connection.publishing.choice.camera) return;
			// What the effect compares when the connection is back.
			this.#asksForCamera = true;
			if (this.connection.phase === 'joined') this.#requestCamera(false);
		}, switchOffAgainAfter);
	}

	#keepCameraOff(why: string | null, hasPlace = false): void {
		const { publishing } = this.connection;
		this.#asksForCamera = hasPlace;
		this.problem = why;
		publishing.choice = { ...publishing.choice, camera: false };
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
		if (unknown.length > 0) untrack(() => this.changed('connections'));
	}
}
