import type { Room } from 'livekit-client';
import { untrack } from 'svelte';
import { compareCounters, type Counters } from './counting.ts';
import type { Engine } from './engine.ts';
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

const memory = 'stage-rung';
const every = 2000;

/** The person's line: which quality level it is on, by itself or by hand, and what it has cost. */
export class ConnectionQuality {
	chosen = $state<QualityChoice>('auto');
	/** Bytes both ways since joining for the first time on this page. */
	bytes = $state(0);
	/** Bytes in an hour as on this level until now; null before that can be said. */
	perHour = $state<number | null>(null);
	#ceiling = $state<QualityLevel>('hd');
	#state = $state.raw(startQuality('hd'));
	/** Whoever speaks here cannot do without a line. */
	#isNeeded = $state(false);
	readonly level = $derived<QualityLevel>(
		this.chosen === 'auto' ? this.#state.level : this.chosen === 'captions' && this.#isNeeded ? 'audio' : this.chosen
	);
	/** The automatic has gone down because the line did not carry more. */
	readonly isLowered = $derived(this.chosen === 'auto' && this.#state.level !== this.#ceiling);
	readonly #ontake: (level: QualityLevel) => void;
	#quality: Sample['quality'] = null;
	#before: Counters | null = null;
	#onLevel = { bytes: 0, elapsed: 0 };
	#timer: ReturnType<typeof setInterval> | undefined;

	/** `ontake` is called with each level that is taken from now on. */
	constructor(ontake: (level: QualityLevel) => void) {
		this.#ontake = ontake;
	}

	/** Takes up the choice of last time; in the browser, once the page is there. */
	recall(): void {
		const { start, ceiling } = boundsOf(
			(navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection ?? {}
		);
		this.#ceiling = ceiling;
		this.#state = startQuality(start);
		this.#take(remembered());
	}

	/** Holds the line at sound, whatever was chosen, while the person is on stage or behind it. It may be called in an effect. */
	need(isNeeded: boolean): void {
		untrack(() => {
			if (this.#isNeeded === isNeeded) return;
			const { level } = this;
			this.#isNeeded = isNeeded;
			if (this.level !== level) this.#taken();
		});
	}

	/** Chooses a level by hand, or leaves it to the line; remembered on this device. */
	choose(choice: QualityChoice): void {
		try {
			localStorage.setItem(memory, choice);
		} catch {
			// Without storage it holds for this visit.
		}
		// The automatic begins where the hand left off.
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
	watch(engine: Engine, room: Room): void {
		const { ConnectionQuality, RoomEvent } = engine;
		room.on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
			if (participant !== room.localParticipant) return;
			const words = { [ConnectionQuality.Poor]: 'poor', [ConnectionQuality.Lost]: 'lost' } as const;
			if (quality === ConnectionQuality.Unknown) this.#quality = null;
			else this.#quality = words[quality as keyof typeof words] ?? 'good';
		});
		this.#timer = setInterval(() => void this.#look(engine, room), every);
	}

	async #look(engine: Engine, room: Room): Promise<void> {
		const timer = this.#timer;
		// A broken line says nothing about what it carries once it is back.
		if (room.state !== engine.ConnectionState.Connected) return;
		const now = await readCounters(room);
		if (timer !== this.#timer) return;
		const seen = compareCounters(this.#before, now);
		this.#before = now;
		this.#count(seen.bytes, seen.elapsed);
		// A page that sleeps is woken for a look now and then; what lies between says nothing either.
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

	/** Forgets the room; what it has cost stays. */
	clear(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#before = null;
		this.#quality = null;
	}
}

function remembered(): QualityChoice {
	try {
		return parseQualityChoice(localStorage.getItem(memory));
	} catch {
		return 'auto';
	}
}
