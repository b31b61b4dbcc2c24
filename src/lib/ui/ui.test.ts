import { zoneTimes } from './zone-times.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameOf } from './frame.ts';
import { globeOfHours } from './globe.ts';
import { currentEntry, mainEntries, ownEntries, type NavReader } from './navigation.ts';
import { allowConnect, allowForms, cacheRule, checkoutOrigin, mediaSources } from './server/headers.ts';
import { themeOfCookies } from './theme.ts';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
	const block = css.slice(css.indexOf(`${selector} {`)).split('}', 1)[0] ?? '';
	return Object.fromEntries(
		[...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value])
	);
}

function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const part = parseInt(hex.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string | undefined, b: string | undefined): number {
	const [high = 0, low = 0] = [luminance(a ?? ''), luminance(b ?? '')].sort((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
}

const light = tokens(':root');
const schemes = {
	light,
	'dark by the system': { ...light, ...tokens(":root:not([data-theme='light'])") },
	'dark by choice': { ...light, ...tokens(":root[data-theme='dark']") }
};

describe.each(Object.entries(schemes))('the colours, %s', (_, of) => {
	it.each(['ground', 'surface', 'sunk', 'mine'])('let text be readable on %s', (ground) => {
		for (const text of ['text', 'muted', 'link', 'accent'])
			expect([text, contrast(of[text], of[ground]) >= 4.5]).toEqual([text, true]);
		for (const sign of ['edge', 'lamp']) expect([sign, contrast(of[sign], of[ground]) >= 2.99]).toEqual([sign, true]);
	});

	it('keep the states readable on their own background', () => {
		for (const state of ['good', 'bad', 'accent'])
			expect([state, contrast(of[state], of[`${state}-soft`]) >= 4.5]).toEqual([state, true]);
		for (const text of ['on-ink', 'on-ink-muted', 'on-ink-accent'])
			expect([text, contrast(of[text], of['ink']) >= 4.5]).toEqual([text, true]);
		for (const text of ['on-stage', 'on-stage-muted'])
			expect([text, contrast(of[text], of['stage']) >= 4.5]).toEqual([text, true]);
		expect(contrast(of['surface'], of['text'])).toBeGreaterThan(4.5);
	});
});

it('are the same dark colours by the system and by choice', () => {
	expect(tokens(":root:not([data-theme='light'])")).toEqual(tokens(":root[data-theme='dark']"));
});

describe('the globe with meridians', () => {
	it('has twelve circles through both poles, all within the rim', () => {
		const globe = globeOfHours(-180, 180);
		expect(globe.hours).toHaveLength(12);
		for (const path of globe.hours) {
			const [from, to] = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=A|$)/g)].map(([, x, y]) =>
				Math.hypot(Number(x), Number(y))
			);
			expect([from?.toFixed(2), to?.toFixed(2)]).toEqual(['1.00', '1.00']);
		}
	});

	it.each([
		[-180, 180],
		[0, 720],
		[-720, 840],
		[60, 60],
		[330, -210]
	])('turns both meridians to the viewer: %i and %i', (venue, reader) => {
		const globe = globeOfHours(venue, reader);
		for (const meridian of [globe.venue, globe.reader])
			expect(Math.hypot(...(meridian?.dot ?? [2, 2]))).toBeLessThanOrEqual(1.0001);
	});

	it('shows on which side the reader is', () => {
		expect(globeOfHours(-180, 180).readerLeft).toBe(false);
		expect(globeOfHours(180, -180).readerLeft).toBe(true);
		expect(globeOfHours(-180, 180).venue.dot[0]).toBeLessThan(globeOfHours(-180, 180).reader?.dot[0] ?? -1);
	});

	it('highlights one meridian while the reader is unknown', () => {
		expect(globeOfHours(-180, null).reader).toBeNull();
	});
});

describe('navigation', () => {
	const place = { id: 's', slug: '2027', registration: 'open' as const };
	const reader = (more: Partial<NavReader> = {}): NavReader => ({
		displayName: 'Ana',
		roles: [],
		focal: [],
		speaks: [],
		registered: [],
		...more
	});
	const keys = (entries: { key: string }[]) => entries.map(({ key }) => key);

	it('shows a visitor what is public', () => {
		expect(keys(mainEntries(null, place))).toEqual(['agenda', 'live', 'speakers']);
		expect(mainEntries(null, null)).toEqual([]);
		expect(ownEntries(null, place)).toEqual([]);
	});

	it('shows each person their pages, at this Summit', () => {
		expect(keys(ownEntries(reader(), place))).toEqual(['register', 'my-agenda', 'announcements']);
		const busy = reader({
			registered: ['s'],
			focal: [{ summitId: 's', memberId: 'm' }],
			speaks: ['s'],
			roles: [{ role: 'door', summitId: 's' }]
		});
		expect(keys(ownEntries(busy, place))).toEqual(['my-agenda', 'announcements', 'delegation', 'speak', 'door']);
		expect(
			keys(ownEntries(reader({ registered: ['s'], roles: [{ role: 'finance', summitId: 'other' }] }), place))
		).toEqual(['my-agenda', 'announcements']);
	});

	it('leads each reader who finds something there to the community', () => {
		const open = { ...place, hasCommunity: true };
		expect(keys(mainEntries(null, open))).toEqual(['agenda', 'live', 'speakers', 'community']);
		expect(keys(ownEntries(reader({ registered: ['s'] }), open))).toEqual(['my-agenda', 'announcements', 'community']);
		const organiser = reader({ registered: ['s'], roles: [{ role: 'community', summitId: null }] });
		expect(keys(ownEntries(organiser, place))).toEqual(['my-agenda', 'announcements']);
	});

	it('marks the most specific entry', () => {
		const entries = [
			{ key: 'me', href: '/2027/me', label: '' },
			{ key: 'badge', href: '/2027/me/badge', label: '' }
		];
		expect(
			['/2027/me', '/2027/me/badge', '/2027/me/pay', '/2027/meeting'].map((path) => currentEntry(path, entries))
		).toEqual(['me', 'badge', 'me', null]);
	});
});

