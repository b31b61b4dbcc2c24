/* Who asks for protection after sending the form is heard at once. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, makePeople, makeSummit, register, readValue } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

const ask = (who: TestPerson, registration: string, protection: string) =>
	callAs<{ status: string }>(db.owner, who, 'public.save_sent_steps($1, $2)', [
		registration,
		JSON.stringify([{ step: 4, fields: { protection } }])
	]);
const mailsTo = (who: TestPerson) =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from private.outbox where template = 'safeguarding_needed' and person_id = $1`,
		[who.person]
	);

test('tells the safeguarding leads once, and the wish can be taken back', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const lead = await makePerson(db.owner, 'Lena Lead');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		lead.person,
		summit
	]);
	const [person] = await makePeople(db.owner, 1);
	if (!person) throw new Error('nobody');
	const { id } = await register(db.owner, person, summit, members[0] ?? '');
	const kind = () =>
		readValue<string | undefined>(db.owner, `select kind::text from private.protections where person_id = $1`, [
			person.person
		]);
	expect(await mailsTo(lead)).toBe(0);
	expect((await ask(person, id, 'talk_first')).status).toBe('ok');
	expect([await kind(), await mailsTo(lead)]).toEqual(['talk_first', 1]);
	expect((await ask(person, id, 'talk_first')).status).toBe('ok');
	expect(await mailsTo(lead)).toBe(1);
	expect((await ask(person, id, 'none')).status).toBe('ok');
	expect(await kind()).toBeUndefined();
});

test('is decided by the person alone', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const [person] = await makePeople(db.owner, 1);
	const assistant = await makePerson(db.owner, 'Ada Assistant');
	if (!person) throw new Error('nobody');
	const { id } = await register(db.owner, person, summit, members[0] ?? '');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
		[assistant.account, person.person]
	);
	expect(await ask(assistant, id, 'talk_first')).toMatchObject({ status: 'invalid', faults: ['protection'] });
});
