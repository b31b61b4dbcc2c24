/* What is counted of a connection to a stage, and what is accepted of it. */
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { QualityReport, QualityTally } from './quality-report.ts';

const nothing = {
	joins: { ok: 0, away: 0, blocked: 0, unsupported: 0, refused: 0 },
	firstFrames: [],
	reconnects: 0,
	seconds: { good: 0, poor: 0, lost: 0 },
	losses: []
};

test('a join, its first picture and a reconnect', () => {
	const tally = new QualityTally();
	tally.enter('joining', 1000);
	tally.enter('joined', 1400);
	tally.frame(2250);
	tally.frame(9000);
	tally.enter('mending', 20_000);
	tally.enter('joined', 21_000);
	expect(tally.take()).toEqual({ ...nothing, joins: { ...nothing.joins, ok: 1 }, firstFrames: [1250], reconnects: 1 });
	expect(tally.take()).toBeNull();
});

test('an attempt that fails is counted once, with its reason', () => {
	const tally = new QualityTally();
	tally.enter('joining', 0);
	tally.enter('away', 100);
	tally.enter('blocked', 5000);
	tally.enter('joined', 60_000);
	tally.frame(60_500);
	expect(tally.take()).toEqual({ ...nothing, joins: { ...nothing.joins, away: 1 } });
	tally.enter('idle', 70_000);
	tally.enter('joining', 71_000);
	tally.enter('refused', 71_100);
	expect(tally.take()?.joins.refused).toBe(1);
});

test('somebody who waits for the session to begin says nothing about the first picture', () => {
	const tally = new QualityTally();
	tally.enter('joining', 0);
	tally.enter('joined', 300);
	tally.stopWaiting();
	tally.frame(5000);
	expect(tally.take()?.firstFrames).toEqual([]);
});

test('loss is the mean of ten seconds, and each grade has its seconds', () => {
	const tally = new QualityTally();
	for (let at = 0; at < 5; at++) tally.sample(at === 0 ? 0.1 : 0, at === 0 ? 'poor' : null, 2000);
	expect(tally.take()).toMatchObject({ losses: [0.02], seconds: { good: 8, poor: 2, lost: 0 } });
});

const report = { summit: 'montevideo', kind: 'stage', mode: 'watching', ...nothing };

test('only counts are accepted: no text, no person, nothing that is out of bounds', () => {
	expect(v.is(QualityReport, report)).toBe(true);
	const attacks: object[] = [
		{ person: 'Farid' },
		{ summit: 'Farid Rahimi' },
		{ kind: 'farid' },
		{ mode: 'farid@example.org' },
		{ joins: { ...report.joins, farid: 1 } },
		{ joins: { ok: 21 } },
		{ firstFrames: [-1] },
		{ firstFrames: [1, 2, 3, 4, 5, 6] },
		{ reconnects: 1e9 },
		{ seconds: { good: 301 } },
		{ losses: [1.1] },
		{ losses: ['Farid'] }
	];
	for (const attack of attacks)
		expect(v.is(QualityReport, { ...report, ...attack }), JSON.stringify(attack)).toBe(false);
});
