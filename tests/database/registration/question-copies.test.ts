/* Copying questions of an earlier Summit into one that exists. */
import { beforeEach, expect, it } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { logisticsDesk, logisticsField, text } from '../../fixtures/logistics.ts';
import { callAs } from '../../fixtures/registering.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let earlier: World;
let world: World;
/** The questions of the earlier Summit by their keys. */
let ids: Record<string, string>;

const old = logisticsDesk(
	() => db.owner,
	() => earlier
);
const current = logisticsDesk(
	() => db.owner,
	() => world
);
const choices = ['halal', 'vegan'].map((key) => ({ key, label: text(key) }));
const meal = logisticsField('meal', { kind: 'choice', choices, is_sealed: false });
const kitchen = { kind: 'yes_no', depends_on: 'meal', depends_values: ['halal'] };

beforeEach(async () => {
	[earlier, world] = [await makeWorld(db.owner), await makeWorld(db.owner)];
	ids = {};
	for (const field of [meal, logisticsField('kitchen', kitchen), logisticsField('arrival', { kind: 'date' })])
		ids[field.key] = (await old.saveField(field)).id;
	await callAs(db.owner, earlier.people.owner, 'public.set_badge_question($1, $2)', [earlier.summit, ids['meal']]);
});

const copy = (
	keys: readonly string[],
	by: TestPerson = world.people.registration,
	source = earlier.summit,
	client = db.owner
) =>
	callAs<{ status: string; copied?: number; skipped?: number }>(
		client,
		by,
		'public.copy_logistics_fields($1, $2, $3)',
		[world.summit, source, keys.map((key) => ids[key])]
	);
const questions = async () =>
	(
		await db.owner.query(
			`select key, depends_on, on_badge, version, position from public.logistics_fields
			where summit_id = $1 and retired_at is null order by position`,
			[world.summit]
		)
	).rows;

it('copies the chosen questions with those on which they depend, to the end, and not the line of the badge', async () => {
	await current.saveField(logisticsField('hotel', { position: 4 }));
	expect(await copy(['kitchen'])).toEqual({ status: 'ok', copied: 2, skipped: 0 });
	expect(await questions()).toMatchObject([
		{ key: 'hotel', position: 4 },
		{ key: 'meal', depends_on: null, on_badge: false, version: 1, position: 5 },
		{ key: 'kitchen', depends_on: 'meal', position: 6 }
	]);
});

it('skips a key that is or was in use, a condition that fits no question here, and what is no question there', async () => {
	await current.saveField(logisticsField('meal', { kind: 'yes_no', is_sealed: false }));
	const { id } = await current.saveField(logisticsField('arrival', { kind: 'date' }));
	await callAs(db.owner, world.people.registration, 'public.retire_logistics_field($1, $2)', [world.summit, id]);
	expect(await copy(['meal', 'kitchen', 'arrival'])).toEqual({ status: 'ok', copied: 0, skipped: 3 });
	expect(await questions()).toMatchObject([{ key: 'meal' }]);
	expect(await copy(['arrival'], world.people.registration, world.summit)).toMatchObject({ copied: 0, skipped: 0 });
});

it('copies once when two copy at once', async () => {
	const clients = [await db.connect(), await db.connect()];
	const answers = await Promise.all(
		clients.map((client) => copy(['meal', 'arrival'], world.people.registration, earlier.summit, client))
	);
	expect(answers.map(({ copied }) => copied).toSorted()).toEqual([0, 2]);
	expect(await questions()).toHaveLength(2);
});

it('is for those who change questions here, and from Summits that they can read', async () => {
	for (const kind of personKinds) {
		const may = ['registration', 'owner'].includes(kind);
		expect([kind, (await copy([], world.people[kind])).status]).toEqual([kind, may ? 'ok' : 'not_allowed']);
	}
	expect((await copy(['meal'], earlier.people.registration)).status).toBe('not_allowed');
	await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [earlier.summit]);
	expect((await copy(['meal'])).status).toBe('not_allowed');
});
