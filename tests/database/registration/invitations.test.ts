import { beforeEach, expect, it } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import {
	callAs,
	faultsOf,
	makeDrafts,
	makePeople,
	makeSummit,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let s: RegisteringSummit;
let ministry: string;

beforeEach(async () => {
	s = await makeSummit(db.owner, { hall: 10, ceilings: { government: 3 } });
	ministry = s.members[2] ?? '';
});

/** As a member's (or a pool's) rules require it. */
async function invite(address: string, mode = 'in_person', pool: string | null = null) {
	const { token, letter } = makeLetter(address);
	const answer = await readValue<{ status: string; id: string }>(
		db.owner,
		`select private.create_invitation($1, $2, $3, $4, $5, now() + interval '60 days', $6)`,
		[s.summit, pool ? null : ministry, pool, pool ? 'press' : 'delegate', mode, letter]
	);
	return { ...answer, token };
}

async function invitee(address: string): Promise<TestPerson> {
	const who = await makePerson(db.owner, 'Invited');
	await proveAddress(db.owner, who, address);
	return who;
}

const accept = (who: TestPerson | null, token: string) =>
	callAs<{ status: string; registration: string }>(db.owner, who, 'public.accept_invitation($1)', [token]);

/** Fills in the fields that the invitation leaves open, and sends the form. */
async function send(who: TestPerson, registration: string) {
	await db.owner.query('update public.registrations set code_of_conduct_at = now() where id = $1', [registration]);
	return callAs<{ status: string; state?: string }>(db.owner, who, 'private.submit_registration($1)', [registration]);
}

const stepsOf = async (id: string) =>
	(
		await db.owner.query<{ to_state: string }>(
			'select to_state from public.registration_steps where registration_id = $1 order by id',
			[id]
		)
	).rows.map(({ to_state }) => to_state);

const stateOf = (id: string) =>
	readValue<string>(db.owner, 'select private.invitation_state(i) from private.invitations as i where id = $1', [id]);

it('leads from the mail to a registration that is nominated when it is sent', async () => {
	const invitation = await invite('a@example.org');
	expect(invitation.status).toBe('ok');
	const mail = await db.owner.query(
		`select template, locale, person_id, params - 'until' as params from private.outbox where summit_id = $1`,
		[s.summit]
	);
	const name = await readValue<string>(db.owner, 'select name from public.members where id = $1', [ministry]);
	expect(mail.rows).toEqual([
		{
			template: 'invitation',
			locale: 'fr',
			person_id: null,
			params: { mode: 'in_person', category: 'delegate', member: name, elsewhere: false }
		}
	]);
	const who = await invitee('a@example.org');
	const read = await callAs(db.owner, who, 'public.read_invitation($1)', [invitation.token]);
	expect(read).toMatchObject({
		state: 'sent',
		member: name,
		mode: 'in_person',
		mine: true,
		elsewhere: false,
		open: true
	});
	const { status, registration } = await accept(who, invitation.token);
	expect(status).toBe('ok');
	expect(await accept(who, invitation.token)).toEqual({ status: 'ok', registration });
	expect(await stateOf(invitation.id)).toBe('used');
	expect(await send(who, registration)).toMatchObject({ status: 'held' });
	expect(await stepsOf(registration)).toEqual(['draft', 'submitted', 'nominated']);
	expect(await faultsOf(db.owner, s.summit)).toEqual([]);
});

it('loses the nomination when the person requests another seat than the offered one', async () => {
	const { token } = await invite('b@example.org');
	const who = await invitee('b@example.org');
	const { registration } = await accept(who, token);
	await callAs(db.owner, who, `private.save_registration($1, 3, '{"mode":"virtual"}')`, [registration]);
	await send(who, registration);
	expect(await stepsOf(registration)).toEqual(['draft', 'submitted']);
});

it('moves a draft to this seat, and nominates a registration that the person sent before', async () => {
	const [drafter, sender] = (await makePeople(db.owner, 2)) as [TestPerson, TestPerson];
	const [draft = '', sent = ''] = await makeDrafts(
		db.owner,
		s.summit,
		[drafter, sender],
		(n) => (n === 0 ? (s.members[0] ?? '') : ministry),
		'virtual'
	);
	await callAs(db.owner, sender, 'private.submit_registration($1)', [sent]);
	await proveAddress(db.owner, drafter, 'c@example.org');
	await proveAddress(db.owner, sender, 'd@example.org');
	expect(await accept(drafter, (await invite('c@example.org')).token)).toEqual({ status: 'ok', registration: draft });
	const { rows } = await db.owner.query('select member_id, mode from public.registrations where id = $1', [draft]);
	expect(rows).toEqual([{ member_id: ministry, mode: 'in_person' }]);
	expect(await accept(sender, (await invite('d@example.org')).token)).toEqual({
		status: 'already',
		registration: sent
	});
	expect(await readValue(db.owner, 'select state from public.registrations where id = $1', [sent])).toBe('nominated');
	expect(await readValue(db.owner, 'select mode from public.registrations where id = $1', [sent])).toBe('virtual');
});

it('can be used by the holder of the address only', async () => {
	const { token, id } = await invite('e@example.org');
	const [other] = (await makePeople(db.owner, 1)) as [TestPerson];
	await proveAddress(db.owner, other, 'f@example.org');
	expect(await accept(other, token)).toEqual({ status: 'not_yours' });
	// An organiser typed the address for a person, who never proved it.
	const typed = await invitee('e@example.org');
	await db.owner.query('update private.person_addresses set verified_at = null where person_id = $1', [typed.person]);
	expect(await accept(typed, token)).toEqual({ status: 'not_yours' });
	const read = await callAs<Record<string, unknown>>(db.owner, other, 'public.read_invitation($1)', [token]);
	expect(Object.keys(read).sort()).toEqual(
		['category', 'elsewhere', 'member', 'mine', 'mode', 'open', 'registered_with', 'state', 'summit', 'until'].sort()
	);
	expect(read).toMatchObject({ mine: false, elsewhere: false, registered_with: null });
	expect(await callAs(db.owner, null, 'public.read_invitation($1)', [token])).toMatchObject({ mine: null });
	expect(await stateOf(id)).toBe('sent');
	// An assistant of the holder is not the holder.
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'all')`,
		[other.account, typed.person]
	);
	await db.owner.query('update private.person_addresses set verified_at = now() where person_id = $1', [typed.person]);
	expect(await accept(other, token)).toEqual({ status: 'not_yours' });
	expect((await accept(typed, token)).status).toBe('ok');
});

it('does not change an active registration with another member', async () => {
	const who = await invitee('g@example.org');
	const [elsewhere = ''] = await makeDrafts(db.owner, s.summit, [who], () => s.members[0] ?? '', 'virtual');
	await callAs(db.owner, who, 'private.submit_registration($1)', [elsewhere]);
	const before = await readValue(db.owner, 'select to_jsonb(r) from public.registrations as r where id = $1', [
		elsewhere
	]);
	const { token, id } = await invite('g@example.org');
	expect(
		await readValue(
			db.owner,
			`select params -> 'elsewhere' from private.outbox where idempotency_key like 'invitation:%' order by created_at desc limit 1`
		)
	).toBe(true);
	expect(await callAs(db.owner, who, 'public.read_invitation($1)', [token])).toMatchObject({ elsewhere: true });
	expect(await accept(who, token)).toEqual({ status: 'elsewhere' });
	expect(
		await readValue(db.owner, 'select to_jsonb(r) from public.registrations as r where id = $1', [elsewhere])
	).toEqual(before);
	expect(await stateOf(id)).toBe('sent');
	await callAs(db.owner, who, `public.withdraw_registration($1, 'change')`, [elsewhere]);
	expect((await accept(who, token)).status).toBe('ok');
});

it('ends when it is used, revoked, replaced or too late', async () => {
	const address = 'h@example.org';
	const who = await invitee(address);
	const first = await invite(address);
	const again = makeLetter(address);
	const renew = (letter: string) =>
		readValue(db.owner, `select private.renew_invitation($1, now() + interval '60 days', $2)`, [first.id, letter]);
	expect(await renew(makeLetter('other@example.org').letter)).toBe('invalid');
	expect(await renew(again.letter)).toBe('ok');
	expect(await accept(who, first.token)).toEqual({ status: 'not_found' });
	expect(await callAs(db.owner, who, 'public.read_invitation($1)', [first.token])).toBeNull();
	expect(await renew(makeLetter(address).letter)).toBe('ok');
	// Three mails a day.
	expect(await renew(makeLetter(address).letter)).toBe('limited');
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where last_error = 'revoked' and secret is null and summit_id = $1`,
			[s.summit]
		)
	).toBe(2);

	const late = await invite('i@example.org');
	const [slow] = [await invitee('i@example.org')];
	await db.owner.query(`update private.invitations set expires_at = now() - interval '1 second' where id = $1`, [
		late.id
	]);
	expect(await accept(slow, late.token)).toEqual({ status: 'expired' });
	expect(await readValue(db.owner, 'select private.end_invitation($1)', [late.id])).toBe('ok');
	expect(await accept(slow, late.token)).toEqual({ status: 'revoked' });
	expect(await readValue(db.owner, 'select private.end_invitation($1)', [late.id])).toBe('wrong_state');
	expect(
		await readValue(
			db.owner,
			'select address_sealed is null and note_sealed is null from private.invitations where id = $1',
			[late.id]
		)
	).toBe(true);

	const used = await invite('j@example.org');
	const quick = await invitee('j@example.org');
	const { registration } = await accept(quick, used.token);
	await callAs(db.owner, quick, `public.withdraw_registration($1)`, [registration]);
	expect(await accept(quick, used.token)).toEqual({ status: 'used' });
	for (const forged of ['', 'zz', makeLetter('x@example.org').token]) {
		expect(await accept(quick, forged)).toEqual({ status: 'not_found' });
		expect(await callAs(db.owner, quick, 'public.read_invitation($1)', [forged])).toBeNull();
	}
});

