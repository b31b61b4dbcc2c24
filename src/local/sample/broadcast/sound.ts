/** Samples a second of the sample speaker's sound. */
export const sampleRate = 48_000;

const seconds = 6;

/** A soft tone and silence, six seconds that repeat: enough to hear that sound arrives, quiet enough to leave a stage open. */
export function makeTone(hertz: number): Int16Array {
	const tone = new Int16Array(sampleRate * seconds);
	for (let at = 0; at < sampleRate * 2; at += 1) {
		const time = at / sampleRate;
		const loudness = 1600 * Math.min(1, time * 20) * Math.exp(-2.2 * time);
		tone[at] = loudness * (Math.sin(2 * Math.PI * hertz * time) + 0.4 * Math.sin(3 * Math.PI * hertz * time));
	}
	return tone;
}
