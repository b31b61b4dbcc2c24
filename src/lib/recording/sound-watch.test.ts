import { expect, it } from 'vitest';
import { SoundWatch } from './sound-watch.ts';

const watch = (seconds: [speaks: boolean, peak: number][]) => {
	const sound = new SoundWatch();
	return seconds.map(([speaks, peak]) => sound.judge(speaks, peak));
};
const spoken = (count: number, peak: number) => Array.from({ length: count }, (): [boolean, number] => [true, peak]);

it('rebuilds the audio path after three seconds of unheard speech, and reports a loss after eight', () => {
	const verdicts = watch(spoken(10, 0));
	expect(verdicts.map(({ renews }) => renews)).toEqual(
		[3, 6, 9].reduce((all, at) => all.with(at - 1, true), Array(10).fill(false))
	);
	expect(verdicts.map(({ isLost }) => isLost)).toEqual([...Array(7).fill(false), true, true, true]);
});

it('reports nothing while nobody speaks, and remembers what was missed before the pause', () => {
	expect(watch([...spoken(7, 0), [false, 0], [false, 0], [true, 0]]).map(({ isLost }) => isLost)).toEqual([
		...Array(9).fill(false),
		true
	]);
	expect(watch(Array.from({ length: 60 }, () => [false, 0]))).toEqual(Array(60).fill({ renews: false, isLost: false }));
});

it('ends the alarm with the first audio', () => {
	expect(watch([...spoken(8, 0), [false, 0.2], [true, 0]]).slice(-3)).toEqual([
		{ renews: false, isLost: true },
		{ renews: false, isLost: false },
		{ renews: false, isLost: false }
	]);
});
