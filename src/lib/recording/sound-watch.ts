/** `renews`: rebuild the audio path. `isLost`: report that nothing is heard. */
interface SoundVerdict {
	renews: boolean;
	isLost: boolean;
}

/** Below this level a recording is silent: 60 dB under full scale, quieter than any room. */
const quiet = 0.001;
// Seconds in which a person spoke and nothing was heard.
const renewEvery = 3;
const lostAfter = 8;

/**
 * Watches the recorded audio: silence while LiveKit measures sound of a speaker on stage is an error on our side. Call it once a second. Seconds in which
 * nobody speaks are ignored.
 */
export class SoundWatch {
	#missed = 0;

	/** `speaks`: LiveKit hears a person who is to be recorded. `peak`: the loudest sample since the last call, 0 to 1. */
	judge(speaks: boolean, peak: number): SoundVerdict {
		const isMissed = peak < quiet && speaks;
		if (peak >= quiet) this.#missed = 0;
		else if (speaks) this.#missed += 1;
		return { renews: isMissed && this.#missed % renewEvery === 0, isLost: this.#missed >= lostAfter };
	}

	/** Nothing is recorded: resets what was missed. */
	reset(): void {
		this.#missed = 0;
	}
}
