import type { Room } from 'livekit-client';
import { untrack } from 'svelte';
import { compareCounters, type Counters } from './counting.ts';
import type { StageEngine } from './engine.ts';
import {
	boundsOf,
	gradeOf,
	parseQualityChoice,
	startQuality,
	stepQuality,
	type QualityChoice,
	type Sample
} from './quality.ts';
import { readCounters } from './sampling.ts';
import type { QualityLevel } from './receive-settings.ts';
import { readStored, storeText } from '#lib/ui/stored.ts';

const memory = 'stage-quality';
const every = 2000;

/** The person's connection: its quality level, automatic or chosen, and its data use. */
export class ConnectionQuality {
	chosen = $state<QualityChoice>('auto');
	/** Bytes in both directions since first joining on this page. */
	bytes = $state(0);
	/** Bytes per hour at the present level; null before it can be estimated. */
	perHour = $state<number | null>(null);
	#ceiling = $state<QualityLevel>('hd');
	#state = $state.raw(startQuality('hd'));
	/** A person who speaks here cannot do without a connection. */
	#isNeeded = $state(false);
	readonly level = $derived<QualityLevel>(
		this.chosen === 'auto' ? this.#state.level : this.chosen === 'captions' && this.#isNeeded ? 'audio' : this.chosen
	);
	/** The automatic choice went down because the connection did not carry more. */
	readonly isLowered = $derived(this.chosen === 'auto' && this.#state.level !== this.#ceiling);
	readonly #ontake: (level: QualityLevel) => void;
	/** Called with what was seen of the connection since the last time. */
	onsample: ((seen: { loss: number; elapsed: number }, quality: Sample['quality']) => void) | undefined;
	#quality: Sample['quality'] = null;
	#before: Counters | null = null;
	#onLevel = { bytes: 0, elapsed: 0 };
	#timer: ReturnType<typeof setInterval> | undefined;

	/** `ontake` is called with each level that is taken from now on. */
	constructor(ontake: (level: QualityLevel) => void) {
		this.#ontake = ontake;
	}

	/** Restores the stored choice; in the browser, once the page is mounted. */
	recall(): void {
		const { start, ceiling } = boundsOf(
			(navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection ?? {}
		);
		this.#ceiling = ceiling;
		this.#state = startQuality(start);
		this.#take(remembered());
	}

	/** Keeps the level at audio or above while the person is on or behind the stage, whatever was chosen. It may be called in an effect. */
	need(isNeeded: boolean): void {
		untrack(() => {
			if (this.#isNeeded === isNeeded) return;
			const { level } = this;
			this.#isNeeded = isNeeded;
			if (this.level !== level) this.#taken();
		});
	}

	/** Chooses a level, or the automatic choice; stored on this device. */
	choose(choice: QualityChoice): void {
		storeText(memory, choice);
		// The automatic choice starts at the last chosen level.
		const { level } = this;
		if (choice === 'auto' && level !== 'captions') this.#state = startQuality(level);
		this.#take(choice);
	}

	#take(choice: QualityChoice) {
		this.chosen = choice;
		this.#taken();
	}

	#taken() {
		this.#onLevel = { bytes: 0, elapsed: 0 };
		this.perHour = null;
		this.#ontake(this.level);
	}

	/** Follows a room from now on. */
	watch(engine: StageEngine, room: Room): void {
		const { ConnectionQuality, RoomEvent } = engine;
		room.on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
			if (participant !== room.localParticipant) return;
			const words = { [ConnectionQuality.Poor]: 'poor', [ConnectionQuality.Lost]: 'lost' } as const;
			if (quality === ConnectionQuality.Unknown) this.#quality = null;
			else this.#quality = words[quality as keyof typeof words] ?? 'good';
		});
		this.#timer = setInterval(() => void this.#look(engine, room), every);
	}

	async #look(engine: StageEngine, room: Room): Promise<void> {
		const timer = this.#timer;
		// A broken connection tells nothing about its capacity once it is back.
		if (room.state !== engine.ConnectionState.Connected) return;
		const now = await readCounters(room);
		if (timer !== this.#timer) return;
		const seen = compareCounters(this.#before, now);
		this.#before = now;
		this.#count(seen.bytes, seen.elapsed);
		if (seen.elapsed > 0 && seen.elapsed <= 3 * every) this.onsample?.(seen, this.#quality);
		// A page in the background is only sampled now and then; the gaps are ignored.
		if (this.chosen !== 'auto' || seen.elapsed === 0 || seen.elapsed > 3 * every) return;
		const { level } = this.#state;
		this.#state = stepQuality(this.#state, gradeOf({ ...seen, quality: this.#quality }), seen.elapsed, this.#ceiling);
		if (this.#state.level !== level) this.#taken();
	}

	#count(bytes: number, elapsed: number) {
		this.bytes += bytes;
		this.#onLevel = { bytes: this.#onLevel.bytes + bytes, elapsed: this.#onLevel.elapsed + elapsed };
		if (this.#onLevel.elapsed >= 4 * every) this.perHour = (this.#onLevel.bytes / this.#onLevel.elapsed) * 3_600_000;
	}

	/** Forgets the room; the data use stays. */
	clear(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#before = null;
		this.#quality = null;
	}
}

const remembered = (): QualityChoice => parseQualityChoice(readStored(memory));
