import { describe, expect, it } from 'vitest';
import { incidentSentence, deviceFault, handlerWord, type Incident, type DeskDevice } from './desk.ts';

const now = Date.parse('2027-06-09T08:00:00Z');
const device: DeskDevice = {
	id: 'd',
	name: 'Tablet 3',
	checkpoint: 'c',
	person: null,
	last_seen_at: '2027-06-09T07:59:30Z',
	queued: 0,
	battery_percent: 80,
	version: '',
	offset_minutes: 0,
	shut_out: false,
	expired: false,
	scans: 0
};
const conflict = (kind: Incident['kind'], facts: Incident['facts'], of: string | null = 'Tablet 3'): Incident => ({
	id: 'k',
	kind,
	facts,
	found_at: '2027-06-09T08:00:00Z',
	note: '',
	resolved_at: null,
	resolved_by: null,
	handled_by: 'door',
	person: null,
	device: of,
	checkpoint: null
});
const sentence = (one: Incident) =>
	incidentSentence(
		one,
		(id) => `door ${id}`,
		(iso) => iso.slice(11, 16)
	);

describe('incidents', () => {
	it('name both doors and both times', () => {
		const facts = { first_at: '2027-06-09T08:00:00Z', first: 'A', at: '2027-06-09T08:05:00Z' };
		expect(sentence(conflict('two_doors', facts))).toBe(
			'Let in twice: at 08:00, door A, and again at 08:05. Either a copy of a badge, or a way out that was not scanned.'
		);
		expect(sentence(conflict('over_capacity', { most: 1201, capacity: 1200, at: facts.at }))).toBe(
			'1,201 were inside at 08:05, where 1,200 may be.'
		);
	});

	it('give the difference of clocks, also of a device that is removed', () => {
		expect(sentence(conflict('wrong_clock', { minutes: 120 }))).toBe(
			'The clock of Tablet 3 is 2 hours slow. Its scan times were corrected.'
		);
		expect(sentence(conflict('wrong_clock', { minutes: -3 }, null))).toBe(
			'The clock of a device is 3 minutes fast. Its scan times were corrected.'
		);
	});

	it('count what a device took with it', () => {
		expect(sentence(conflict('shut_out', { queued: 2 }))).toBe(
			'Tablet 3 was shut out with 2 scans that it had not sent. They do not count.'
		);
		expect(sentence(conflict('shut_out', { queued: 2, scans: 1 }, null))).toBe(
			'A device was shut out with 1 scan that it had not sent. It does not count.'
		);
	});

	it('name the role that handles them', () => expect(handlerWord('door')).toBe('Door lead'));
});

describe('a device', () => {
	it('has no fault when all is well', () => expect(deviceFault(device, now)).toBe(''));

	it('lists all of its faults', () => {
		const poor = { ...device, last_seen_at: '2027-06-09T07:55:00Z', queued: 3, battery_percent: 9, offset_minutes: -4 };
		expect(deviceFault(poor, now)).toBe('No contact for 5 minutes · 3 scans wait · 9 % battery · Clock 4 minutes fast');
	});

	it('gives one reason when it is shut out, expired or new', () => {
		expect(deviceFault({ ...device, shut_out: true, queued: 3 }, now)).toBe('Shut out');
		expect(deviceFault({ ...device, expired: true }, now)).toBe('Its day is over');
		expect(deviceFault({ ...device, last_seen_at: null }, now)).toBe('No contact yet');
	});
});
