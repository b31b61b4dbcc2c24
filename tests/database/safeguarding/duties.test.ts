/* The duty to report: who keeps it, its clock on a case, and that a referral is noted once. */
import { expect, test } from 'vitest';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { raise, mark, newLead } = concernActs(stage);

interface Due {
	id: string;
	authority: string;
	hours: number;
	referred_at: string | null;
	referred_by: string | null;
}
const add = (who: TestPerson | null, hours = 24, categories = ['child'], authority = 'Police') =>
	stage.callAs<string>(who, `select public.add_duty($1, $2, '', $3, $4, 'By law')`, [
		stage.world.summit,
		authority,
		hours,
		categories
	]);
const read = (who: TestPerson | null) =>
	stage.callAs<{ id: string }[] | null>(who, `select public.read_duties($1)`, [stage.world.summit]);
const refer = (who: TestPerson | null, id: string, duty: string | undefined) =>
	stage.callAs<string>(who, `select public.refer_case($1, $2)`, [id, duty]);
async function opened(who: TestPerson, category = 'child'): Promise<string> {
	const concern = await raise();
	await stage.owner.query(`update private.concerns set created_at = now() - interval '20 hours' where id = $1`, [
		concern
	]);
	const answer = await stage.callAs<{ case: string }>(who, `select public.open_case($1, 'high', $2, '00', 'key')`, [
		[concern],
		category
	]);
	return answer.case;
}
/** The duties of a case; `hours` from now until it is due. */
async function dues(who: TestPerson, id: string): Promise<Due[] | undefined> {
	const found = await stage.callAs<{ duties: (Omit<Due, 'hours'> & { due_at: string })[] } | null>(
		who,
		`select public.read_case($1, $2)`,
		[stage.world.summit, id]
	);
	return found?.duties.map(({ due_at, ...rest }) => ({
		...rest,
		hours: Math.round((Date.parse(due_at) - Date.now()) / 3_600_000)
	}));
}

test('is kept by leads, and seen by nobody else', async () => {
	const { people } = stage.world;
	const lead = people.safeguarding;
	expect([await add(lead), await add(lead, 0), await add(lead, 24, []), await add(lead, 24, ['theft'])]).toEqual([
		'ok',
		'invalid',
		'invalid',
		'invalid'
	]);
	const [duty] = (await read(lead)) ?? [];
	for (const who of Object.values(people).filter((one) => one !== lead)) {
		expect([who.name, await read(who), await add(who)]).toEqual([who.name, null, 'not_allowed']);
		expect(await stage.callAs(who, `select public.end_duty($1)`, [duty?.id])).toBe('not_found');
	}
	await expect(read(null)).rejects.toThrow('permission denied');
	for (const table of ['reporting_duties', 'case_referrals'])
		await expect(stage.callAs(lead, `select * from private.${table}`)).rejects.toThrow('permission denied');
	expect(await stage.callAs(lead, `select public.end_duty($1)`, [duty?.id])).toBe('ok');
	expect(await read(lead)).toEqual([]);
});

test('runs from the first concern, for cases of its kinds, and stays on a case that was referred', async () => {
	const lead = stage.world.people.safeguarding;
	await add(lead, 24, ['child', 'material'], 'Child protection');
	await add(lead, 72, ['threat']);
	const id = await opened(lead);
	expect(await dues(lead, id)).toMatchObject([{ authority: 'Child protection', hours: 4, referred_at: null }]);
	const duty = (await dues(lead, id))?.[0]?.id;
	expect([await refer(lead, id, duty), await refer(lead, id, duty)]).toEqual(['ok', 'already']);
	await stage.callAs(lead, `select public.end_duty($1)`, [duty]);
	expect(await dues(lead, id)).toMatchObject([{ authority: 'Child protection', referred_by: lead.name }]);
	expect(await dues(lead, await opened(lead, 'wellbeing'))).toEqual([]);
});

test('is noted once by two leads at once, and by nobody who may not read the case', async () => {
	const { people } = stage.world;
	const [lead, other] = [people.safeguarding, await newLead()];
	await add(lead);
	const id = await opened(lead);
	const duty = (await dues(lead, id))?.[0]?.id;
	for (const who of Object.values(people).filter((one) => one !== lead))
		expect(await refer(who, id, duty)).toBe('not_found');
	expect(await refer(lead, id, id)).toBe('not_found');
	const answers = await Promise.all(
		[lead, other].map(async (who) => {
			const client = await stage.db.connect();
			await client.query('begin');
			await setCaller(client, who);
			const { rows } = await client.query<{ answer: string }>(`select public.refer_case($1, $2) as answer`, [id, duty]);
			await client.query('commit');
			return rows[0]?.answer;
		})
	);
	expect(answers.sort()).toEqual(['already', 'ok']);
	const concern = await stage.one<string>(
		stage.owner,
		`select concern_id from private.case_concerns where case_id = $1`,
		[id]
	);
	expect(await mark(lead, concern, other)).toBe('ok');
	expect([await refer(other, id, duty), await dues(other, id)]).toEqual(['not_found', undefined]);
});