it('gives each area its page frame', () => {
	expect(frameOf('/(stage)/[summit]/live/[room]').masthead).toBe('none');
	expect(frameOf('/(stage)/[summit]/live').masthead).toBe('paper');
	expect(frameOf('/(stage)/[summit]/live/check').masthead).toBe('paper');
	expect(frameOf('/(organiser)/[summit]/organise').masthead).toBe('organise');
	expect(frameOf('/(public)/[summit]').masthead).toBe('ink');
	expect(frameOf('/(public)/[summit]/agenda').masthead).toBe('paper');
});

it('reads the theme of a Cookie header and nothing else', () => {
	expect(['theme=dark', 'a=b; theme=light', 'mytheme=dark', 'theme=evil', null].map(themeOfCookies)).toEqual([
		'dark',
		'light',
		'system',
		'system',
		'system'
	]);
});

it('opens the content security policy only to the configured LiveKit', () => {
	expect(mediaSources('ws://127.0.0.1:7880')).toEqual(['ws://127.0.0.1:7880', 'http://127.0.0.1:7880']);
	expect(mediaSources('wss://x.livekit.cloud/path')).toEqual(['wss://x.livekit.cloud', 'https://x.livekit.cloud']);
	expect([mediaSources(undefined), mediaSources('nonsense')]).toEqual([[], []]);
	expect(allowConnect("default-src 'self'", ['ws://a'])).toBe("default-src 'self'; connect-src 'self' ws://a");
	expect(allowConnect("connect-src 'self'; img-src *", ['ws://a'])).toBe("connect-src 'self' ws://a; img-src *");
});

describe('times at the venue and elsewhere', () => {
	const now = Date.parse('2027-06-10T15:00:00Z');
	const next = { start: '2027-06-10T17:00:00Z', end: '2027-06-10T18:00:00Z', zone: 'America/Montevideo', now };

	it('show no day for today', () => {
		expect(zoneTimes({ ...next, reader: null })).toEqual({ here: '14:00 to 15:00', there: null });
		expect(zoneTimes({ ...next, reader: 'America/Sao_Paulo' }).there).toBeNull();
	});

	it('show the day for tomorrow', () => {
		const tomorrow = { ...next, start: '2027-06-11T12:00:00Z', end: '2027-06-11T13:00:00Z' };
		expect(zoneTimes({ ...tomorrow, reader: 'Europe/Brussels' })).toEqual({
			here: 'Fri 11 June, 09:00 to 10:00',
			there: '14:00 to 15:00'
		});
	});

	it('show the reader’s day where it differs', () => {
		expect(zoneTimes({ ...next, start: '2027-06-10T22:00:00Z', end: undefined, reader: 'Asia/Tokyo' })).toEqual({
			here: '19:00',
			there: 'Fri 11 June, 07:00'
		});
	});
});

it('forbids storing a page about a person, and sign-in', () => {
	const rules = (route: string) => [cacheRule(route, false), cacheRule(route, true)];
	for (const group of ['account', 'delegate', 'member', 'speaker', 'organiser', 'door'])
		expect(rules(`/(${group})/x`)).toEqual(['private, no-store', 'private, no-store']);
	for (const route of ['(stage)/[summit]/live', '(community)/community/groups/[group]/people', '(community)/community'])
		expect(rules(`/${route}`)).toEqual([null, 'private, no-store']);
	expect(rules('/(public)/[summit]/agenda')).toEqual([null, 'private, no-cache']);
});

it('lets forms lead to this site, and to the payment page', () => {
	expect(allowForms("base-uri 'none'; form-action 'self'; object-src 'none'", checkoutOrigin(undefined))).toBe(
		"base-uri 'none'; form-action 'self' https://checkout.stripe.com; object-src 'none'"
	);
	expect(checkoutOrigin('http://127.0.0.1:4242/v1')).toBe('http://127.0.0.1:4242');
});
