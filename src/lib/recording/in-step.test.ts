import { expect, test } from 'vitest';
import { stepTo, whoPlays } from './in-step.ts';

test('what nobody notices changes nothing', () => {
	expect(stepTo(10, 10, 1)).toEqual({ goTo: null, rate: 1 });
	expect(stepTo(10, 10.05, 1.5)).toEqual({ goTo: null, rate: 1.5 });
	expect(stepTo(10, 9.95, 1)).toEqual({ goTo: null, rate: 1 });
});

test('a little too late is caught up faster, a little too early slower, in proportion to the playback rate', () => {
	expect(stepTo(10, 9.9, 1).rate).toBeCloseTo(1.05);
	expect(stepTo(10, 10.1, 1).rate).toBeCloseTo(0.95);
	expect(stepTo(10, 9.5, 1).rate).toBeCloseTo(1.08);
	expect(stepTo(10, 10.4, 2).rate).toBeCloseTo(1.84);
	expect(stepTo(10, 10.4, 2).goTo).toBeNull();
});

test('a large difference is a jump at the normal rate', () => {
	expect(stepTo(60, 10, 1)).toEqual({ goTo: 60, rate: 1 });
	expect(stepTo(3, 5, 1.25)).toEqual({ goTo: 3, rate: 1.25 });
});

test('steps end in step, from either side', () => {
	for (const start of [-0.9, -0.3, 0.2, 0.95]) {
		let [picture, sound] = [10, 10 + start];
		for (let turn = 0; turn < 100; turn++) {
			const { goTo, rate } = stepTo(picture, sound, 1);
			sound = goTo ?? sound;
			picture += 0.25;
			sound += 0.25 * rate;
		}
		expect(Math.abs(sound - picture)).toBeLessThan(0.09);
	}
});

test('each waits for the other, and nobody plays what is paused', () => {
	const all = { wantsToPlay: true, isPictureReady: true, isPictureMoving: true, isSoundReady: true };
	expect(whoPlays(all)).toEqual({ picture: true, sound: true });
	expect(whoPlays({ ...all, wantsToPlay: false })).toEqual({ picture: false, sound: false });
	expect(whoPlays({ ...all, isSoundReady: false })).toEqual({ picture: false, sound: false });
	expect(whoPlays({ ...all, isPictureReady: false })).toEqual({ picture: true, sound: false });
	expect(whoPlays({ ...all, isPictureMoving: false })).toEqual({ picture: true, sound: false });
});
