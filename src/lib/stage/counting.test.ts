import { expect, test } from 'vitest';
import { compareCounters, type Counters, type TrackCounters } from './counting.ts';

const none: TrackCounters = { received: 0, lost: 0, samples: 0, concealed: 0, frozen: 0 };
const look = (
	at: number,
	streams: Record<string, Partial<TrackCounters>>,
	bytes: Record<string, number> = {}
): Counters => ({
	at,
	streams: new Map(Object.entries(streams).map(([id, counted]) => [id, { ...none, ...counted }])),
	bytes: new Map(Object.entries(bytes))
});

test('computes shares between two samples, over all tracks', () => {
	const before = look(0, { a: { received: 100, lost: 50 }, b: { samples: 1000, concealed: 900 } });
	const after = look(2000, {
		a: { received: 190, lost: 60 },
		b: { samples: 2000, concealed: 950 },
		c: { received: 10, lost: 90, frozen: 9 }
	});
	expect(compareCounters(before, after)).toEqual({ elapsed: 2000, loss: 0.1, concealed: 0.05, frozen: 0, bytes: 0 });
});

test('counts a frozen video as a share of the time, at most all of it', () => {
	const frozen = (seconds: number) =>
		compareCounters(look(0, { a: {} }), look(2000, { a: { frozen: seconds } })).frozen;
	expect([frozen(0.5), frozen(60)]).toEqual([0.25, 1]);
});

test('counts the bytes of a new connection whole, also when the counter was reset', () => {
	const before = look(0, {}, { old: 500, again: 900, kept: 100 });
	const after = look(2000, {}, { again: 30, kept: 150, fresh: 7 });
	expect(compareCounters(before, after).bytes).toBe(87);
	expect(compareCounters(null, after)).toMatchObject({ bytes: 187, elapsed: 0, loss: 0 });
});

test('counts late packets as no negative loss', () => {
	expect(compareCounters(look(0, { a: { lost: 5 } }), look(2000, { a: { lost: 3, received: 10 } })).loss).toBe(0);
});
