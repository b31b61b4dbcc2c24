import { expect, test } from 'vitest';
import {
	bannersOf,
	dismissedFrom,
	dismissedOfCookies,
	noticeStateAt,
	titleOf,
	withDismissed,
	type StatusNotice
} from './notices.ts';

const now = Date.parse('2027-06-09T12:00:00Z');
const notice: StatusNotice = {
	id: 'aaaaaaaa-0000-4000-8000-000000000000',
	summit_id: null,
	summit_name: null,
	severity: 'minor',
	parts: [],
	texts: { en: { title: 'Slow', body: 'We look.' }, fr: { title: 'Lent' } },
	original: 'en',
	is_banner: true,
	starts_at: '2027-06-09T11:00:00Z',
	ends_at: null,
	resolved_at: null,
	updates: []
};

test('a notice comes, holds, and is over by its end or once it is resolved', () => {
	expect(noticeStateAt(notice, now)).toBe('holds');
	expect(noticeStateAt(notice, Date.parse('2027-06-09T10:59:59Z'))).toBe('coming');
	expect(noticeStateAt({ ...notice, ends_at: '2027-06-09T12:00:00Z' }, now)).toBe('over');
	expect(noticeStateAt({ ...notice, ends_at: '2027-06-10T12:00:00Z', resolved_at: '2027-06-09T11:30:00Z' }, now)).toBe(
		'over'
	);
});

test('banners are of the whole site or of the Summit, and none that was dismissed', () => {
	const own = { ...notice, id: 'bbbbbbbb-0000-4000-8000-000000000000', summit_id: 's' };
	const others = [
		{ ...notice, id: 'cccccccc', summit_id: 'other' },
		{ ...notice, id: 'dddddddd', is_banner: false },
		{ ...notice, id: 'eeeeeeee', resolved_at: '2027-06-09T11:30:00Z' }
	];
	const ids = (dismissed: string[], summit: string | null = 's') =>
		bannersOf([notice, own, ...others], summit, dismissed, now).map(({ id }) => id.slice(0, 8));
	expect(ids([])).toEqual(['aaaaaaaa', 'bbbbbbbb']);
	expect(ids(['aaaaaaaa'])).toEqual(['bbbbbbbb']);
	expect(ids([], null)).toEqual(['aaaaaaaa']);
	expect(JSON.stringify(bannersOf([notice], null, [], now))).not.toContain('updates');
});

test('the cookie names the last five that were dismissed, and nothing else', () => {
	const ids = ['11111111', '22222222', '33333333', '44444444', '55555555', '66666666'];
	const value = ids.reduce((all, id) => withDismissed(all, `${id}-0000`), '');
	expect(value).toBe('66666666.55555555.44444444.33333333.22222222');
	expect(withDismissed(value, '44444444-0000')).toBe('44444444.66666666.55555555.33333333.22222222');
	expect(dismissedFrom(value)).toEqual(ids.slice(1));
	expect(dismissedFrom('<script>.zzzzzzzz.1234')).toEqual([]);
	expect(dismissedOfCookies('theme=dark; dismissed=22222222.11111111')).toEqual(['11111111', '22222222']);
	expect(dismissedOfCookies(undefined)).toEqual([]);
});

test('titles by language, with the one that stands in for others', () => {
	expect(titleOf(notice)).toEqual({ original: 'en', en: 'Slow', fr: 'Lent' });
});
