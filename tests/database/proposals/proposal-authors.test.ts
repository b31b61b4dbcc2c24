/* The people of a proposal: who joins it, answers for it and leaves it. */
import { beforeEach, expect, it } from 'vitest';
import { proveAddress, makeLetter } from '../../fixtures/inviting.ts';
import {
	completeProposal,
	inviteTo,
	joinProposal,
	makeCall,
	propose,
	saveProposal,
	startProposal,
	englishText,
	type OpenCall
} from '../../fixtures/proposing.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;
let bo: TestPerson;

beforeEach(async () => {
	call = await makeCall(db.owner);
	[ana, bo] = [await makePerson(db.owner, 'Ana Lima'), await makePerson(db.owner, 'Bo Rask')];
});

const read = (who: TestPerson | null, id: string) =>
	callAs<Record<string, never> | null>(db.owner, who, `public.read_proposal($1)`, [id]);
const answer = (who: TestPerson | null, token: string, accept = true, on = db.owner) =>
	callAs<{ status: string }>(on, who, `public.answer_proposal_invitation($1, $2)`, [token, accept]);

it('an invitation works once, for its address only, until it ends; a renewed link ends the former one', async () => {
	const id = await startProposal(db.owner, call, ana);
	await saveProposal(db.owner, ana, id, completeProposal(call, 'A title to hide'), 1);
	await proveAddress(db.owner, bo, `bo-${id}@example.org`);
	const { status, token } = await inviteTo(db.owner, ana, id, `bo-${id}@example.org`, { author: true });
	expect(status).toBe('ok');
	expect((await inviteTo(db.owner, ana, id, `bo-${id}@example.org`)).status).toBe('already');
	const peek = (who: TestPerson | null, link = token) =>
		callAs<object>(db.owner, who, `public.read_proposal_invitation($1)`, [link]);
	const eve = await makePerson(db.owner, 'Eve');
	for (const who of [null, eve]) expect(JSON.stringify(await peek(who))).not.toContain('A title to hide');
	expect(await peek(bo)).toMatchObject({ state: 'sent', mine: true, title: englishText('A title to hide') });
	// A forwarded invitation is useless.
	expect(await answer(eve, token)).toEqual({ status: 'not_yours' });
	const entry = await readValue<string>(
		db.owner,
		`select id from private.proposal_people where proposal_id = $1 and person_id is null`,
		[id]
	);
	const again = makeLetter(`bo-${id}@example.org`);
	expect(await callAs(db.owner, eve, `public.resend_proposal_invitation($1, $2)`, [entry, again.letter])).toBe(
		'not_found'
	);
	expect(await callAs(db.owner, ana, `public.resend_proposal_invitation($1, $2)`, [entry, again.letter])).toBe('ok');
	expect(await peek(bo)).toBeNull();
	await db.owner.query(`update private.proposal_people set expires_at = now() where id = $1`, [entry]);
	expect(await answer(bo, again.token)).toMatchObject({ status: 'expired' });
	await db.owner.query(`update private.proposal_people set expires_at = now() + interval '1 day' where id = $1`, [
		entry
	]);
	const clients = await connectMany(db, 6);
	const answers = await inParallel(clients, [...clients.keys()], (on, n) => answer(bo, again.token, n % 2 === 0, on));
	expect(answers.filter((one) => one.status === 'ok')).toHaveLength(1);
	expect(await answer(bo, again.token)).not.toMatchObject({ status: 'ok' });
});

it('an assistant answers for a person, and the record names that person', async () => {
	const id = await startProposal(db.owner, call, ana);
	const { token } = await inviteTo(db.owner, ana, id, `minister-${id}@example.org`);
	const [minister, aide] = [await makePerson(db.owner, 'Minister'), await makePerson(db.owner, 'Aide')];
	await proveAddress(db.owner, minister, `minister-${id}@example.org`);
	expect(await answer(aide, token)).toEqual({ status: 'not_yours' });
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'speaking')`,
		[aide.account, minister.person]
	);
	expect(await answer(aide, token)).toMatchObject({ status: 'ok' });
	expect(await read(minister, id)).toMatchObject({ is_author: false });
	expect(
		await readValue(
			db.owner,
			`select principal_person from audit.entries where table_name = 'private.proposal_people' and actor_person = $1 order by id desc limit 1`,
			[aide.person]
		)
	).toBe(minister.person);
});

it('text written about a person with an alias is deleted when they join', async () => {
	const sealed = await makePerson(db.owner, 'Quiet Person');
	await db.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'test')`,
		[sealed.person]
	);
	const id = await propose(db.owner, call, ana);
	const address = `canary-${id}@example.org`;
	await proveAddress(db.owner, sealed, address);
	const { token } = await inviteTo(db.owner, ana, id, address, { name: 'Canary Truename' });
	const seen = async () =>
		JSON.stringify([
			await callAs(db.owner, call.programme, `public.read_selection_proposal($1)`, [id]),
			await callAs(db.owner, call.programme, `public.read_review($1)`, [id]),
			await callAs(db.owner, call.programme, `public.read_selection($1)`, [call.summit])
		]);
	expect(await seen()).not.toContain('Canary');
	expect(await answer(sealed, token)).toMatchObject({ status: 'ok' });
	expect(await seen()).toContain('Quiet Person');
	expect(JSON.stringify(await read(ana, id))).not.toMatch(/Canary|canary/);
	for (const table of ['private.proposal_people', 'private.outbox', 'public.people', 'audit.entries'])
		expect(
			await readValue(db.owner, `select count(*)::integer from ${table} as t where to_jsonb(t)::text ilike '%canary%'`)
		).toBe(0);
});

it('leaving an accepted proposal declines the part in its session', async () => {
	const proposal = await propose(db.owner, call, ana);
	await joinProposal(db.owner, ana, proposal, bo);
	expect(
		await callAs(db.owner, call.programme, 'public.decide_proposals($1, $2, $3)', [
			call.summit,
			JSON.stringify([{ id: proposal, version: 0 }]),
			'accept'
		])
	).toEqual([{ id: proposal, status: 'ok' }]);
	await callAs(db.owner, call.programme, 'public.release_decisions($1)', [call.summit]);
	const parts = async () =>
		(
			await db.owner.query<{ person_id: string; state: string; consent_record: boolean }>(
				`select sp.person_id, sp.state, sp.consent_record from public.session_people as sp
				join private.proposal_decisions as d on d.session_id = sp.session_id where d.proposal_id = $1 order by sp.position`,
				[proposal]
			)
		).rows;
	const before = await parts();
	expect(before.map(({ person_id }) => person_id)).toEqual([ana.person, bo.person]);
	await db.owner.query(`update public.session_people set consent_record = true where person_id = $1`, [bo.person]);
	const entry = await readValue<string>(
		db.owner,
		`select id from private.proposal_people where proposal_id = $1 and person_id = $2`,
		[proposal, bo.person]
	);
	expect(await callAs(db.owner, bo, 'public.remove_proposal_person($1)', [entry])).toBe('ok');
	expect(await parts()).toEqual([before[0], { person_id: bo.person, state: 'declined', consent_record: false }]);
});
