import { expect, it } from 'vitest';
import { helpDeskDoneSentence, noCodeSentence, helpDeskRefusalSentence } from './desk.ts';

it('says what was done, and isolates the name where the text directions differ', () => {
	expect(helpDeskDoneSentence('badge', 'Amara')).toEqual({
		text: 'Amara: The new badge is valid, the old one is not. Print it.',
		good: true
	});
	expect(helpDeskDoneSentence('handed', 'أمل')?.text).toBe('\u2068أمل\u2069: The seat was handed over.');
	expect(['toString', 'nothing', ''].map((word) => helpDeskDoneSentence(word, 'Amara'))).toEqual([null, null, null]);
});

it('gives the reason of a refusal', () => {
	expect(helpDeskRefusalSentence('closed')).toBe('Seats cannot be handed over any more.');
	expect((['no_address', 'limited'] as const).map(noCodeSentence)).toEqual([
		'They left no address, so there is no account to open. Print their badge.',
		'Five codes in an hour are enough. Wait, or print the badge and use paper.'
	]);
});
