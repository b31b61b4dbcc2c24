/* An organisation that is not in the list waits for the organisers, who confirm or refuse it. */
import { expect, test } from 'vitest';
import {
	callAs,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	readValue,
	type Mode
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Status = { status: string; [key: string]: unknown };
const withdraw = (who: TestPerson | undefined, id: string | undefined) =>
	callAs<Status>(db.owner, who ?? null, `public.withdraw_registration($1, '')`, [id]);
const seatOf = (id: string | undefined, mode: Mode = 'in_person') =>
	readValue<string | undefined>(
		db.owner,
		`select state from public.seats where registration_id = $1 and mode = $2 and state <> 'released'`,
		[id, mode]
	);

test('"mine is not listed" waits for the organisers, then keeps its rank', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, { hall: 1 });
	const [a, b, c] = await makePeople(db.owner, 3);
	if (!a || !b || !c) throw new Error('nobody');
	const started = await callAs<{ id: string }>(db.owner, a, `private.start_registration($1)`, [summit]);
	const save = (step: number, fields: object) =>
		callAs<Status>(db.owner, a, `private.save_registration($1, $2, $3)`, [started.id, step, JSON.stringify(fields)]);
	await save(2, { request: { name: 'Lantern Trust', sector: 'civil_society', country: 'PT' } });
	await save(3, { mode: 'in_person' });
	await save(5, { code_of_conduct: true });
	expect(await callAs(db.owner, a, `private.submit_registration($1)`, [started.id])).toMatchObject({
		status: 'queued',
		queue_reason: 'allocation',
		queue_position: 1
	});
	const second = await register(db.owner, b, summit, members[0] ?? '');
	const third = await register(db.owner, c, summit, members[0] ?? '');
	expect([second.status, third.status]).toEqual(['held', 'queued']);
	const request = await readValue<string>(
		db.owner,
		`select id from public.member_requests where registration_id = $1`,
		[started.id]
	);
	const link = (who: TestPerson, member: string | undefined) =>
		callAs(db.owner, who, `public.link_member_request($1, $2)`, [request, member]);
	expect(await link(b, members[0])).toBe('not_allowed');
	expect(await link(organiser, summit)).toBe('unknown_member');
	expect(await link(organiser, members[0])).toBe('ok');
	expect(await link(organiser, members[0])).toBe('wrong_state');
	await withdraw(b, second.id);
	expect([await seatOf(started.id), await seatOf(third.id)]).toEqual(['held', undefined]);
	expect(
		await readValue(
			db.owner,
			`select affiliation = (select name from public.members where id = $2) from public.people where id = $1`,
			[a.person, members[0]]
		)
	).toBe(true);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a refused request declines the registration, with the reason', async () => {
	const { summit, organiser } = await makeSummit(db.owner, {});
	const [a] = await makePeople(db.owner, 1);
	if (!a) throw new Error('nobody');
	const { id } = await callAs<{ id: string }>(db.owner, a, `private.start_registration($1)`, [summit]);
	await callAs(db.owner, a, `private.save_registration($1, 2, '{"request":{"name":"Nobody knows"}}')`, [id]);
	await callAs(db.owner, a, `private.save_registration($1, 5, '{"code_of_conduct":true}')`, [id]);
	await callAs(db.owner, a, `private.submit_registration($1)`, [id]);
	const request = await readValue<string>(
		db.owner,
		`select id from public.member_requests where registration_id = $1`,
		[id]
	);
	expect(await callAs(db.owner, organiser, `public.refuse_member_request($1, ' ')`, [request])).toBe('reason_needed');
	expect(await callAs(db.owner, organiser, `public.refuse_member_request($1, 'Not a member')`, [request])).toBe('ok');
	const mine = await callAs<{ state: string; steps: { reason: string }[] }>(db.owner, a, `public.my_registration($1)`, [
		summit
	]);
	expect([mine.state, mine.steps.at(-1)?.reason]).toEqual(['declined', 'Not a member']);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});
