/* The form, step by step. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
	callAs,
	faultsOf,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { registrationDrafts, type Mine } from '../../fixtures/drafting-registrations.ts';

const db = useDatabase();

const { draft } = registrationDrafts(db);

describe('the form', () => {
	test('is saved step by step, resumed, and sent', async () => {
		const { summit, members, who, id, save, mine, submit } = await draft();
		expect(await callAs(db.owner, who, `private.start_registration($1)`, [summit])).toEqual({ status: 'exists', id });
		expect(await submit()).toEqual({ status: 'missing', missing: ['display_name', 'member', 'code_of_conduct'] });
		expect(
			await save(1, { display_name: '  Ama\tMensah ', office: 'Minister', country: 'GH', languages: ['fr', 'en'] })
		).toMatchObject({ status: 'ok' });
		expect((await save(2, { member_id: members[0] })).status).toBe('ok');
		expect((await save(3, { mode: 'in_person' })).status).toBe('ok');
		expect(
			(await save(4, { access_needs: 'Step-free way in', note: '', protection: 'none', no_photographs: true })).status
		).toBe('ok');
		expect((await save(5, { code_of_conduct: true })).status).toBe('ok');
		expect(await mine()).toMatchObject({
			id,
			state: 'draft',
			form_step: 6,
			display_name: 'Ama Mensah',
			office: 'Minister',
			country: 'GH',
			languages: ['en', 'fr'],
			mode: 'in_person',
			member: { id: members[0], sector: 'civil_society' },
			access_needs: 'Step-free way in',
			no_photographs: true,
			protection: { kind: 'none', has_sealed_name: false },
			seat: null,
			queue: [],
			order: null,
			badge: null
		});
		expect(await submit()).toMatchObject({ status: 'held' });
		expect(await mine()).toMatchObject({
			state: 'submitted',
			seat: { mode: 'in_person', state: 'held' },
			steps: [{ to_state: 'draft' }, { from_state: 'draft', to_state: 'submitted', by_self: true }]
		});
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('reports invalid fields, and saves none of them', async () => {
		const { save, mine, members, id, who } = await draft();
		await save(1, { display_name: 'Ama Mensah', country: 'GH' });
		const wrong: [number, unknown, string[]][] = [
			[1, { display_name: ' ', office: 'x'.repeat(201), country: 'Ghana' }, ['display_name', 'office', 'country']],
			[1, { display_name: 'x'.repeat(121), languages: 'en' }, ['display_name', 'languages']],
			[2, { member_id: randomUUID() }, ['member_id']],
			[2, { member_id: `' or true` }, ['member_id']],
			[2, {}, ['member_id']],
			[2, { request: { name: 'x', sector: 'army' } }, ['request.name']],
			[3, { mode: 'both' }, ['mode']],
			[
				4,
				{ access_needs: 'x'.repeat(2001), protection: 'mask', no_photographs: 'yes' },
				['access_needs', 'protection', 'no_photographs']
			],
			[4, { protection: 'alias' }, ['alias.display_name', 'real_name']],
			[
				4,
				{ protection: 'alias', alias: { display_name: 'Noor' }, real_name_sealed: 'zz', key_id: 'k1' },
				['real_name']
			],
			[5, { consents: { [randomUUID()]: true } }, ['consents']],
			[6, {}, ['step']],
			[1, [], ['step']]
		];
		for (const [step, fields, faults] of wrong)
			expect(await save(step, fields)).toMatchObject({ status: 'invalid', faults });
		expect(await mine()).toMatchObject({ display_name: 'Ama Mensah', member: null, request: null, mode: 'virtual' });
		await save(2, { member_id: members[0] });
		await db.owner.query(`update public.summit_members set standing = 'suspended' where member_id = $1`, [members[0]]);
		await save(5, { code_of_conduct: true });
		expect(await callAs(db.owner, who, `private.submit_registration($1)`, [id])).toMatchObject({
			status: 'queued',
			queue_reason: 'allocation'
		});
	});

	test('two tabs do not overwrite each other, and checked fields stay', async () => {
		const { save, mine, members, submit } = await draft();
		const { version } = await mine();
		const first = await save(1, { display_name: 'Ama', version });
		expect(first).toEqual({ status: 'ok', version: version + 1 });
		expect(await save(1, { display_name: 'Other tab', version })).toEqual({ status: 'conflict', version: version + 1 });
		await save(2, { member_id: members[0] });
		await save(5, { code_of_conduct: true });
		await submit();
		for (const step of [1, 2, 3])
			expect((await save(step, { display_name: 'New', mode: 'virtual', member_id: members[1] })).status).toBe('locked');
		expect((await save(4, { access_needs: 'Sign language' })).status).toBe('ok');
		expect(await mine()).toMatchObject({ display_name: 'Ama', access_needs: 'Sign language' });
	});

	test('consents are given one by one, and required ones cannot be left out', async () => {
		const { summit, save, mine, members, submit } = await draft();
		const item = async (key: string, required: boolean) =>
			readValue<string>(
				db.owner,
				`insert into public.consent_items (summit_id, key, label, is_required) values ($1, $2, '{"original":"en","en":"x"}', $3) returning id`,
				[summit, key, required]
			);
		const [data, photo] = [await item('data', true), await item('photo', false)];
		await save(1, { display_name: 'Ama' });
		await save(2, { member_id: members[0] });
		await save(5, { consents: { [data]: false, [photo]: true }, code_of_conduct: true });
		expect(await submit()).toEqual({ status: 'missing', missing: ['consent:data'] });
		await save(5, { consents: { [data]: true } });
		expect((await submit()).status).toBe('held');
		expect((await save(5, { consents: { [photo]: false } })).status).toBe('ok');
		expect(await save(5, { consents: { [data]: false } })).toMatchObject({ status: 'invalid', faults: ['consents'] });
		expect((await mine()).consents).toEqual({ [data]: true, [photo]: false });
	});

	test('opens and closes with registration, but a begun form stays accessible', async () => {
		const { summit, who, id, save, members, submit } = await draft();
		await save(1, { display_name: 'Ama' });
		await save(2, { member_id: members[0] });
		await save(5, { code_of_conduct: true });
		await db.owner.query(
			`update public.summits set registration_closes_at = now() - interval '1 minute' where id = $1`,
			[summit]
		);
		expect(await submit()).toEqual({ status: 'not_open' });
		expect(await callAs(db.owner, who, `private.start_registration($1)`, [summit])).toEqual({ status: 'exists', id });
		expect(
			await callAs(db.owner, await makePerson(db.owner, 'Late'), `private.start_registration($1)`, [summit])
		).toEqual({
			status: 'not_open'
		});
		await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [summit]);
		for (const unknown of [summit, randomUUID(), null]) {
			expect(
				await callAs(db.owner, await makePerson(db.owner, 'Late'), `private.start_registration($1)`, [unknown])
			).toEqual({
				status: 'not_found'
			});
		}
	});

	test('under-18s need a guardian who consents', async () => {
		const { summit, members, save, submit, id, who } = await draft();
		await save(1, { display_name: 'Young Speaker', is_minor: true });
		await save(2, { member_id: members[0] });
		await save(5, { code_of_conduct: true });
		expect(await submit()).toEqual({ status: 'missing', missing: ['guardian'] });
		const [guardian, outsider] = await makePeople(db.owner, 2);
		if (!guardian || !outsider) throw new Error('nobody');
		const { id: guardianId } = await register(db.owner, guardian, summit, members[0] ?? '');
		const reference = await readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [
			guardianId
		]);
		const consent = (by: TestPerson) => callAs(db.owner, by, `public.give_guardian_consent($1)`, [id]);
		expect(await consent(guardian)).toBe('not_found');
		expect(await callAs(db.owner, who, `public.name_guardian($1, $2)`, [id, reference])).toBe('ok');
		expect((await submit()).missing).toEqual(['guardian']);
		expect([await consent(outsider), await consent(who), await consent(guardian), await consent(guardian)]).toEqual([
			'not_found',
			'not_found',
			'ok',
			'already'
		]);
		expect((await submit()).status).toBe('held');
	});
});

test('an abandoned draft can be withdrawn, and a person may begin again after any end', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const [who] = await makePeople(db.owner, 1);
	if (!who) throw new Error('nobody');
	const [first] = await makeDrafts(db.owner, summit, [who], () => members[0] ?? '');
	expect(await callAs(db.owner, who, `public.withdraw_registration($1, '')`, [first])).toMatchObject({
		status: 'ok',
		refund: 0
	});
	const again = await callAs<{ status: string; id: string }>(db.owner, who, `private.start_registration($1)`, [summit]);
	expect(again.status).toBe('ok');
	expect((await callAs<Mine>(db.owner, who, `public.my_registration($1)`, [summit])).id).toBe(again.id);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.outbox where person_id = $1`, [who.person])
	).toBe(0);
});
