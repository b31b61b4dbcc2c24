import type { Room, Track } from 'livekit-client';
import { SvelteMap } from 'svelte/reactivity';
import { StageConnection } from './connection.svelte.ts';
import type { StageEngine } from './engine.ts';
import { followQuality, type SignalQuality } from './signal-quality.ts';
import type { Pass } from './stage.ts';

const every = 500;
// A window as long as the interval between two measurements, without a gap. Samples.
const span = 32_768;
// Below this level a microphone picks up a room, and no speech.
const quiet = 0.02;

/** The desk's monitor of one run: the loudness and connection of each person on stage, on request their audio, and one small video. */
export class RoomMonitor {
	/** The latest peak, 0 to 1, of each identity with audio. It needs an element that plays the audio, even if muted. */
	readonly levels = new SvelteMap<string, number>();
	readonly lines = new SvelteMap<string, SignalQuality>();
	/** When somebody was last heard, or monitoring began; milliseconds, null while it does not. */
	lastSoundAt = $state<number | null>(null);
	readonly connection: StageConnection;
	readonly #audio: AudioContext;
	readonly #analysers = new WeakMap<Track, AnalyserNode>();
	#timer: ReturnType<typeof setInterval> | undefined;

	/** `audio` is the page's; while the browser blocks it, nothing is measured. */
	constructor(ask: () => Promise<Pass>, audio: AudioContext) {
		this.#audio = audio;
		this.connection = new StageConnection({
			given: () => null,
			ask,
			onroom: (engine, room) => this.#watch(engine, room)
		});
		// One video, in its smallest layer: a desk shows many rooms.
		this.connection.line.chosen = 'slides';
		this.connection.receiving.choose({ level: 'slides' });
	}

	/** Monitors these identities from now on; with none it disconnects. `shown`: the identity that is large on the stage. */
	follow(identities: readonly string[], shown: string | null = null): void {
		const { connection } = this;
		connection.receiving.choose({ level: 'slides', onStage: identities, pinned: shown ? [shown] : [] });
		const isOut = ['idle', 'refused', 'over'].includes(connection.phase);
		if (identities.length > 0 && isOut) void connection.join();
		if (identities.length === 0 && !isOut) void this.leave();
	}

	/** Disconnects, and clears its readings. */
	async leave(): Promise<void> {
		this.#forget();
		await this.connection.leave();
	}

	#forget() {
		clearInterval(this.#timer);
		this.levels.clear();
		this.lines.clear();
		this.lastSoundAt = null;
	}

	#watch(engine: StageEngine, room: Room) {
		const { RoomEvent } = engine;
		this.#forget();
		room.once(RoomEvent.Connected, () => (this.#timer = setInterval(() => this.#measure(), every)));
		followQuality(engine, room, this.lines);
		room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => void this.levels.delete(identity));
		room.on(RoomEvent.Disconnected, () => this.#forget());
	}

	#measure(): void {
		if (this.#audio.state !== 'running') {
			this.lastSoundAt = null;
			return;
		}
		this.lastSoundAt ??= Date.now();
		for (const identity of this.connection.receiving.choice.onStage ?? []) {
			const track = this.connection.receiving.trackOf(identity, 'microphone');
			const level = track ? this.#peakOf(track) : 0;
			this.levels.set(identity, level);
			if (level > quiet) this.lastSoundAt = Date.now();
		}
	}

	#peakOf(track: Track): number {
		let analyser = this.#analysers.get(track);
		if (!analyser) {
			analyser = new AnalyserNode(this.#audio, { fftSize: span });
			this.#audio.createMediaStreamSource(new MediaStream([track.mediaStreamTrack])).connect(analyser);
			this.#analysers.set(track, analyser);
		}
		const samples = new Float32Array(span);
		analyser.getFloatTimeDomainData(samples);
		return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
	}
}
