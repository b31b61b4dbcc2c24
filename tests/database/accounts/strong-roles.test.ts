/* Strong roles count only in a session in which a passkey was used, for everything that the database answers to it. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { addPasskey, ageSession, askIn, openAuthSession, type SignedIn } from '../../fixtures/passkeys.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, organiserRoles, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await db.app.query('select private.set_passkeys_required(true)');
});

/** Which roles the person of a session has there, of all that the organisers know. */
async function rolesIn(who: SignedIn): Promise<string[]> {
	return askIn(
		db.owner,
		who,
		`select array(select r::text from unnest(enum_range(null::public.organiser_role)) as r
			where private.has_role($1, r) and $1 in (select private.summits_with_role(r)))`,
		[world.summit],
		'none'
	);
}

/** Their own roles as the pages read them: those that count, then those that wait for a passkey. */
async function listedRoles(who: SignedIn): Promise<[string[], string[]]> {
	const viewer = await askIn<Record<'roles' | 'unconfirmed_roles', { role: string }[]>>(
		db.owner,
		who,
		'select public.who_am_i()'
	);
	return [viewer.roles.map(({ role }) => role), viewer.unconfirmed_roles.map(({ role }) => role)];
}

const sinceLastAct = `select date_trunc('minute', now() - acted_at)::text from private.session_assurances where session_id = $1`;

const all = ['programme', 'registration', 'finance', 'stage', 'door', 'owner', 'community'];
const matrix: Record<(typeof organiserRoles)[number], { weak: string[]; idle: string[]; strong: string[] }> = {
	programme: { weak: ['programme'], idle: ['programme'], strong: ['programme'] },
	stage: { weak: ['stage'], idle: ['stage'], strong: ['stage'] },
	door: { weak: ['door'], idle: ['door'], strong: ['door'] },
	registration: { weak: [], idle: ['registration'], strong: ['registration'] },
	finance: { weak: [], idle: ['finance'], strong: ['finance'] },
	safeguarding: { weak: [], idle: [], strong: ['safeguarding'] },
	owner: { weak: [], idle: all, strong: all }
};

test.each(organiserRoles)(
	'%s: what counts without a passkey, with one, half an hour and twelve hours later',
	async (role) => {
		const who = await openAuthSession(db, world.people[role]);
		const { weak, idle, strong } = matrix[role];
		const held = (counts: boolean) => (counts ? [[role], []] : [[], [role]]);
		expect([await rolesIn(who), await listedRoles(who)]).toEqual([weak, held(weak.length > 0)]);
		await addPasskey(db.app, who);
		expect([await rolesIn(who), await listedRoles(who)]).toEqual([strong, held(true)]);
		await ageSession(db, who, { confirmed: '2 hours', acted: '29 minutes' });
		expect(await rolesIn(who)).toEqual(strong);
		await db.app.query('select private.record_act($1)', [who.session]);
		expect(await readValue(db.owner, sinceLastAct, [who.session])).toBe('00:00:00');
		await ageSession(db, who, { confirmed: '2 hours', acted: '30 minutes' });
		expect([await rolesIn(who), await listedRoles(who)]).toEqual([idle, held(idle.length > 0)]);
		// An act does not bring back what has lapsed.
		await db.app.query('select private.record_act($1)', [who.session]);
		expect(await rolesIn(who)).toEqual(idle);
		await ageSession(db, who, { confirmed: '12 hours', acted: '0 minutes' });
		expect(await rolesIn(who)).toEqual(weak);
		// Another session of the same account has nothing of it.
		await ageSession(db, who, { confirmed: '0 minutes' });
		expect(await rolesIn(await openAuthSession(db, who))).toEqual(weak);
	}
);

test('sessions, streams and rows open with the role, and not without it', async () => {
	const { summit, sessions, people } = world;
	const lead = await openAuthSession(db, await makePerson(db.owner, 'Lead'));
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		lead.person,
		summit
	]);
	const seen = async () => [
		await askIn<boolean>(db.owner, lead, 'select public.can_see($1)', [sessions.closed.id]),
		await readValue<string>(
			db.app,
			`select private.stage_pass($1, $2, 'plenary', 'stage', $3, false, $4) ->> 'status'`,
			[lead.person, summit, sessions.closed.code, lead.session]
		),
		await askIn<number>(db.owner, lead, 'select jsonb_array_length(public.list_roles($1))', [summit])
	];
	const before = await seen();
	await addPasskey(db.app, lead);
	const after = await seen();
	expect([before[0], before[2], after[0], Number(after[2]) > 0]).toEqual([false, 0, true, true]);
	// What others may do does not depend on the sessions of this one: a lead is asked, whether or not they are here.
	const leads = await askIn<string[]>(
		db.owner,
		await openAuthSession(db, people.owner),
		'select array(select private.safeguarding_leads_for($1)::text)',
		[summit],
		'none'
	);
	expect(leads).toContain(lead.person);
});

test('a deputy for safeguarding reads no concern without a passkey', async () => {
	const who = await openAuthSession(db, await makePerson(db.owner, 'Deputy'));
	await db.owner.query(
		`with proposed as (
			insert into private.role_proposals (summit_id, via_summit_id, role, is_deputy, person_id, state, decided_at)
			values ($1, $1, 'safeguarding', true, $2, 'confirmed', now()) returning id
		)
		insert into private.concern_deputies (summit_id, person_id, proposal_id) select $1, $2, id from proposed`,
		[world.summit, who.person]
	);
	expect(await listedRoles(who)).toEqual([[], ['deputy']]);
	await addPasskey(db.app, who);
	expect(await listedRoles(who)).toEqual([[], []]);
});

test('a role ends on its day for everything that asks for it', async () => {
	const who = await openAuthSession(db, await makePerson(db.owner, 'Until'));
	await db.owner.query(
		`insert into public.role_grants (person_id, role, summit_id, until) values ($1, 'stage', $2, now() + interval '1 hour')`,
		[who.person, world.summit]
	);
	expect(await rolesIn(who)).toEqual(['stage']);
	await db.owner.query(`update public.role_grants set until = now() where person_id = $1`, [who.person]);
	expect([await rolesIn(who), await listedRoles(who)]).toEqual([[], [[], []]]);
	const holders = await readValue<string[]>(db.owner, `select array(select private.role_holders('stage', $1)::text)`, [
		world.summit
	]);
	expect(holders).not.toContain(who.person);
});