it('is sent once, however often the button is pressed', async () => {
	const first = await invite('k@example.org');
	expect(first.status).toBe('ok');
	expect((await invite('k@example.org', 'virtual')).status).toBe('already');
	const clients = await Promise.all(Array.from({ length: 6 }, () => db.connect()));
	const answers = await Promise.all(
		clients.map((one) =>
			readValue<{ status: string }>(
				one,
				`select private.create_invitation($1, $2, null, 'delegate', 'in_person', now() + interval '1 day', $3)`,
				[s.summit, ministry, makeLetter('l@example.org').letter]
			)
		)
	);
	expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1);
	const who = await invitee('k@example.org');
	const accepted = await Promise.all(
		clients.map(async (one) =>
			callAs<{ status: string; registration: string }>(one, who, 'public.accept_invitation($1)', [first.token])
		)
	);
	expect(new Set(accepted.map(({ registration }) => registration)).size).toBe(1);
	expect(accepted.every(({ status }) => status === 'ok')).toBe(true);
});

it('leads into a pool, and keeps the seat there', async () => {
	const pool = await readValue<string>(
		db.owner,
		`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'press', 'Z press', 2) returning id`,
		[s.summit]
	);
	await db.owner.query(
		`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'press', 'A press', 0)`,
		[s.summit]
	);
	const { token } = await invite('m@example.org', 'in_person', pool);
	const who = await invitee('m@example.org');
	const { registration } = await accept(who, token);
	await callAs(db.owner, who, `private.save_registration($1, 2, '{"affiliation":"The Herald"}')`, [registration]);
	expect(await send(who, registration)).toMatchObject({ status: 'held' });
	const { rows } = await db.owner.query('select pool_id, category, state from public.registrations where id = $1', [
		registration
	]);
	expect(rows).toEqual([{ pool_id: pool, category: 'press', state: 'nominated' }]);
	expect(await faultsOf(db.owner, s.summit)).toEqual([]);
});

it('leaves no address, token or note in the wrong places', async () => {
	const { letter } = makeLetter('canary@example.org', { note_sealed: 'beef'.repeat(20) });
	const parts = JSON.parse(letter) as Record<string, string>;
	await db.owner.query(
		`select private.create_invitation($1, $2, null, 'delegate', 'in_person', now() + interval '1 day', $3)`,
		[s.summit, ministry, letter]
	);
	const audited = await readValue<string>(
		db.owner,
		`select string_agg(to_jsonb(e)::text, ' ') from audit.entries as e`
	);
	for (const part of ['address_hash', 'address_sealed', 'token_hash', 'secret', 'note_sealed', 'address_mask']) {
		expect(audited).not.toContain(parts[part]);
	}
	expect(await readValue(db.owner, `select string_agg(params::text, ' ') from private.outbox`)).not.toContain('canary');
});
