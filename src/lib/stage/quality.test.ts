import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	boundsOf,
	gradeOf,
	isAtMost,
	parseQualityChoice,
	startQuality,
	stepQuality,
	type Grade,
	type QualityState
} from './quality.ts';
import { qualityLevels, type QualityLevel } from './receive-settings.ts';

const tick = 2000;

/** The levels after each tick of two seconds of a connection whose quality depends on the present level. */
function climb(
	from: QualityState,
	ticks: number,
	line: (level: QualityLevel, at: number) => Grade,
	ceiling: QualityLevel = 'hd'
): QualityLevel[] {
	const seen: QualityLevel[] = [];
	let state = from;
	for (let at = 0; at < ticks; at++) {
		state = stepQuality(state, line(state.level, at), tick, ceiling);
		seen.push(state.level);
	}
	return seen;
}

const changes = (seen: QualityLevel[]) => seen.filter((level, at) => at > 0 && level !== seen[at - 1]).length;
const fair = { quality: 'good' as const, loss: 0, concealed: 0, frozen: 0 };

test('grades a sample by its worst value', () => {
	expect(gradeOf(fair)).toBe('good');
	expect(gradeOf({ ...fair, quality: null })).toBe('good');
	expect(gradeOf({ ...fair, loss: 0.04 })).toBe('fair');
	expect(gradeOf({ ...fair, quality: 'poor' })).toBe('bad');
	expect(gradeOf({ ...fair, frozen: 0.5 })).toBe('bad');
	expect(gradeOf({ ...fair, concealed: 0.3 })).toBe('awful');
});

describe('the automatic choice', () => {
	test('goes down within seconds, and no lower than audio', () => {
		const seen = climb(startQuality('hd'), 10, () => 'bad');
		expect(seen.slice(0, 6)).toEqual(['hd', 'sd', 'sd', 'slides', 'slides', 'audio']);
		expect(seen.at(-1)).toBe('audio');
		expect(climb(startQuality('hd'), 3, () => 'awful')).toEqual(['sd', 'slides', 'audio']);
	});

	test('does not move for one bad moment', () => {
		expect(changes(climb(startQuality('hd'), 100, (_, at) => (at % 5 === 0 ? 'bad' : 'good')))).toBe(0);
	});

	test('goes up a level after twenty good seconds each', () => {
		const seen = climb(startQuality('audio'), 31, () => 'good');
		expect([seen[8], seen[9], seen[19], seen[29]]).toEqual(['audio', 'slides', 'sd', 'hd']);
		expect(climb(startQuality('audio'), 60, () => 'fair').at(-1)).toBe('audio');
	});

	test('never rises above its ceiling, and comes down to a lower one', () => {
		expect(climb(startQuality('audio'), 200, () => 'good', 'slides').at(-1)).toBe('slides');
		expect(climb(startQuality('hd'), 1, () => 'good', 'slides')).toEqual(['slides']);
	});

	test('is back a minute after one bad moment has passed', () => {
		const seen = climb(startQuality('hd'), 40, (_, at) => (at < 6 ? 'awful' : 'good'));
		expect([seen[5], seen.at(-1)]).toEqual(['audio', 'hd']);
	});

	test('settles on what the connection carries: few changes in an hour, and most of it there', () => {
		for (const carried of ['sd', 'slides', 'audio'] as const) {
			const seen = climb(startQuality('hd'), 1800, (level) => (isAtMost(level, carried) ? 'good' : 'bad'));
			expect(changes(seen)).toBeLessThan(24);
			expect(seen.filter((level) => level === carried).length / seen.length).toBeGreaterThan(0.9);
		}
	});

	test('moves one level at a time on any connection: up after twenty good seconds at least, down only in bad ones', () => {
		const grade = fc.constantFrom<Grade>('good', 'fair', 'bad', 'awful');
		const spells = fc.array(fc.tuple(grade, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(spells, fc.constantFrom(...qualityLevels.slice(0, 4)), (given, start) => {
				const line = given.flatMap(([one, times]) => Array.from({ length: times }, () => one));
				const seen = climb(startQuality(start), line.length, (_, at) => line[at] ?? 'good');
				let held = 0;
				for (const [at, level] of seen.entries()) {
					const before = seen[at - 1] ?? start;
					const isUp = level !== before && isAtMost(before, level);
					const isDown = level !== before && !isUp;
					held = line[at] === 'good' ? held + tick : line[at] === 'fair' ? held : 0;
					expect(Math.abs(qualityLevels.indexOf(level) - qualityLevels.indexOf(before))).toBeLessThanOrEqual(1);
					if (isUp) expect([line[at], held >= 20_000]).toEqual(['good', true]);
					if (isDown) expect(['bad', 'awful']).toContain(line[at]);
					if (isUp) held = 0;
					expect(isAtMost(level, 'hd') && isAtMost('audio', level)).toBe(true);
				}
			})
		);
	});
});

test('shows no faces with data saver on, and begins low in a slow browser', () => {
	expect(boundsOf({})).toEqual({ start: 'hd', ceiling: 'hd' });
	expect(boundsOf({ saveData: true })).toEqual({ start: 'slides', ceiling: 'slides' });
	expect(boundsOf({ saveData: true, effectiveType: '2g' })).toEqual({ start: 'audio', ceiling: 'slides' });
	expect(boundsOf({ effectiveType: '3g' })).toEqual({ start: 'sd', ceiling: 'hd' });
});

test('replaces an invalid stored choice', () => {
	expect([parseQualityChoice('sd'), parseQualityChoice('8k'), parseQualityChoice(null)]).toEqual([
		'sd',
		'auto',
		'auto'
	]);
});
