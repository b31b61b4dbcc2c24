import type { Room } from 'livekit-client';
import { untrack } from 'svelte';
import { between, type Counters } from './counting.ts';
import type { Engine } from './engine.ts';
import { boundsOf, gradeOf, rungChoiceFrom, startLadder, stepLadder, type RungChoice, type Sample } from './ladder.ts';
import { readCounters } from './sampling.ts';
import type { Rung } from './wanted.ts';

const memory = 'stage-rung';
const every = 2000;

/** The person's line: which rung of the ladder it is on, by itself or by hand, and what it has cost. */
export class Line {
	chosen = $state<RungChoice>('auto');
	/** Bytes both ways since joining for the first time on this page. */
	bytes = $state(0);
	/** Bytes in an hour as on this rung until now; null before that can be said. */
	perHour = $state<number | null>(null);
	#ceiling = $state<Rung>('hd');
	#ladder = $state.raw(startLadder('hd'));
	/** Whoever speaks here cannot do without a line. */
	#isNeeded = $state(false);
	readonly rung = $derived<Rung>(
		this.chosen === 'auto' ? this.#ladder.rung : this.chosen === 'captions' && this.#isNeeded ? 'audio' : this.chosen
	);
	/** The automatic has gone down because the line did not carry more. */
	readonly isLowered = $derived(this.chosen === 'auto' && this.#ladder.rung !== this.#ceiling);
	readonly #ontake: (rung: Rung) => void;
	#quality: Sample['quality'] = null;
	#before: Counters | null = null;
	#onRung = { bytes: 0, elapsed: 0 };
	#timer: ReturnType<typeof setInterval> | undefined;

	/** `ontake` is called with each rung that is taken from now on. */
	constructor(ontake: (rung: Rung) => void) {
		this.#ontake = ontake;
	}

	/** Takes up the choice of last time; in the browser, once the page is there. */
	recall(): void {
		const { start, ceiling } = boundsOf(
			(navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection ?? {}
		);
		this.#ceiling = ceiling;
		this.#ladder = startLadder(start);
		this.#take(remembered());
	}

	/** Holds the line at sound, whatever was chosen, while the person is on stage or behind it. It may be called in an effect. */
	need(isNeeded: boolean): void {
		untrack(() => {
			if (this.#isNeeded === isNeeded) return;
			const { rung } = this;
			this.#isNeeded = isNeeded;
			if (this.rung !== rung) this.#taken();
		});
	}

	/** Chooses a rung by hand, or leaves it to the line; remembered on this device. */
	choose(choice: RungChoice): void {
		try {
			localStorage.setItem(memory, choice);
		} catch {
			// Without storage it holds for this visit.
		}
		// The automatic begins where the hand left off.
		const { rung } = this;
		if (choice === 'auto' && rung !== 'captions') this.#ladder = startLadder(rung);
		this.#take(choice);
	}

	#take(choice: RungChoice) {
		this.chosen = choice;
		this.#taken();
	}

	#taken() {
		this.#onRung = { bytes: 0, elapsed: 0 };
		this.perHour = null;
		this.#ontake(this.rung);
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
		const seen = between(this.#before, now);
		this.#before = now;
		this.#count(seen.bytes, seen.elapsed);
		// A page that sleeps is woken for a look now and then; what lies between says nothing either.
		if (this.chosen !== 'auto' || seen.elapsed === 0 || seen.elapsed > 3 * every) return;
		const { rung } = this.#ladder;
		this.#ladder = stepLadder(this.#ladder, gradeOf({ ...seen, quality: this.#quality }), seen.elapsed, this.#ceiling);
		if (this.#ladder.rung !== rung) this.#taken();
	}

	#count(bytes: number, elapsed: number) {
		this.bytes += bytes;
		this.#onRung = { bytes: this.#onRung.bytes + bytes, elapsed: this.#onRung.elapsed + elapsed };
		if (this.#onRung.elapsed >= 4 * every) this.perHour = (this.#onRung.bytes / this.#onRung.elapsed) * 3_600_000;
	}

	/** Forgets the room; what it has cost stays. */
	clear(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#before = null;
		this.#quality = null;
	}
}

function remembered(): RungChoice {
	try {
		return rungChoiceFrom(localStorage.getItem(memory));
	} catch {
		return 'auto';
	}
}
