import { expect, test } from 'vitest';
import { campaignOf } from './forms.ts';

const sent = {
	title: 'T',
	summit: '',
	page: 'none',
	reminders: 0,
	remind_days: 7,
	deadline: '',
	draft: '',
	form: crypto.randomUUID(),
	after: 0,
	subject_en: 'Subject',
	body_en: 'Text.'
};
const chosen = { segment: { recipients: 'focal_points' }, kind: 'service' } as const;
const faulty = (more: object, segment: object = {}) =>
	campaignOf(
		{ ...sent, ...more } as Parameters<typeof campaignOf>[0],
		{ ...chosen, segment: { ...chosen.segment, ...segment } },
		() => 'UTC'
	).issues.map(({ path }) => path);

test.each([
	[{}, []],
	[{ subject_en: 'Until {until}' }, ['deadline']],
	[{ body_en: '{if until}\nUntil {until}.' }, []],
	[{ body_en: 'Until {until}.', deadline: '2027-01-01T10:00' }, []],
	[{ body_en: 'At {venue}, {dates}.' }, ['summit']],
	[{ page: 'agenda', body_en: '{button}' }, ['summit']],
	[{ page: 'library' }, ['page']],
	[{ body_en: 'Text.\n\n{button: Open}' }, ['page']],
	[{ reminders: 2 }, ['reminders']]
])('%j misses %j', (more, paths) => {
	expect(faulty(more)).toEqual(paths);
});

test('reminders end for members that nominate or deliver', () => {
	expect(faulty({ reminders: 2 }, { overdue: true })).toEqual([]);
	expect(faulty({ reminders: 2 }, { not_nominated: crypto.randomUUID() })).toEqual([]);
});
