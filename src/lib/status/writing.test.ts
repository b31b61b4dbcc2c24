import { expect, test } from 'vitest';
import { m } from '#lib/i18n/messages.ts';
import { noticeDraftOf, updateTextsOf } from './writing.ts';

const form = { values: {}, issues: [] };
const zone = 'America/Montevideo';
const issuesOf = (output: Record<string, unknown>) => noticeDraftOf(output, form, zone).form.issues;

test('a notice in the languages that have a title, at times of the venue', () => {
	const output = {
		title_en: 'Maintenance',
		body_en: 'One\r\ntwo',
		title_fr: 'Maintenance',
		severity: 'maintenance',
		'parts[]': ['mail', 'payments', 'database'],
		starts_at: '2099-06-09T10:00',
		ends_at: '2099-06-09T12:00',
		banner: true
	};
	expect(noticeDraftOf(output, form, zone)).toEqual({
		form,
		draft: {
			texts: { en: { title: 'Maintenance', body: 'One\ntwo' }, fr: { title: 'Maintenance', body: '' } },
			original: 'en',
			severity: 'maintenance',
			parts: ['mail', 'payments'],
			banner: true,
			starts_at: '2099-06-09T13:00:00.000Z',
			ends_at: '2099-06-09T15:00:00.000Z'
		}
	});
});

test('what is wrong is said at its field', () => {
	expect(issuesOf({})).toEqual([{ path: 'title_en', message: m.status_title_missing() }]);
	expect(issuesOf({ title_en: 'x', body_fr: 'y' }).map(({ path }) => path)).toEqual(['title_fr']);
	expect(issuesOf({ title_en: 'x', starts_at: 'soon' })).toEqual([
		{ path: 'starts_at', message: m.status_time_wrong() }
	]);
	for (const times of [{ ends_at: '2020-01-01T10:00' }, { starts_at: '2099-01-02T10:00', ends_at: '2099-01-01T10:00' }])
		expect(issuesOf({ title_en: 'x', ...times })).toEqual([{ path: 'ends_at', message: m.status_end_wrong() }]);
});

test('an update has the languages that were written', () => {
	expect(updateTextsOf({ update_en: 'Mended.\r\nSoon.', update_fr: '', update_ar: 'تم' })).toEqual({
		en: 'Mended.\nSoon.',
		ar: 'تم'
	});
});
