import { parseForm } from '#lib/forms/parse.ts';
import type { GenericSchema } from 'valibot';
import { describe, expect, test } from 'vitest';
import { contactAnswers, memberAnswers, needsAnswers, seatAnswers, whoAnswers } from './answers.ts';
import { prospectOf, formStepOf, type SeatsLeft } from './registration.ts';

function faults(schema: GenericSchema, fields: Record<string, string>): string[] {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.append(name, value);
	return parseForm(data, schema).form.issues.map((issue) => issue.path);
}

describe('the first step', () => {
	const plain = { version: '1', display_name: 'Hye-jin Baek', office: 'Director', country: 'KR', protection: 'none' };

	test('requires a name and a country', () => {
		expect(faults(whoAnswers, plain)).toEqual([]);
		expect(faults(whoAnswers, { ...plain, display_name: '  ' })).toEqual(['display_name']);
		expect(faults(whoAnswers, { ...plain, country: '' })).toEqual(['country']);
		expect(faults(whoAnswers, { ...plain, country: 'Korea' })).toEqual(['country']);
		expect(faults(whoAnswers, { ...plain, protection: 'secret' })).toEqual(['protection']);
	});

	test('asks a person under 18 for a guardian, once', () => {
		const young = { ...plain, is_minor: 'yes' };
		expect(faults(whoAnswers, young)).toEqual(['guardian']);
		expect(faults(whoAnswers, { ...young, guardian: 'my mother' })).toEqual(['guardian']);
		expect(faults(whoAnswers, { ...young, guardian: 'ana@example.org' })).toEqual([]);
		expect(faults(whoAnswers, { ...young, guardian: 'abcd-2345' })).toEqual([]);
		expect(faults(whoAnswers, { ...young, has_guardian: 'yes' })).toEqual([]);
		expect(faults(whoAnswers, { ...plain, guardian: 'left over' })).toEqual([]);
	});

	test('requires the other name to differ', () => {
		const alias = { ...plain, protection: 'alias', country: '', alias_name: 'Wren' };
		expect(faults(whoAnswers, alias)).toEqual([]);
		expect(faults(whoAnswers, { ...alias, alias_name: '' })).toEqual(['alias_name']);
		expect(faults(whoAnswers, { ...alias, alias_name: 'hye-jin  BAEK' })).toEqual(['alias_name']);
		expect(faults(whoAnswers, { ...alias, display_name: '' })).toEqual(['display_name']);
		expect(faults(whoAnswers, { ...alias, display_name: '', has_sealed: 'yes' })).toEqual([]);
	});

	test('does not accept a sealed name for a displayed one', () => {
		expect(faults(whoAnswers, { ...plain, display_name: '', has_sealed: 'yes' })).toEqual(['display_name']);
	});
});

test('requires a description of an organisation that is not listed', () => {
	const id = '8b0f2a8e-6a0e-4d0e-9a57-0d7f2f3a1c11';
	expect(faults(memberAnswers, { member: id })).toEqual([]);
	expect(faults(memberAnswers, {})).toEqual(['member']);
	expect(faults(memberAnswers, { member: "'; drop table members" })).toEqual(['member']);
	expect(faults(memberAnswers, { member: 'other' })).toEqual(['request_name', 'request_sector', 'request_country']);
	expect(
		faults(memberAnswers, {
			member: 'other',
			request_name: 'Lumen',
			request_sector: 'civil_society',
			request_country: 'QA'
		})
	).toEqual([]);
});

test('accepts one of two seats, and language tags', () => {
	expect(faults(seatAnswers, { mode: 'virtual', 'languages[]': 'fr' })).toEqual([]);
	expect(faults(seatAnswers, { mode: 'both' })).toEqual(['mode']);
});

test('refuses long needs instead of cutting them', () => {
	expect(faults(needsAnswers, { access_needs: 'x'.repeat(2000) })).toEqual([]);
	expect(faults(needsAnswers, { access_needs: 'x'.repeat(2001) })).toEqual(['access_needs']);
});

test('takes an emergency contact with a name and a number, or none', () => {
	const whole = { version: '1', contact_name: 'Kofi', contact_phone: '+233 (24) 123-4567', contact_relation: '' };
	expect(faults(contactAnswers, whole)).toEqual([]);
	expect(faults(contactAnswers, { version: '1' })).toEqual([]);
	expect(faults(contactAnswers, { ...whole, contact_name: ' ' })).toEqual(['contact_name']);
	expect(faults(contactAnswers, { version: '1', contact_relation: 'Brother' })).toEqual(['contact_name']);
	for (const contact_phone of ['', '1234', 'my brother', '+233 24 123 4567 <b>'])
		expect(faults(contactAnswers, { ...whole, contact_phone })).toEqual(['contact_phone']);
});

test('shows the effect of a choice of seat', () => {
	const seats: SeatsLeft = { mode: 'in_person', capacity: 10, left: 3, member_ceiling: 1, member_left: 1, waiting: 0 };
	expect(prospectOf(seats)).toBe('seat');
	expect(prospectOf({ ...seats, waiting: 2 })).toBe('queue_others');
	expect(prospectOf({ ...seats, left: 0 })).toBe('queue_capacity');
	expect(prospectOf({ ...seats, member_left: 0 })).toBe('queue_member');
	expect(prospectOf({ ...seats, member_ceiling: 0, member_left: 0 })).toBe('never');
	expect(prospectOf({ ...seats, capacity: 0, left: 0 })).toBe('never');
	expect(prospectOf({ ...seats, member_ceiling: null, member_left: null })).toBe('seat');
});

test('reads steps of the address', () => {
	expect(formStepOf('3')).toEqual({ step: 3, subject: 'seat' });
	expect([formStepOf('0'), formStepOf('6'), formStepOf('1.0'), formStepOf('')]).toEqual([null, null, null, null]);
});
