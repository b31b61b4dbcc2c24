/* A new Summit has all its settings, or is not created. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let chief: TestPerson;

beforeAll(async () => {
	chief = await makePerson(db.owner, 'Chief');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
});

const create = (slug: string, settings: object) =>
	callAs<{ status: string; faults?: string[]; slug?: string }>(db.owner, chief, `public.create_summit($1)`, [
		JSON.stringify({
			slug,
			name: { original: 'en', en: 'A new Summit' },
			zone: 'Europe/Lisbon',
			starts_on: '2031-05-01',
			ends_on: '2031-05-03',
			...settings
		})
	]);
const stored = async (slug: string) =>
	(await db.owner.query(`select venue_name ->> 'en' as venue, review_days from public.summits where slug = $1`, [slug]))
		.rows;

test('takes over every given setting', async () => {
	const slug = `n-${randomUUID().slice(0, 8)}`;
	const settings = { venue_name: { original: 'en', en: 'Quay Hall' }, review_days: 9 };
	expect(await create(slug, settings)).toMatchObject({ status: 'ok', slug });
	expect(await stored(slug)).toEqual([{ venue: 'Quay Hall', review_days: 9 }]);
});

test.each([
	['a number out of range', { review_days: -1 }],
	['no number', { review_days: 'soon' }],
	['a deadline after its end', { refund_until: '2031-06-01T00:00:00Z' }]
])('is not created with %s', async (_, settings) => {
	const slug = `n-${randomUUID().slice(0, 8)}`;
	expect(await create(slug, settings)).toMatchObject({ status: 'invalid' });
	expect(await stored(slug)).toEqual([]);
	// The name is free again.
	expect(await create(slug, {})).toMatchObject({ status: 'ok' });
});
