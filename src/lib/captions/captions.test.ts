import { describe, expect, test } from 'vitest';
import { lineFrom, withLine, type CaptionLine } from './captions.ts';
import { captionSettingsFrom, defaultCaptionSettings } from './settings.ts';
import { vttFrom } from './vtt.ts';

const line = (number: number, words = `line ${number}`): CaptionLine => ({
	id: `id-${number}`,
	language: 'en',
	number,
	starts: number * 1000,
	ends: number * 1000 + 900,
	words,
	is_final: true,
	is_corrected: false
});

describe('caption lines', () => {
	test('arrive in any order, and are corrected in place and removed', () => {
		const first = withLine(withLine([], 'id-2', line(2)), 'id-1', line(1));
		expect(first.map(({ words }) => words)).toEqual(['line 1', 'line 2']);
		const corrected = withLine(first, 'id-1', line(1, 'better'));
		expect(corrected.map(({ words }) => words)).toEqual(['better', 'line 2']);
		expect(withLine(corrected, 'id-1', null)).toEqual([line(2)]);
		expect(withLine(corrected, 'id-7', null)).toEqual(corrected);
	});

	test('of long sessions are limited on the page', () => {
		const many = Array.from({ length: 400 }, (_, index) => line(index)).reduce<CaptionLine[]>(
			(lines, one) => withLine(lines, one.id, one),
			[]
		);
		expect([many.length, many.at(-1)?.number]).toEqual([300, 399]);
	});

	test('are validated when read from live events', () => {
		expect(lineFrom(line(1))).toEqual(line(1));
		for (const value of [null, 'x', {}, { id: 1 }, { ...line(1), words: 2 }]) expect(lineFrom(value)).toBeNull();
	});
});

test('become a transcript in WebVTT with the same text', () => {
	expect(vttFrom([{ starts: -5, ends: 3_723_456, words: 'Long' }], 'en')).toContain('00:00:00.000 --> 01:02:03.456');
	expect(
		vttFrom(
			[
				{ starts: 1000, ends: 4000, words: 'Good morning' },
				{ starts: 4000, ends: 4100, words: '5 < 6 & 7 --> 8' }
			],
			'en'
		)
	).toBe(
		'WEBVTT\nLanguage: en\n\n1\n00:00:01.000 --> 00:00:04.000\nGood morning\n\n2\n00:00:04.000 --> 00:00:05.500\n5 &lt; 6 &amp; 7 --&gt; 8\n'
	);
});

test('ignore invalid stored settings', () => {
	expect(captionSettingsFrom('x')).toEqual(defaultCaptionSettings);
	expect(captionSettingsFrom({ language: 4, size: 'huge', contrast: 'none', isAloud: 'yes' })).toEqual(
		defaultCaptionSettings
	);
	const settings = { language: 'ar', size: 'xl', contrast: 'yellow', isAloud: true };
	expect(captionSettingsFrom(settings)).toEqual(settings);
});
