import { describe, expect, test } from 'vitest';
import { ownConsents, type ConsentItem, type ConsentRecord } from './consents.ts';

const item: ConsentItem = {
	id: 'a',
	key: 'photographs',
	label: { original: 'en', en: 'Photographs', fr: 'Photographies' },
	detail: {},
	is_required: false
};
const record: ConsentRecord = {
	item_id: 'a',
	given_at: '2027-01-01T00:00:00Z',
	withdrawn_at: null,
	agreed_label: { original: 'fr', fr: 'Photographies' },
	agreed_detail: {}
};
const own = (with_: Partial<ConsentItem> = {}, and: Partial<ConsentRecord> = {}) =>
	ownConsents([{ ...item, ...with_ }], [{ ...record, ...and }])[0];

describe('a consent', () => {
	test('is given, withdrawn or neither', () => {
		expect(own()).toMatchObject({ state: 'given', agreed: { label: record.agreed_label } });
		expect(own({}, { withdrawn_at: '2027-01-02T00:00:00Z' })).toMatchObject({ state: 'withdrawn' });
		expect(own({}, { given_at: null, agreed_label: {} })).toMatchObject({ state: 'none', agreed: null });
		expect(ownConsents([item], [])).toMatchObject([{ state: 'none', agreed: null, isReworded: false }]);
	});

	test('is reworded when its text in the language of the agreement has changed', () => {
		expect(own()?.isReworded).toBe(false);
		expect(own({ label: { ...item.label, en: 'Films' } })?.isReworded).toBe(false);
		expect(own({ label: { ...item.label, fr: 'Films' } })?.isReworded).toBe(true);
		expect(own({ detail: { original: 'en', en: 'More.' } })?.isReworded).toBe(true);
	});
});
