import type { DisconnectReason, Room } from 'livekit-client';
import { untrack } from 'svelte';
import { watchForCut } from './cut-watch.ts';
import { loadEngine, type StageEngine } from './engine.ts';
import { ConnectionQuality } from './connection-quality.svelte.ts';
import { Publishing } from './publishing.svelte.ts';
import { Receiving } from './receiving.svelte.ts';
import type { Pass } from './stage.ts';
import { retryDelay } from './waiting.ts';
import type { QualityLevel } from './receive-settings.ts';

/**
 * idle: not joined. joining. joined. mending: the connection broke. away: LiveKit does not answer, and is tried again. elsewhere: the same
 * person joined in another window. refused: can_enter says why. over: nothing is on any more. captions: the person wants no video and no
 * audio, and there is no connection. blocked: LiveKit answers, but the network blocks all media; it is tried again. unsupported: this
 * browser has no WebRTC.
 */
export type ConnectionPhase =
	| 'idle'
	| 'joining'
	| 'joined'
	| 'mending'
	| 'away'
	| 'elsewhere'
	| 'refused'
	| 'over'
	| 'captions'
	| 'blocked'
	| 'unsupported';

/** What a connection needs of its page. */
interface ConnectionOptions {
	/** The pass that came with the page, if any. */
	given: () => Pass | null;
	/** Requests a new one from the server. */
	ask: () => Promise<Pass>;
	/** Called when the server did not give a pass: the page's data are outdated. */
	onstale?: () => void;
	/** Called with each room before it is joined, for further listeners. */
	onroom?: (engine: StageEngine, room: Room) => void;
}

// LiveKit's own retries can each wait long for media that will not come, for example after a right was revoked: then we retry.
const ownTries = 20_000;

