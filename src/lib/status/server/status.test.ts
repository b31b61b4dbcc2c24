/* A process without a database answers with what it knows, and waits for nothing. */
import { expect, test, vi } from 'vitest';
import type { ProbedEngine } from '../parts.ts';
import { workingParts } from './recording.ts';
import { bannersFor, measuredParts, setProbes, shownParts, soonOr } from './status.ts';

const failed: ProbedEngine = { state: 'failed' };

test('what does not come soon, or fails, is replaced', async () => {
	vi.useFakeTimers();
	const late = soonOr(new Promise(() => undefined), () => 'other');
	await vi.advanceTimersByTimeAsync(1500);
	expect(await late).toBe('other');
	vi.useRealTimers();
	expect(await soonOr(Promise.reject(new Error('no database')), () => 'other')).toBe('other');
	expect(await soonOr(Promise.resolve('found'), () => 'other')).toBe('found');
});

test('without a database there are no banners, and every part is down', async () => {
	const engines = vi.fn(() => Promise.resolve({ postgres: failed, supabase: failed, events: failed }));
	setProbes({ engines, oldestMail: () => Promise.reject(new Error('no database')) });
	expect(await bannersFor(null, undefined)).toEqual([]);
	const { parts, status } = await shownParts();
	expect(new Set(Object.values(parts))).toEqual(new Set(['down']));
	expect(status).toEqual({ notices: [], days: [] });
	await Promise.all([measuredParts(), measuredParts()]);
	expect(engines).toHaveBeenCalledTimes(1);
});

test('a slow part worked, and one that nobody could look at is left out', () => {
	expect(workingParts({ site: 'good', mail: 'slow', stages: 'down', payments: 'unknown' })).toEqual({
		site: true,
		mail: true,
		stages: false
	});
});
