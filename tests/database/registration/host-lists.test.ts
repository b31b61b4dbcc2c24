/*
 * The list for the host state: requested by one person, approved by another, downloaded once, and without sealed
 * people.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer } from '../../fixtures/logistics.ts';
import { callAs, connectMany } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, staff, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);

describe('the list for the host state', () => {
	let nationality: string;
	let second: TestPerson;
	beforeEach(async () => {
		nationality = (await saveField(logisticsField('nationality', { for_host: true, is_identity: true }))).id;
		second = await staff('registration');
	});
	const request = (fields: string[] = [nationality], by: TestPerson = world.people.registration) =>
		callAs<{ status: string; id: string }>(
			db.owner,
			by,
			`public.request_host_list($1, 'Entry to the venue', 'Ministry of the Interior', $2)`,
			[world.summit, fields]
		);
	const decide = (list: string, yes: boolean, by: TestPerson = second) =>
		callAs<string>(db.owner, by, `public.decide_host_list($1, $2, $3)`, [world.summit, list, yes]);
	const take = (list: string, by: TestPerson = world.people.registration, on = db.owner) =>
		callAs<{
			status: string;
			withheld?: number;
			rows?: { reference: string; answers: Record<string, unknown> }[];
			fields?: unknown[];
		}>(on, by, `public.take_host_list($1, $2)`, [world.summit, list]);

	it('takes two people, is downloaded once, and is logged first', async () => {
		const { id } = await request();
		expect(await take(id)).toEqual({ status: 'wrong_state' });
		expect(await decide(id, true, world.people.registration)).toBe('own');
		for (const kind of ['finance', 'door', 'programme', 'focal', 'delegate'] as const) {
			expect(await decide(id, true, world.people[kind]), kind).toBe('not_found');
			expect(await request([], world.people[kind]), kind).toEqual({ status: 'not_allowed' });
			expect(await callAs(db.owner, world.people[kind], `public.read_host_lists($1)`, [world.summit]), kind).toBeNull();
		}
		expect(await decide(id, true)).toBe('ok');
		expect(await decide(id, false)).toBe('wrong_state');
		expect(await take(id, second)).toEqual({ status: 'not_found' });
		const clients = await connectMany(db, 10);
		const taken = await Promise.all(clients.map((one) => take(id, world.people.registration, one)));
		expect(taken.map(({ status }) => status).sort()).toEqual(['ok', ...Array<string>(9).fill('wrong_state')]);
		const { rows } = await db.owner.query(
			`select new_values from audit.entries where table_name = 'host_list.taken' and summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ new_values: { recipient: 'Ministry of the Interior', rows: 2, withheld: 0 } }]);
	});

	it('contains exactly the people accredited in person at that moment, with the fields collected for it', async () => {
		const { id: diet } = await saveField(logisticsField('diet'));
		await answer({ [nationality]: sealedAnswer(), [diet]: sealedAnswer() });
		expect(await request([diet])).toEqual({ status: 'invalid' });
		const { id } = await request();
		await decide(id, true);
		await callAs(db.owner, world.people.speaker, `public.withdraw_registration($1)`, [world.registrations.speaker]);
		const list = await take(id);
		expect(list.rows).toHaveLength(1);
		expect(list.rows?.[0]?.answers).toEqual({ [nationality]: sealedAnswer() });
	});

	it('never contains people with an alias, and counts them', async () => {
		await answer({ [nationality]: sealedAnswer('ce') });
		await putOnAlias();
		const { id } = await request();
		await decide(id, true);
		const list = await take(id);
		expect(list).toMatchObject({ status: 'ok', withheld: 1 });
		expect(list.rows).toHaveLength(1);
		expect(JSON.stringify(list)).not.toContain('Marta');
		expect(JSON.stringify(list)).not.toContain('cece');
	});

	it('shows the fields that it will contain, and afterwards those that it contained', async () => {
		const passport = (await saveField(logisticsField('passport', { for_host: true, is_identity: true }))).id;
		const { id } = await request([nationality, passport]);
		const named = async () =>
			(
				await callAs<{ lists: { fields: unknown[] }[] }>(
					db.owner,
					world.people.registration,
					`public.read_host_lists($1)`,
					[world.summit]
				)
			).lists[0]?.fields.length;
		expect(await named()).toBe(2);
		// Nobody confirms a field that the list would leave out.
		await db.owner.query(`update public.logistics_fields set retired_at = now() where id = $1`, [passport]);
		expect(await named()).toBe(1);
		await decide(id, true);
		expect((await take(id)).fields).toHaveLength(1);
		await db.owner.query(`update public.logistics_fields set retired_at = now() where id = $1`, [nationality]);
		expect(await named()).toBe(1);
	});

	it('cannot be downloaded too late, or by a person whose role has ended', async () => {
		const { id } = await request();
		await decide(id, true);
		await db.owner.query(`update private.host_lists set expires_at = now() where id = $1`, [id]);
		expect(await take(id)).toEqual({ status: 'wrong_state' });
		const { id: next } = await request();
		await decide(next, true);
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [
			world.people.registration.person
		]);
		expect(await take(next)).toEqual({ status: 'not_found' });
	});
});
