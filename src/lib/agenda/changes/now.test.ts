import { describe, expect, test } from 'vitest';
import type { DraftSlot } from '../draft.ts';
import { changeFrom, choiceOf, refusalOfNow } from './now.ts';

const session = '00000000-0000-4000-8000-000000000001';
const slots: DraftSlot[] = [
	{ id: 'a', start: '2027-06-10T12:00:00Z', end: '2027-06-10T13:00:00Z', rooms: ['plenary'] },
	{ id: 'b', start: '2027-06-11T12:00:00Z', end: '2027-06-11T13:00:00Z', rooms: ['plenary', 'online'] }
];
const typed = (more: Record<string, unknown> = {}) => ({
	session,
	version: 3,
	at: 1,
	start: '2027-06-11T09:00',
	end: '2027-06-11T10:00',
	'rooms[]': ['online', 'plenary'],
	'without[]': [],
	with: '' as const,
	with_name: '',
	with_role: 'speaker' as const,
	cancel: false,
	...more
});
const asked = (more: Record<string, unknown>, zone = 'America/Montevideo') => {
	const { change, form } = changeFrom(typed(more), { values: {}, issues: [] }, { zone, slots });
	return { change, issues: form.issues.map(({ path }) => path) };
};

describe('the live change form', () => {
	test('makes no change when nothing was changed, or only the order of rooms', () => {
		expect(asked({})).toEqual({ change: null, issues: [''] });
	});

	test('changes the one time that it shows, by the venue’s clock, and keeps the others', () => {
		const { change } = asked({ start: '2027-06-11T09:30', end: '2027-06-11T10:30', 'rooms[]': ['plenary'] });
		expect(change).toEqual({
			session,
			kinds: ['placement'],
			edit: {
				version: 3,
				slots: [
					slots[0],
					{ id: 'b', start: '2027-06-11T12:30:00.000Z', end: '2027-06-11T13:30:00.000Z', rooms: ['plenary'] }
				]
			}
		});
	});

	test('cancels everything else that it contains, and removes people at the same time', () => {
		expect(asked({ cancel: true, start: '', 'without[]': [session] }).change).toEqual({
			session,
			kinds: ['people', 'state'],
			edit: { version: 3, state: 'cancelled', without: [session] }
		});
	});

	test('replaces a person by one who was found or by a new name, not by both', () => {
		const change = (more: Record<string, unknown>) => asked(more).change;
		expect(change({ 'without[]': [session], with: session, with_role: 'chair' })).toEqual({
			session,
			kinds: ['people'],
			edit: { without: [session], with: [{ person: session, role: 'chair' }] }
		});
		expect(change({ with_name: 'Noor Newly' })?.edit).toEqual({ with: [{ name: 'Noor Newly', role: 'speaker' }] });
		expect(asked({ with: session, with_name: 'Noor Newly' })).toEqual({ change: null, issues: ['with_name'] });
	});

	test('reports errors: no time, an end before the start, no room', () => {
		expect(asked({ start: 'soon' }).issues).toEqual(['start']);
		expect(asked({ end: '2027-06-11T09:00' }).issues).toEqual(['end']);
		expect(asked({ 'rooms[]': [] }).issues).toEqual(['rooms[]']);
	});
});

test('converts changes of the draft into those that a release of the day contains', () => {
	expect(choiceOf({ id: session, kinds: ['restored', 'moved', 'people'] }).kinds).toEqual([
		'state',
		'placement',
		'people'
	]);
	expect(choiceOf({ id: session, kinds: ['renamed', 'cancelled'] }).kinds).toEqual(['state']);
});

test('names what takes a room, or says that the reader may not see it', () => {
	const words = refusalOfNow(
		{ status: 'room_taken', by: [{ title: { original: 'en', en: 'Opening' } }, { title: null }] },
		(map) => map['en'] ?? ''
	);
	expect(words).toMatch(/^The room is taken then, by “Opening”, a session that you do not see\./);
});
