import { expect, test } from 'vitest';
import { CameraWatch } from './camera-watch.ts';

const checks = (frames: readonly (number | null)[]) => {
	const watch = new CameraWatch();
	return frames.map((each) => watch.check(each));
};

test('leaves a camera alone whose frames arrive, or are not counted', () => {
	expect(checks([0, 12, 40, 41, 90])).toEqual(Array(5).fill('fine'));
	expect(checks([null, null, null, 7, null, 7, null])).toEqual(Array(7).fill('fine'));
	expect(checks([10, 10, 20, 20, 30])).toEqual(['fine', 'quiet', 'fine', 'quiet', 'fine']);
});

test('reopens a camera that gives nothing, three times, and then says so', () => {
	expect(checks([0, 0, 0, 0, 0, 0, 0, 0, 0]).join(' ')).toBe(
		'fine quiet reopen quiet reopen quiet reopen quiet failed'
	);
});

test('keeps saying that a camera failed, until it gives frames again', () => {
	const watch = new CameraWatch();
	for (let each = 0; each < 9; each++) watch.check(0);
	expect([watch.check(0), watch.check(0), watch.check(3), watch.check(3), watch.check(3)]).toEqual([
		'failed',
		'failed',
		'fine',
		'quiet',
		'reopen'
	]);
});

test('counts a reopened camera that begins at zero as the same silence', () => {
	expect(checks([50, 50, 50, 0, 0, 0, 0, 0, 0, 0]).join(' ')).toBe(
		'fine quiet reopen fine quiet reopen quiet reopen quiet failed'
	);
});

test('closes the camera for longer each time', () => {
	const watch = new CameraWatch();
	const found = Array.from({ length: 9 }, () => (watch.check(0) === 'reopen' ? watch.pause : 0));
	expect(found.filter((pause) => pause > 0)).toEqual([1000, 3000, 9000]);
});
