import { describe, expect, test } from 'vitest';
import { defaultListening, selectAudio, parseListeningChoice } from './choosing.ts';
import type { Language } from './interpretation.ts';

const languages: Language[] = [
	{ language: 'es', is_signed: false, identity: null, is_staffed: true },
	{ language: 'fr', is_signed: false, identity: 'FR', is_staffed: true },
	{ language: 'ase', is_signed: true, identity: 'ASE', is_staffed: true },
	{ language: 'ils', is_signed: true, identity: 'ILS', is_staffed: true }
];
const choice = (change: Partial<typeof defaultListening>) => ({ ...defaultListening, ...change });

describe('the played audio', () => {
	test('is the original until a language is chosen', () => {
		expect(selectAudio(defaultListening, languages, false)).toEqual({
			source: 'floor',
			languages: { played: [], floor: 1 },
			pinned: ['ASE']
		});
	});

	test('is the interpreter, with the original turned down', () => {
		expect(selectAudio(choice({ language: 'fr', floor: 0.4 }), languages, false)).toMatchObject({
			source: 'language',
			languages: { played: ['FR'], floor: 0.4 }
		});
	});

	test('is the whole original while the booth is silent', () => {
		expect(selectAudio(choice({ language: 'fr' }), languages, true)).toMatchObject({
			source: 'silent',
			languages: { played: ['FR'], floor: 1 }
		});
		expect(selectAudio(choice({ language: 'es' }), languages, false)).toMatchObject({
			source: 'vacant',
			languages: { played: [], floor: 1 }
		});
		// A sign language has no audio.
		for (const language of ['de', 'ase'])
			expect(selectAudio(choice({ language }), languages, false)).toMatchObject({
				source: 'closed',
				languages: { played: [], floor: 1 }
			});
	});
});

test('pins one sign language: the chosen one, or the first where the choice does not exist, or none', () => {
	const pinned = (signed: string, among = languages) => selectAudio(choice({ signed }), among, false).pinned;
	expect([pinned('any'), pinned('ils'), pinned('none'), pinned('bfi')]).toEqual([['ASE'], ['ILS'], [], ['ASE']]);
	// No interpreter of the chosen one is on air: the signs of another language would not be understood.
	const vacant = languages.map((one) => (one.language === 'ils' ? { ...one, identity: null } : one));
	expect(pinned('ils', vacant)).toEqual([]);
	expect(pinned('any', [])).toEqual([]);
});

test('ignores invalid stored settings', () => {
	expect(parseListeningChoice(null)).toEqual(defaultListening);
	expect(parseListeningChoice({ language: 7, floor: 9, signed: [] })).toEqual(defaultListening);
	expect(parseListeningChoice({ language: 'fr', floor: 0, signed: 'none' })).toEqual({
		language: 'fr',
		floor: 0,
		signed: 'none'
	});
});
