/*
 * The logistics form: read only by the person and the roles that a field names, kept as promised, and erased on time.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, read, staff, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);
const mine = (by: TestPerson = world.people.delegate) =>
	callAs<{ missing: string[]; fields: { key: string; answer_sealed: string | null; visible_to: string[] }[] } | null>(
		db.owner,
		by,
		`public.my_logistics_form($1)`,
		[world.summit]
	);
const answers = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from private.logistics_answers as a join public.logistics_fields as f on f.id = a.field_id where f.summit_id = $1`,
		[world.summit]
	);
const mails = (template: string) =>
	readValue<number>(db.owner, `select count(*)::integer from private.outbox where template = $1 and summit_id = $2`, [
		template,
		world.summit
	]);

describe('answering', () => {
	it('asks only confirmed people, only for fields that apply to them, and saves partial answers', async () => {
		const { id: visa } = await saveField(
			logisticsField('passport_number', { modes: ['in_person'], is_required: true, is_identity: true })
		);
		const { id: diet } = await saveField(logisticsField('diet', { is_required: true }));
		const { id: press } = await saveField(logisticsField('camera', { categories: ['press'] }));
		expect(await mine(world.people.waiting)).toBeNull();
		expect((await mine())?.fields.map(({ key }) => key)).toEqual(['diet', 'passport_number']);
		expect((await mine(world.people.virtual))?.fields.map(({ key }) => key)).toEqual(['diet']);
		expect(await answer({ [diet]: sealedAnswer() })).toEqual({ status: 'ok', missing: ['passport_number'] });
		expect(await answer({ [visa]: sealedAnswer() })).toEqual({ status: 'ok', missing: [] });
		expect((await mine())?.fields.map(({ answer_sealed }) => answer_sealed)).toEqual([
			'ab'.repeat(40),
			'ab'.repeat(40)
		]);
		expect(await answer({ [diet]: null })).toEqual({ status: 'ok', missing: ['diet'] });
		expect(await answer({ [press]: sealedAnswer() })).toEqual({ status: 'invalid' });
		expect(await answer({ [visa]: sealedAnswer() }, world.people.virtual, world.registrations.virtual)).toEqual({
			status: 'invalid'
		});
		expect(await answer({ [visa]: { sealed: 'plain words', key_id: 'k1' } })).toEqual({ status: 'invalid' });
		expect(await answer({ 'not-an-id': sealedAnswer() })).toEqual({ status: 'invalid' });
	});

	it('is for the person alone: no assistant, organiser or other person fills it in or reads it', async () => {
		const { id } = await saveField(
			logisticsField('passport_number', { is_identity: true, visible_to: ['registration'] })
		);
		await answer({ [id]: sealedAnswer() });
		const assistant = await makePerson(db.owner, 'Assistant');
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[assistant.account, world.people.delegate.person]
		);
		for (const by of [
			assistant,
			...personKinds.filter((kind) => kind !== 'delegate').map((kind) => world.people[kind])
		]) {
			expect(await answer({ [id]: null }, by)).toEqual({ status: 'not_found' });
			expect((await mine(by))?.fields.some(({ answer_sealed }) => answer_sealed !== null) ?? false).toBe(false);
			await expect(actAs(db.owner, by, `select * from private.logistics_answers`)).rejects.toThrow(/permission denied/);
		}
		expect(await answers()).toBe(1);
	});

	it('a double click, or two pages at once, leave one answer', async () => {
		const { id } = await saveField(logisticsField('diet'));
		const clients = await connectMany(db, 10);
		const all = await Promise.all(
			clients.map((one, n) =>
				callAs<{ status: string }>(one, world.people.delegate, `public.save_logistics_answers($1, $2)`, [
					world.registrations.delegate,
					JSON.stringify({ [id]: sealedAnswer(`0${n}`) })
				])
			)
		);
		expect(all.map(({ status }) => status)).toEqual(Array(10).fill('ok'));
		expect(await answers()).toBe(1);
	});
});

describe('reading', () => {
	it('is for the roles that the field names, owners included only when named, and is logged', async () => {
		const { id } = await saveField(logisticsField('diet', { visible_to: ['door'] }));
		await answer({ [id]: sealedAnswer() });
		for (const kind of personKinds) {
			const result = await read(id, world.people[kind]);
			expect(result.status, kind).toBe(kind === 'door' ? 'ok' : 'not_found');
		}
		const other = await makeWorld(db.owner);
		expect((await read(id, other.people.door)).status).toBe('not_found');
		const { rows } = await db.owner.query(
			`select actor_person, new_values from audit.entries where table_name = 'details.read' and summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ actor_person: world.people.door.person, new_values: { field: 'diet', rows: 1 } }]);
	});

	it('reveals nothing about the person behind an alias, and says so', async () => {
		const { id } = await saveField(logisticsField('passport_name', { is_identity: true }));
		const { id: diet } = await saveField(logisticsField('diet'));
		await answer({ [id]: sealedAnswer(), [diet]: sealedAnswer() });
		expect(await read(id, world.people.registration)).toMatchObject({
			withheld: 0,
			rows: [{ answer_sealed: 'ab'.repeat(40) }]
		});
		await putOnAlias();
		expect(await read(id, world.people.registration)).toMatchObject({ withheld: 1, rows: [] });
		expect(await read(diet, world.people.registration)).toMatchObject({
			withheld: 0,
			rows: [{ display_name: 'Marta Ilves', member: null }]
		});
		expect((await mine())?.fields.map(({ key, visible_to }) => [key, visible_to])).toEqual([
			['diet', ['registration']],
			['passport_name', []]
		]);
	});

	it('lists for registration organisers who has not answered, without any answer', async () => {
		const { id } = await saveField(logisticsField('diet', { is_required: true }));
		await answer({ [id]: sealedAnswer() });
		const list = await callAs<{ asked: number; complete: number; rows: unknown[] }>(
			db.owner,
			world.people.registration,
			`public.read_logistics_overview($1)`,
			[world.summit]
		);
		expect(list).toMatchObject({
			asked: 4,
			complete: 1,
			total: 3,
			fields: [{ key: 'diet', answers: 1, may_read: true }]
		});
		expect(JSON.stringify(list)).not.toContain('abab');
		expect(
			await callAs(db.owner, world.people.door, `public.read_logistics_overview($1)`, [world.summit])
		).toMatchObject({
			rows: [],
			may_change: false
		});
		expect(await callAs(db.owner, world.people.focal, `public.read_logistics_overview($1)`, [world.summit])).toBeNull();
	});
});

describe('promises', () => {
	it('are kept once somebody has answered', async () => {
		const field = logisticsField('diet', { visible_to: ['registration'], erase_days: 30 });
		const { id } = await saveField(field);
		expect(await saveField({ ...field, visible_to: ['registration', 'door'] })).toMatchObject({ status: 'ok', id });
		await answer({ [id]: sealedAnswer() });
		for (const broken of [
			{ visible_to: ['registration', 'door', 'stage'] },
			{ erase_days: 31 },
			{ purpose: text('Something else') },
			{ kind: 'long_text' },
			{ for_host: true }
		])
			expect(
				await saveField({ ...field, visible_to: ['registration', 'door'], ...broken }),
				JSON.stringify(broken)
			).toEqual({ status: 'promised' });
		expect(
			await saveField({ ...field, visible_to: ['registration'], erase_days: 7, label: text('Food') })
		).toMatchObject({
			status: 'ok'
		});
		expect(await answers()).toBe(1);
		// The field no longer applies to people in the hall, so their answer is deleted.
		expect(
			await saveField({ ...field, visible_to: ['registration'], erase_days: 7, modes: ['virtual'] })
		).toMatchObject({
			status: 'ok'
		});
		expect(await answers()).toBe(0);
	});

	it('fields are edited by registration organisers only, and invalid ones are refused', async () => {
		for (const kind of personKinds.filter((one) => one !== 'registration' && one !== 'owner'))
			expect(await saveField(logisticsField('diet'), world.people[kind]), kind).toEqual({ status: 'not_allowed' });
		expect(await saveField(logisticsField('Bad key'))).toMatchObject({ faults: ['key'] });
		expect(await saveField(logisticsField('diet', { kind: 'file' }))).toMatchObject({ faults: ['kind'] });
		expect(
			await saveField(logisticsField('diet', { kind: 'choice', choices: [{ key: 'a', label: text('A') }] }))
		).toMatchObject({ faults: ['choices'] });
		expect(await saveField(logisticsField('diet', { visible_to: ['owner'] }))).toMatchObject({
			faults: ['visible_to']
		});
		expect(await saveField(logisticsField('diet', { purpose: {} }))).toMatchObject({ faults: ['purpose'] });
		expect(await saveField(logisticsField('diet', { categories: ['ministers'] }))).toMatchObject({ status: 'invalid' });
		const { id } = await saveField(logisticsField('diet'));
		await answer({ [id]: sealedAnswer() });
		expect(
			await callAs(db.owner, world.people.finance, `public.retire_logistics_field($1, $2)`, [world.summit, id])
		).toBe('not_found');
		expect(
			await callAs(db.owner, world.people.registration, `public.retire_logistics_field($1, $2)`, [world.summit, id])
		).toBe('ok');
		expect(await answers()).toBe(0);
	});
});

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
		const sweepAt = (ms: number) =>
			db.owner.query(`select private.sweep_deadlines($1)`, [new Date(end.getTime() + ms)]);
		await sweepAt(-1000);
		expect(await answers()).toBe(2);
		await sweepAt(0);
		expect(await answers()).toBe(1);
		await sweepAt(30 * 86_400_000);
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
