import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { expect, test } from 'vitest';
import { type ListedRegistration } from './accreditation.ts';
import {
	columnSorting,
	listAddress,
	sortedBy,
	listFilters,
	registrationListQuery,
	unfiltered
} from './accreditation-list.ts';
import {
	daysSince,
	decisionSentence,
	warningOf,
	meanwhile,
	proposalSentence,
	decisionRefusalSentence,
	stepSentence
} from './accreditation-words.ts';

const everybody = {
	text: '',
	states: [],
	mode: null,
	sector: null,
	region: null,
	country: null,
	category: null,
	member: null,
	pool: null,
	waits: null,
	flag: null,
	answer: null,
	columns: [] as string[],
	sort: 'sent',
	desc: false,
	after: ''
} as const;

test('gives the same filters for an address and a query', () => {
	const column = '018f0000-0000-7000-8000-000000000001';
	const address = `?tab=queue&q=harbour&state=submitted&state=nominated&mode=in_person&sector=civil_society&region=Africa&country=KE&category=press&waits=person&flag=late&column=${column}&sort=time&order=desc&after=abc`;
	const query = registrationListQuery(new URLSearchParams(address));
	expect(query).toEqual({
		...everybody,
		tab: 'queue',
		text: 'harbour',
		states: ['submitted', 'nominated'],
		mode: 'in_person',
		sector: 'civil_society',
		region: 'Africa',
		country: 'KE',
		category: 'press',
		waits: 'person',
		flag: 'late',
		answer: null,
		columns: [column],
		sort: 'time',
		desc: true,
		after: 'abc'
	});
	expect(listAddress(query, { after: 'abc' })).toBe(address);
	// Other filters begin at their first page.
	expect(listAddress(query, { ...unfiltered, tab: 'decide', columns: [], sort: 'sent', desc: false })).toBe('');
});

test('shows everyone who matches the filters without a tab, and pending registrations without filters', () => {
	expect(registrationListQuery(new URLSearchParams()).tab).toBe('decide');
	expect(registrationListQuery(new URLSearchParams('?sector=government')).tab).toBe('all');
	expect(listFilters(registrationListQuery(new URLSearchParams('?sector=government&state=confirmed')))).toEqual({
		sector: 'government',
		states: ['confirmed']
	});
	expect(listAddress(registrationListQuery(new URLSearchParams('?tab=decide&mode=virtual')))).toBe(
		'?tab=decide&mode=virtual'
	);
});

test('the heads of the columns sort the list, and a third press ends it', () => {
	const start = registrationListQuery(new URLSearchParams('?tab=all'));
	for (const column of ['name', 'member', 'sector', 'how', 'days'])
		for (const sorting of [column, `-${column}`])
			expect(columnSorting({ ...start, ...sortedBy(sorting) })).toBe(sorting);
	expect(sortedBy('')).toEqual({ sort: 'sent', desc: false });
	expect(columnSorting(start)).toBe('');
	// The longest wait first is the most days first.
	expect(sortedBy('-days')).toEqual({ sort: 'time', desc: false });
});

test('ignores invalid parameters of an address', () => {
	const query = registrationListQuery(
		new URLSearchParams(
			'?tab=secret&sector=%27;--&mode=both&region=Mars&country=xx1&member=1&pool=x&waits=me&flag=red&sort=id&state=dead&column=name&q=' +
				'x'.repeat(500)
		)
	);
	expect(query).toEqual({ ...everybody, tab: 'all', text: 'x'.repeat(100) });
	expect(listFilters({ ...query, tab: 'decide', text: '' })).toEqual({ tab: 'decide' });
});

test('has no warnings when all is well', () => {
	const row = { queue_position: null, queue_reason: null, has_request: false } as ListedRegistration;
	expect(warningOf(row)).toBe('');
	expect(warningOf({ ...row, queue_reason: 'allocation', queue_position: 4 })).toBe('Over the entitlement');
	expect(warningOf({ ...row, has_request: true })).toBe('Organisation not linked');
});

test('sums up decisions', () => {
	expect(decisionSentence(['confirmed', 'confirmed', 'wrong_state'])).toEqual({
		text: '2 confirmed, 1 already decided.',
		good: false
	});
	expect(decisionSentence(['declined'])).toEqual({ text: '1 declined.', good: true });
	expect(decisionSentence([])).toEqual({ text: 'Nobody was chosen.', good: false });
	expect(withLocale('fr', () => decisionSentence(['confirmed', 'wrong_state'])).text).toBe(
		'Confirmées\u202f: 1, déjà décidées\u202f: 1.'
	);
	expect(withLocale('ar', () => decisionSentence(['confirmed', 'declined'])).text).toBe(
		'تسجيلات مؤكَّدة: 1، تسجيلات مرفوضة: 1.'
	);
});

test('names the first organiser to the second', () => {
	const clock = (at: string) => at;
	expect(meanwhile({ status: 'wrong_state', by: 'Emeka Nwosu', at: '3 June' }, clock)).toBe(
		'decided by Emeka Nwosu, 3 June'
	);
	expect(meanwhile({ status: 'proposal_open', by: 'Awa Diop', at: '3 June', own: true }, clock)).toBe(
		'proposed by you, 3 June'
	);
	expect(meanwhile({ status: 'wrong_state', by: null, at: '3 June' }, clock)).toBe('decided, 3 June');
	expect(meanwhile({ status: 'not_allowed' }, clock)).toBe('');
	expect(decisionRefusalSentence('It was decided meanwhile.', 'decided, 3 June')).toBe(
		'It was decided meanwhile. Decided, 3 June.'
	);
	expect(decisionRefusalSentence('Write the reason.', '')).toBe('Write the reason.');
});

test('counts whole days, never negative', () => {
	const now = Date.parse('2027-06-10T12:00:00Z');
	expect(daysSince('2027-06-08T13:00:00Z', now)).toBe(1);
	expect(daysSince('2027-06-11T13:00:00Z', now)).toBe(0);
});

test('names who made a change, unless it was automatic', () => {
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

test('shows a proposal with its result', () => {
	const proposal = {
		id: '',
		decision: 'accredit',
		category: null,
		member: null,
		reason: '',
		state: 'confirmed',
		answer: '',
		by: 'Emeka Nwosu',
		at: '',
		own: false,
		closed_by: null,
		closed_at: null
	} as const;
	expect(proposalSentence(proposal)).toBe('Proposed to accredit by Emeka Nwosu, confirmed by somebody');
	expect(proposalSentence({ ...proposal, decision: 'decline', state: 'withdrawn' })).toBe(
		'Proposed to decline by Emeka Nwosu, withdrawn'
	);
	expect(proposalSentence({ ...proposal, state: 'open', own: true })).toBe('Proposed to accredit by you');
	const guest = { ...proposal, decision: 'change_category', category: 'guest', member: 'Tide Watch' } as const;
	expect(proposalSentence({ ...guest, state: 'cancelled', answer: 'role' })).toBe(
		'Proposed to make them guest, on a seat of Tide Watch by Emeka Nwosu, cancelled: they no longer hold the role'
	);
	expect(proposalSentence({ ...guest, member: null, state: 'cancelled', by: 'آمنة' })).toBe(
		'Proposed to make them guest by \u2068آمنة\u2069, cancelled: another decision came first'
	);
});
