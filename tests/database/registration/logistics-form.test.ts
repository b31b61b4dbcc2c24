/* The logistics form: read only by the person and the roles that a field names, and kept as promised. */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs, connectMany } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makePerson, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, answers, mine, read, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);

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
		expect(await answer({ [press]: sealedAnswer() })).toEqual({ status: 'invalid', faults: [press] });
		expect(await answer({ [visa]: sealedAnswer() }, world.people.virtual, world.registrations.virtual)).toEqual({
			status: 'invalid',
			faults: [visa]
		});
		expect(await answer({ [visa]: { sealed: 'plain words', key_id: 'k1' } })).toEqual({
			status: 'invalid',
			faults: [visa]
		});
		expect(await answer({ [diet]: { value: ['vegan'] } })).toEqual({ status: 'invalid', faults: [diet] });
		expect(await answer({ 'not-an-id': sealedAnswer() })).toEqual({ status: 'invalid', faults: ['not-an-id'] });
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
		] as Record<string, unknown>[])
			expect(
				await saveField({ ...field, visible_to: ['registration', 'door'], ...broken }),
				JSON.stringify(broken)
			).toEqual({ status: 'promised', faults: Object.keys(broken) });
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
		expect(await saveField(logisticsField('diet', { kind: 'video' }))).toMatchObject({ faults: ['kind'] });
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
