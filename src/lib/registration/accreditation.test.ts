import { expect, test } from 'vitest';
import {
	daysSince,
	decisionSentence,
	listAddress,
	listFilters,
	listQuery,
	lookAt,
	stepSentence,
	type ListedRegistration
} from './accreditation.ts';

test('an address and a query say the same', () => {
	const address = '?tab=queue&q=harbour&sector=civil_society&mode=in_person&page=3';
	const query = listQuery(new URLSearchParams(address));
	expect(query).toEqual({ question: 'queue', text: 'harbour', sector: 'civil_society', mode: 'in_person', page: 3 });
	expect(listAddress(query, { page: 3 })).toBe(address);
	expect(listAddress(query, { question: 'decide', text: '', sector: null, mode: null })).toBe('');
});

test('what an address should not hold is left out', () => {
	const query = listQuery(new URLSearchParams('?tab=secret&sector=%27;--&mode=both&page=-1&q=' + 'x'.repeat(500)));
	expect(query).toEqual({ question: 'decide', text: 'x'.repeat(100), sector: null, mode: null, page: 1 });
	expect(listFilters({ ...query, text: '' })).toEqual({ states: ['submitted', 'nominated'] });
});

test('what to look at is empty when all is well', () => {
	const row = { queue_position: null, queue_reason: null, has_request: false } as ListedRegistration;
	expect(lookAt(row)).toBe('');
	expect(lookAt({ ...row, queue_reason: 'allocation', queue_position: 4 })).toBe('Over the entitlement');
	expect(lookAt({ ...row, has_request: true })).toBe('Organisation not linked');
});

test('decisions are summed up', () => {
	expect(decisionSentence([{ status: 'confirmed' }, { status: 'confirmed' }, { status: 'wrong_state' }])).toEqual({
		text: '2 confirmed, 1 already decided.',
		good: false
	});
	expect(decisionSentence([{ status: 'declined' }])).toEqual({ text: '1 declined.', good: true });
	expect(decisionSentence([])).toEqual({ text: 'Nobody was chosen.', good: false });
});

test('days are whole and never negative', () => {
	const now = Date.parse('2027-06-10T12:00:00Z');
	expect(daysSince('2027-06-08T13:00:00Z', now)).toBe(1);
	expect(daysSince('2027-06-11T13:00:00Z', now)).toBe(0);
});

test('history names who did it, unless the clock did', () => {
	const step = {
		from_state: 'submitted',
		to_state: 'accredited',
		mode: 'virtual',
		at: '',
		reason: '',
		by_self: false
	} as const;
	expect(stepSentence({ ...step, actor: 'Emeka Nwosu' })).toBe('Accredited by Emeka Nwosu');
	expect(stepSentence({ ...step, to_state: 'expired', actor: null })).toBe('Expired');
	expect(stepSentence({ ...step, from_state: 'draft', to_state: 'submitted', by_self: true, actor: 'Awa Diop' })).toBe(
		'Sent by the person'
	);
	expect(stepSentence({ ...step, from_state: 'confirmed', to_state: 'confirmed' })).toBe('Moved online');
});
