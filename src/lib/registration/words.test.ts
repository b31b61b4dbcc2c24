import { m } from '#lib/i18n/messages.ts';
import { expect, test } from 'vitest';
import { registrationDoneSentence, stepReason } from './words.ts';

test('translates the reason of an act that was undone, and leaves what people wrote', () => {
	expect(stepReason({ category: 'press', reason: 'undone' })).toBe(m.registration_reason_undone());
	expect(stepReason({ category: 'press', reason: 'asked at the desk' })).toBe('asked at the desk');
	expect(stepReason({ category: null, reason: 'undone' })).toBe('undone');
});

test('an act is done in full where nothing is left to do, as to pay', () => {
	expect(registrationDoneSentence('in_person')?.good).toBe(true);
	expect(registrationDoneSentence('payment')?.good).toBe(false);
	expect(registrationDoneSentence('gone')?.good).toBe(false);
	expect(registrationDoneSentence('constructor')).toBeNull();
});
