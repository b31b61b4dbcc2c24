import { expect, test } from 'vitest';
import type { StatusNotice } from './notices.ts';
import { availabilityOf, overall, partsFrom, statesWith, type ProbedEngine } from './parts.ts';

const ready: ProbedEngine = { state: 'ready' };
const engines = { postgres: ready, supabase: ready, events: ready, livekit: ready, mail: ready, stripe: ready };
const good = { site: 'good', sign_in: 'good', registration: 'good', stages: 'good', mail: 'good', payments: 'good' };
const failed: ProbedEngine = { state: 'failed' };

test('each part needs its engines', () => {
	expect(partsFrom(engines, 0)).toEqual(good);
	expect(partsFrom({ ...engines, livekit: failed }, 0)).toEqual({ ...good, stages: 'down' });
	expect(partsFrom({ ...engines, livekit: { state: 'building' } }, 0)).toEqual({ ...good, stages: 'down' });
	expect(partsFrom({ ...engines, supabase: failed }, 0)).toEqual({ ...good, sign_in: 'down' });
	expect(partsFrom({ ...engines, events: failed }, 0)).toEqual({ ...good, site: 'slow' });
	expect(partsFrom(engines, 601)).toEqual({ ...good, mail: 'slow', sign_in: 'slow' });
	expect(partsFrom(engines, null)).toEqual(good);
	expect(new Set(Object.values(partsFrom({ ...engines, postgres: failed }, null)))).toEqual(new Set(['down']));
});

test('a part that is off is none of this site', () => {
	const off: ProbedEngine = { state: 'off' };
	expect(partsFrom({ ...engines, livekit: off, mail: off, stripe: off }, 0)).toEqual({
		site: 'good',
		sign_in: 'good',
		registration: 'good'
	});
});

const now = Date.parse('2027-06-09T12:00:00Z');
const notice: StatusNotice = {
	id: '12345678-0000-4000-8000-000000000000',
	summit_id: null,
	summit_name: null,
	severity: 'major',
	parts: ['payments'],
	texts: { en: { title: 'No payments' } },
	original: 'en',
	is_banner: true,
	starts_at: '2027-06-09T11:00:00Z',
	ends_at: null,
	resolved_at: null,
	updates: []
};

test('what organisers say of a part counts while their notice holds', () => {
	const measured = partsFrom(engines, 0);
	expect(statesWith(measured, [notice], now)).toEqual({ ...good, payments: 'down' });
	expect(statesWith(measured, [{ ...notice, severity: 'info' }], now)).toEqual(good);
	expect(statesWith(measured, [{ ...notice, starts_at: '2027-06-09T13:00:00Z' }], now)).toEqual(good);
	expect(statesWith(measured, [{ ...notice, resolved_at: '2027-06-09T11:30:00Z' }], now)).toEqual(good);
	expect(statesWith(measured, [{ ...notice, severity: 'maintenance' }], now)).toEqual({
		...good,
		payments: 'maintenance'
	});
	// A notice about a part that this site has not shows no such part.
	expect(statesWith({ site: 'good' }, [notice], now)).toEqual({ site: 'good' });
	// What is said of one Summit says nothing of the others.
	expect(statesWith(measured, [{ ...notice, summit_id: 'a-summit' }], now)).toEqual(good);
	// What was measured is not made better by it.
	expect(statesWith({ site: 'good', payments: 'down' }, [{ ...notice, severity: 'minor' }], now).payments).toBe('down');
});

test('the worst state is the one of the site', () => {
	expect(overall({ site: 'good', mail: 'slow', payments: 'maintenance' })).toBe('slow');
	expect(overall({})).toBe('good');
});

test('the share of minutes in which a part worked', () => {
	const day = (good: number, bad: number) => ({ day: '2027-06-09', part: 'site' as const, good, bad });
	expect(availabilityOf([day(1400, 40), day(1440, 0)])).toBeCloseTo(0.9861, 4);
	expect(availabilityOf([])).toBeNull();
});
