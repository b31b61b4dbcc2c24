/** The present loudness of a track, measured on this device. */
export class Loudness {
	/** 0 to 1. */
	level = $state(0);
	#context: AudioContext | null = null;
	#frame = 0;

	/** Measures this track from now on, and no other. */
	listen(sound: MediaStream): void {
		this.stop();
		const context = new AudioContext();
		const analyser = context.createAnalyser();
		analyser.fftSize = 512;
		context.createMediaStreamSource(sound).connect(analyser);
		const samples = new Float32Array(analyser.fftSize);
		const measure = () => {
			analyser.getFloatTimeDomainData(samples);
			const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
			// Speech is at about 40 dB under full scale; the bar covers that range.
			this.level = Math.min(1, Math.max(0, (20 * Math.log10(Math.sqrt(power) + 1e-6) + 60) / 60));
			this.#frame = requestAnimationFrame(measure);
		};
		this.#context = context;
		measure();
	}

	/** Stops measuring. */
	stop(): void {
		cancelAnimationFrame(this.#frame);
		void this.#context?.close();
		this.#context = null;
		this.level = 0;
	}
}
