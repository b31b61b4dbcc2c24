/* When answers of the logistics form are erased, and when people are reminded of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer } from '../../fixtures/logistics.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { sweepAt } from '../../fixtures/retention.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, answers, mine, staff } = logisticsDesk(
	() => db.owner,
	() => world
);
const mails = (template: string) =>
	readValue<number>(db.owner, `select count(*)::integer from private.outbox where template = $1 and summit_id = $2`, [
		template,
		world.summit
	]);

describe('erasing', () => {
	it('happens on the promised day, by the venue’s clock', async () => {
		const { id: soon } = await saveField(logisticsField('passport_number', { erase_days: 0 }));
		const { id: later } = await saveField(logisticsField('diet', { erase_days: 30 }));
		await answer({ [soon]: sealedAnswer(), [later]: sealedAnswer() });
		const end = await readValue<Date>(
			db.owner,
			`select (ends_on + 1)::timestamp at time zone zone from public.summits where id = $1`,
			[world.summit]
		);
		const sweep = (ms: number) => sweepAt(db.owner, `'${new Date(end.getTime() + ms).toISOString()}'::timestamptz`);
		await sweep(-1000);
		expect(await answers()).toBe(2);
		await sweep(0);
		expect(await answers()).toBe(1);
		await sweep(30 * 86_400_000);
		expect(await answers()).toBe(0);
	});

	it('happens at once when a person leaves, and the audit has no copy', async () => {
		const { id } = await saveField(logisticsField('diet'));
		const mark = 'c4'.repeat(40);
		await answer({ [id]: { sealed: mark, key_id: 'k1' } });
		await callAs(db.owner, world.people.delegate, `public.withdraw_registration($1)`, [world.registrations.delegate]);
		expect(await answers()).toBe(0);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries as e where e::text like '%' || $1 || '%'`,
				[mark]
			)
		).toBe(0);
		expect(
			await readValue(
				db.owner,
				`select new_values from audit.entries where table_name = 'details.erased' and summit_id = $1`,
				[world.summit]
			)
		).toEqual({ fields: 1 });
	});

	it('includes the fields for the hall when a person goes online', async () => {
		const { id: visa } = await saveField(logisticsField('passport_number', { modes: ['in_person'] }));
		const { id: diet } = await saveField(logisticsField('diet'));
		await answer({ [visa]: sealedAnswer(), [diet]: sealedAnswer() });
		expect(
			await callAs(db.owner, world.people.delegate, `public.switch_mode($1, 'virtual')`, [world.registrations.delegate])
		).toMatchObject({ status: 'ok' });
		expect((await mine())?.fields.map(({ key }) => key)).toEqual(['diet']);
		expect(await answers()).toBe(1);
	});
});

describe('mails', () => {
	it('ask once on confirmation, and remind people without an answer a week and a day before', async () => {
		await saveField(logisticsField('diet', { is_required: true }));
		const due = new Date(Date.now() + 20 * 86_400_000);
		await db.owner.query(`update public.summits set logistics_due_at = $2 where id = $1`, [world.summit, due]);
		const sweepBefore = (days: number) =>
			db.owner.query(`select private.sweep_logistics_answers($1)`, [new Date(due.getTime() - days * 86_400_000)]);
		await sweepBefore(8);
		expect(await mails('logistics_reminder')).toBe(0);
		await sweepBefore(6);
		await sweepBefore(5);
		expect(await mails('logistics_reminder')).toBe(4);
		const { id } = await saveField(logisticsField('diet', { is_required: true }));
		await answer({ [id]: sealedAnswer() });
		await sweepBefore(0.5);
		await sweepBefore(0.4);
		expect(await mails('logistics_reminder')).toBe(7);
		await sweepBefore(-1);
		expect(await mails('logistics_reminder')).toBe(7);
		// Sent once, on confirmation.
		const next = await staff('stage');
		const registration = await readValue<string>(
			db.owner,
			`insert into public.registrations (summit_id, person_id, member_id, mode, code_of_conduct_at) values ($1, $2, $3, 'virtual', now()) returning id`,
			[world.summit, next.person, world.member]
		);
		await callAs(db.owner, next, `private.submit_registration($1)`, [registration]);
		expect(await mails('logistics_requested')).toBe(0);
		await callAs(db.owner, world.people.registration, `public.decide_registrations($1, 'accredit')`, [[registration]]);
		expect(await mails('logistics_requested')).toBe(1);
	});
});
