/* A different sound for each kind of answer: rising for admitted, level for check, falling for stop. */
import type { toneOf } from '#lib/door/answer.ts';

type Tone = ReturnType<typeof toneOf>;

const notes: Record<Tone, [hertz: number, from: number, to: number][]> = {
	good: [
		[660, 0, 0.09],
		[990, 0.1, 0.24]
	],
	look: [
		[520, 0, 0.12],
		[520, 0.2, 0.32]
	],
	bad: [
		[330, 0, 0.2],
		[220, 0.22, 0.6]
	]
};
const shakes: Record<Tone, number[]> = { good: [60], look: [80, 80, 80], bad: [300, 100, 300] };
let context: AudioContext | undefined;

/** Plays the sound of an answer and vibrates the phone. Browsers play no sound before the page was touched. */
export function soundAnswer(tone: Tone): void {
	if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(shakes[tone]);
	context ??= new AudioContext();
	if (context.state === 'suspended') void context.resume();
	const start = context.currentTime;
	for (const [hertz, from, to] of notes[tone]) {
		const source = new OscillatorNode(context, { frequency: hertz, type: tone === 'bad' ? 'square' : 'sine' });
		const gain = new GainNode(context, { gain: 0.18 });
		source.connect(gain).connect(context.destination);
		source.start(start + from);
		source.stop(start + to);
	}
}