/** One browser's place in a LiveKit room, kept through broken connections, room moves and restarts. */
export class StageConnection {
	phase = $state<ConnectionPhase>('idle');
	/** Why, when refused. */
	reason = $state<Pass['status'] | null>(null);
	/** LiveKit reports a weak connection. */
	isWeak = $state(false);
	readonly receiving = new Receiving();
	readonly publishing = new Publishing();
	readonly line = new ConnectionQuality((level) => this.#take(level));
	readonly #door: ConnectionOptions;
	#room: Room | undefined;
	// Counts joins and leaves: results of an older one are ignored.
	#turn = 0;
	#tries = 0;
	#joinedAt = 0;
	// How often in a row LiveKit answered and no media came.
	#blocked = 0;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	#unwatch: (() => void) | undefined;

	constructor(door: ConnectionOptions) {
		this.#door = door;
	}

	/** Loads what joining will need, while the person still reads. */
	async warm(): Promise<void> {
		const pass = this.#door.given();
		const engine = await loadEngine().catch(() => null);
		if (!engine || this.#room || pass?.status !== 'ok') return;
		await new engine.Room().prepareConnection(pass.url, pass.token).catch(() => undefined);
	}

	/** Joins, and stays joined until `leave`. It may be called in an effect: it reads no state there. */
	join(): Promise<void> {
		return untrack(() => this.#join());
	}

	async #join(): Promise<void> {
		const turn = ++this.#turn;
		this.#tries = 0;
		if (this.line.level === 'captions') {
			this.phase = 'captions';
			await this.#drop();
			return;
		}
		if (typeof RTCPeerConnection !== 'function') {
			this.phase = 'unsupported';
			return;
		}
		this.phase = 'joining';
		await this.#enter(turn, this.#door.given());
	}

	/** Leaves because the person asked to. It may be called in an effect: it reads no state there. */
	leave(): Promise<void> {
		return untrack(() => this.#leave());
	}

	async #leave(): Promise<void> {
		this.#turn += 1;
		this.phase = 'idle';
		await this.#drop();
	}

	// The lowest level closes the connection; leaving that level joins again.
	#take(level: QualityLevel) {
		this.receiving.choose({ level });
		const isIn = ['joining', 'joined', 'mending', 'away', 'blocked'].includes(this.phase);
		if ((isIn && level === 'captions') || (this.phase === 'captions' && level !== 'captions')) void this.join();
	}

	async #enter(turn: number, given: Pass | null): Promise<void> {
		for (let pass = given; turn === this.#turn; pass = null) {
			const found = pass?.status === 'ok' && pass.until > Date.now() ? pass : await this.#ask();
			if (turn !== this.#turn) return;
			if (found?.status === 'ok') {
				if (await this.#connect(turn, found)) return;
			} else if (found && found.status !== 'away') {
				this.reason = found.status;
				this.phase = found.status === 'none' ? 'over' : 'refused';
				this.#door.onstale?.();
				return;
			}
			if (turn !== this.#turn) return;
			// Once may be a server that is shutting down.
			this.phase = this.#blocked > 1 ? 'blocked' : 'away';
			await new Promise((done) => setTimeout(done, retryDelay(this.#tries++, Math.random())));
		}
	}

	// Without a network there is no answer either: the same as a server that is down.
	async #ask(): Promise<Pass | null> {
		try {
			return await this.#door.ask();
		} catch {
			return null;
		}
	}

	// Whether the attempt is settled: joined, cancelled, or taken over by another window.
	async #connect(turn: number, pass: Pass & { status: 'ok' }): Promise<boolean> {
		const engine = await loadEngine().catch(() => null);
		this.#blocked = engine ? this.#blocked : 0;
		if (!engine) return false;
		const room = new engine.Room({
			adaptiveStream: true,
			// Where the volume of an element cannot be set, as on iPhones, the mix lowers the original under an interpreter.
			webAudioMix: !canSetVolume(),
			dynacast: true,
			// After a few retries by LiveKit we retry with a new pass: the run may have moved.
			reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => [0, 300, 1000, 2000][retryCount] ?? null }
		});
		await this.#drop();
		if (turn !== this.#turn) return true;
		this.#watch(turn, engine, room);
		this.#room = room;
		const outcome = await enter(engine, room, pass);
		if (turn !== this.#turn) {
			await room.disconnect();
			return true;
		}
		if (outcome !== 'in') {
			this.#blocked = outcome === 'silent' ? this.#blocked + 1 : 0;
			await this.#drop();
			if (outcome === 'elsewhere') this.#is(turn, outcome);
			return outcome === 'elsewhere';
		}
		room.once(engine.RoomEvent.Disconnected, (reason) => {
			if (turn === this.#turn && this.#room === room) void this.#lost(engine, turn, reason);
		});
		this.#joinedAt = Date.now();
		this.#blocked = 0;
		this.phase = 'joined';
		this.#unwatch = watchForCut(room, {
			oncut: () => this.#is(turn, 'mending'),
			// LiveKit reports when its own reconnect, once begun, is done.
			onback: () => room.state === engine.ConnectionState.Connected && this.#is(turn, 'joined')
		});
		this.receiving.refresh();
		void this.publishing.apply();
		return true;
	}

	#watch(turn: number, engine: StageEngine, room: Room) {
		const { RoomEvent, ConnectionQuality } = engine;
		this.receiving.watch(engine, room);
		this.line.watch(engine, room);
		this.publishing.watch(engine, room);
		this.#door.onroom?.(engine, room);
		const restore = () => {
			this.#is(turn, 'mending');
			this.#retryTimer ??= setTimeout(() => {
				if (turn === this.#turn && this.#room === room) void this.#lost(engine, turn);
			}, ownTries);
		};
		room.on(RoomEvent.Reconnecting, restore);
		room.on(RoomEvent.SignalReconnecting, restore);
		room.on(RoomEvent.Reconnected, () => {
			this.#calm();
			this.#is(turn, 'joined');
		});
		room.on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
			if (participant === room.localParticipant)
				this.isWeak = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
		});
	}

	#is(turn: number, phase: ConnectionPhase) {
		if (turn === this.#turn) this.phase = phase;
	}

	async #lost(engine: StageEngine, turn: number, reason?: DisconnectReason): Promise<void> {
		await this.#drop();
		if (turn !== this.#turn) return;
		if (reason === engine.DisconnectReason.DUPLICATE_IDENTITY) {
			this.phase = 'elsewhere';
			return;
		}
		this.phase = 'mending';
		// After repeated disconnections we retry ever more slowly.
		this.#tries = Date.now() - this.#joinedAt > 10_000 ? 0 : this.#tries + 1;
		if (this.#tries > 1) await new Promise((done) => setTimeout(done, retryDelay(this.#tries, Math.random())));
		await this.#enter(turn, null);
	}

	#calm() {
		clearTimeout(this.#retryTimer);
		this.#retryTimer = undefined;
	}

	async #drop(): Promise<void> {
		this.#calm();
		this.#unwatch?.();
		this.#unwatch = undefined;
		const room = this.#room;
		this.#room = undefined;
		this.isWeak = false;
		this.receiving.clear();
		this.line.clear();
		this.publishing.clear();
		// It may itself wait for a retry of LiveKit's.
		if (room)
			await Promise.race([room.disconnect().catch(() => undefined), new Promise((done) => setTimeout(done, 2000))]);
	}
}

/**
 * Connects. away: LiveKit does not answer, or disconnects. silent: it answers, and no media come through. elsewhere: another window of the
 * same person joined meanwhile.
 */
async function enter(
	{ RoomEvent, DisconnectReason }: StageEngine,
	room: Room,
	{ url, token }: Pass & { status: 'ok' }
): Promise<'in' | 'away' | 'silent' | 'elsewhere'> {
	const answered = new Promise<true>((done) => room.once(RoomEvent.SignalConnected, () => done(true)));
	// A disconnected client is notified at once, where `connect` would wait on for media.
	const sentAway = new Promise<'away' | 'elsewhere'>((done) =>
		room.once(RoomEvent.Disconnected, (reason) => {
			if (reason !== undefined) done(reason === DisconnectReason.DUPLICATE_IDENTITY ? 'elsewhere' : 'away');
		})
	);
	const connected = room.connect(url, token, { autoSubscribe: false, maxRetries: 0 }).then(
		() => 'in' as const,
		async () => ((await Promise.race([answered, false])) ? ('silent' as const) : ('away' as const))
	);
	return Promise.race([connected, sentAway]);
}

function canSetVolume(): boolean {
	const audio = new Audio();
	audio.volume = 0.5;
	return audio.volume === 0.5;
}
