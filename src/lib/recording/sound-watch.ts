/** `renews`: make the way of the sound once more. `isLost`: say that nothing is heard. */
export interface SoundVerdict {
	renews: boolean;
	isLost: boolean;
}

/** Under this a recording is silent: 60 dB under full scale, where even a quiet room is louder. */
const quiet = 0.001;
// Seconds in which somebody spoke and nothing was heard.
const renewEvery = 3;
const lostAfter = 8;

/**
 * Listens to what is recorded: silence while LiveKit hears somebody on the stage speak is a fault of ours. Ask it once a second.
 * Seconds in which nobody speaks say nothing.
 */
export class SoundWatch {
	#missed = 0;

	/** `speaks`: LiveKit hears somebody who is to be recorded. `peak`: the loudest sample since the last look, 0 to 1. */
	judge(speaks: boolean, peak: number): SoundVerdict {
		const isMissed = peak < quiet && speaks;
		if (peak >= quiet) this.#missed = 0;
		else if (speaks) this.#missed += 1;
		return { renews: isMissed && this.#missed % renewEvery === 0, isLost: this.#missed >= lostAfter };
	}

	/** Nothing is recorded: what was missed counts no more. */
	reset(): void {
		this.#missed = 0;
	}
}
