/* The venue of tests that happen "now": at any hour of the run, it is noon there. And the zones that somebody may choose. */
import { expect, it } from 'vitest';
import { isZone } from '#lib/i18n/zone.ts';
import { middayZone } from '../../fixtures/clock.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

const localTime = (at: Date) =>
	new Intl.DateTimeFormat('en-CA', {
		timeZone: middayZone(at),
		dateStyle: 'short',
		timeStyle: 'short',
		hourCycle: 'h23'
	}).format(at);

it.each(['2026-03-29', '2026-11-01', '2026-12-31', '2028-02-29'])(
	'is noon of the same day at each hour of %s',
	(day) => {
		const hours = Array.from({ length: 24 }, (_, hour) => new Date(`${day}T${String(hour).padStart(2, '0')}:40:00Z`));
		expect(hours.map(localTime)).toEqual(hours.map(() => `${day}, 12:40`));
	}
);

it('offers only time zones that JavaScript knows', async () => {
	const { rows } = await db.owner.query<{ name: string }>(`select name from private.time_zones`);
	expect(rows.length).toBeGreaterThan(300);
	expect(rows.filter(({ name }) => !isZone(name))).toEqual([]);
});
