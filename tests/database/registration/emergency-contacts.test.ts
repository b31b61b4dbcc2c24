/* Emergency contacts: written by the person alone, opened by the help desk and safeguarding, and never without a record. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, makeSummit, readValue, register } from '../../fixtures/registering.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

const sealed = (byte: string) => ({ sealed: byte.repeat(40), key_id: 'k1' });

interface Answer {
	status: string;
	contact_sealed?: string;
	faults?: string[];
}

/** A delegate, and holders of each role of the Summit. */
async function makeDelegate() {
	const { summit, members, organiser } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, 'Ama Mensah');
	const { id } = await register(db.owner, who, summit, members[0] ?? '', 'in_person');
	const reference = await readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [id]);
	const withRole = async (role: string) => {
		const person = await makePerson(db.owner, role);
		await db.owner.query(`insert into public.role_grants (summit_id, person_id, role) values ($1, $2, $3)`, [
			summit,
			person.person,
			role
		]);
		return person;
	};
	const save = (by: TestPerson, contact: unknown, more: object = {}) =>
		callAs<Answer>(db.owner, by, `public.save_sent_steps($1, $2)`, [
			id,
			JSON.stringify([{ step: 4, fields: { emergency_contact: contact, ...more } }])
		]);
	const own = (by: TestPerson) => callAs(db.owner, by, `public.my_emergency_contact($1)`, [id]);
	const read = (by: TestPerson, at = reference) =>
		callAs<Answer>(db.owner, by, `public.read_emergency_contact($1, $2)`, [summit, at]);
	const readings = async () => {
		const { rows } = await db.owner.query<{ actor_person: string; person_id: string }>(
			`select actor_person, person_id from audit.entries where table_name = 'emergency_contact.read' and row_id = $1 order by id`,
			[id]
		);
		return rows;
	};
	return { summit, who, id, reference, organiser, withRole, save, own, read, readings };
}

test('the person saves, changes and removes it, and reads their own', async () => {
	const { who, save, own } = await makeDelegate();
	expect(await own(who)).toBeNull();
	expect(await save(who, sealed('ab'))).toMatchObject({ status: 'ok' });
	expect(await own(who)).toEqual({ contact_sealed: 'ab'.repeat(40), key_id: 'k1' });
	expect(await save(who, sealed('cd'), { version: 1 })).toMatchObject({ status: 'conflict' });
	expect(await save(who, sealed('cd'))).toMatchObject({ status: 'ok' });
	// Saving something else keeps it.
	await callAs(db.owner, who, `public.save_sent_steps($1, $2)`, [
		await readValue<string>(db.owner, `select id from public.registrations where person_id = $1`, [who.person]),
		JSON.stringify([{ step: 4, fields: { access_needs: 'Ramp' } }])
	]);
	expect(await own(who)).toEqual({ contact_sealed: 'cd'.repeat(40), key_id: 'k1' });
	expect(await save(who, null)).toMatchObject({ status: 'ok' });
	expect(await own(who)).toBeNull();
	for (const wrong of [
		'x',
		5,
		{},
		[],
		{ sealed: 'zz', key_id: 'k' },
		{ sealed: 'ab', key_id: 'k' },
		{ ...sealed('ab'), key_id: '' }
	])
		expect(await save(who, wrong)).toMatchObject({ status: 'invalid', faults: ['emergency_contact'] });
	expect(await own(who)).toBeNull();
});

test('nobody else writes it or reads it as their own, not even an assistant', async () => {
	const { who, organiser, save, own } = await makeDelegate();
	await save(who, sealed('ab'));
	const assistant = await makePerson(db.owner, 'Assistant');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'all')`,
		[assistant.account, who.person]
	);
	expect(await save(assistant, sealed('cd'))).toMatchObject({ status: 'invalid' });
	expect(await save(assistant, null)).toMatchObject({ status: 'invalid' });
	for (const other of [organiser, await makePerson(db.owner, 'Outsider')])
		expect(await save(other, null)).toMatchObject({ status: 'not_found' });
	for (const other of [assistant, organiser]) {
		expect(await own(other)).toBeNull();
		await expect(actAs(db.owner, other, `select * from private.emergency_contacts`)).rejects.toThrow(
			'permission denied'
		);
	}
	expect(await own(who)).toMatchObject({ contact_sealed: 'ab'.repeat(40) });
});

test('the help desk and safeguarding open it, and each opening is recorded', async () => {
	const { who, withRole, save, read, reference, readings } = await makeDelegate();
	const [desk, lead] = [await withRole('registration'), await withRole('safeguarding')];
	expect(await read(desk)).toEqual({ status: 'none' });
	await save(who, sealed('ab'));
	expect(await read(desk, ` ${reference.toLowerCase()} `)).toMatchObject({
		status: 'ok',
		display_name: 'Ama Mensah',
		contact_sealed: 'ab'.repeat(40)
	});
	expect(await read(lead)).toMatchObject({ status: 'ok' });
	expect(await read(desk, 'NOBODY00')).toEqual({ status: 'not_found' });
	expect(await readings()).toEqual([
		{ actor_person: desk.person, person_id: who.person },
		{ actor_person: lead.person, person_id: who.person }
	]);
	for (const role of ['programme', 'finance', 'stage', 'door'])
		expect(await read(await withRole(role))).toEqual({ status: 'not_allowed' });
	for (const other of [who, (await makeDelegate()).organiser])
		expect(await read(other)).toEqual({ status: 'not_allowed' });
	expect(await readings()).toHaveLength(2);
});

test('no opening without its record: where the audit cannot be written, nothing is answered', async () => {
	const { who, withRole, save, read } = await makeDelegate();
	const desk = await withRole('registration');
	await save(who, sealed('ab'));
	await db.owner.query(
		`alter table audit.entries add constraint full_disk check (table_name <> 'emergency_contact.read') not valid`
	);
	await expect(read(desk)).rejects.toThrow('full_disk');
	await db.owner.query(`alter table audit.entries drop constraint full_disk`);
	expect(await read(desk)).toMatchObject({ status: 'ok' });
});

test('that of a person under an alias is opened by safeguarding alone', async () => {
	const { who, withRole, save, read, readings } = await makeDelegate();
	const [desk, lead] = [await withRole('registration'), await withRole('safeguarding')];
	await save(who, sealed('ab'));
	await db.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k')`,
		[who.person]
	);
	// Owners have the rights of the desk, not those of safeguarding.
	for (const by of [desk, await withRole('owner')]) expect(await read(by)).toEqual({ status: 'protected' });
	expect(await readings()).toEqual([]);
	expect(await read(lead)).toMatchObject({ status: 'ok' });
});

test('it is removed when the person no longer takes part', async () => {
	const { who, id, save, own } = await makeDelegate();
	await save(who, sealed('ab'));
	await callAs(db.owner, who, `public.withdraw_registration($1)`, [id]);
	expect(await own(who)).toBeNull();
	expect(
		await readValue(db.owner, `select count(*)::int from private.emergency_contacts where registration_id = $1`, [id])
	).toBe(0);
	expect(await save(who, sealed('ab'))).toMatchObject({ status: 'closed' });
});
