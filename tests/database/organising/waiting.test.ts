/* What waits for organisers: each count is that of the list it leads to, and a role reads its own alone. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { seedSample } from '../../../src/local/sample/seed.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: string;
const staff: Record<string, TestPerson> = {};

beforeAll(async () => {
	await seedSample(db.owner, { now: new Date(), sealingKey: `test:${randomBytes(32).toString('base64')}` });
	summit = await readValue<string>(db.owner, `select id from public.summits where slug = 'montevideo'`);
	for (const role of ['registration', 'programme', 'finance', 'safeguarding', 'owner', 'stage']) {
		staff[role] = await makePerson(db.owner, `Staff ${role}`);
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, $2::public.organiser_role, $3)`,
			[staff[role].person, role, summit]
		);
	}
});

type Waiting = Record<string, { count: number; since: string }>;
const of = (role: string) => staff[role] as TestPerson;
const waiting = (role: string, where = summit) =>
	callAs<Waiting>(db.owner, of(role), 'public.list_waiting($1)', [where]);
const counts = async (role: string) =>
	Object.fromEntries(Object.entries(await waiting(role)).map(([key, { count }]) => [key, count]));
const ask = <Answer>(role: string, call: string, values: unknown[] = [summit]) =>
	callAs<Answer>(db.owner, of(role), call, values);

test('each count is that of its list', async () => {
	const list = await ask<{ counts: Record<string, number>; facets: { tab: Record<string, number> } }>(
		'registration',
		'public.list_registrations($1)'
	);
	const requests = await ask<unknown[]>('registration', 'public.list_member_requests($1)');
	expect(await counts('registration')).toEqual(
		expect.objectContaining({
			registrations: list.counts['to_decide'],
			...(list.facets.tab['second'] && { second: list.facets.tab['second'] }),
			...(list.facets.tab['re_review'] && { re_reviews: list.facets.tab['re_review'] }),
			...(requests.length > 0 && { member_requests: requests.length })
		})
	);
	expect(list.counts['to_decide']).toBeGreaterThan(0);

	const bank = await ask<{ total: number }>('finance', 'public.list_bank_rows($1)');
	const waivers = await ask<{ total: number }>('finance', 'public.list_waivers($1)');
	expect(await counts('finance')).toEqual({
		...(bank.total > 0 && { bank_rows: bank.total }),
		...(waivers.total > 0 && { waivers: waivers.total })
	});

	const texts = await ask<unknown[]>('programme', 'public.list_text_suggestions($1)');
	const speakers = await ask<unknown[]>('programme', 'public.list_co_speaker_suggestions($1)');
	const programme = await counts('programme');
	expect(programme['suggestions'] ?? 0).toBe(texts.length + speakers.length);

	const checks = await ask<{ findings: { severity: string }[] }>('programme', 'public.read_checks($1)');
	expect(programme['checks'] ?? 0).toBe(checks.findings.filter(({ severity }) => severity === 'block').length);
	const selection = await ask<{ rows: { is_stale: boolean; decision: string | null; state: string }[] }>(
		'programme',
		'public.read_selection($1)'
	);
	const open = selection.rows.filter(({ decision, state }) => decision === null && state === 'submitted');
	expect(programme['proposals'] ?? 0).toBe(open.length);
	expect(programme['stale_proposals'] ?? 0).toBe(selection.rows.filter(({ is_stale }) => is_stale).length);

	const events = await ask<{ state: string }[]>('programme', 'public.list_side_events($1)');
	expect(programme['side_events']).toBe(events.filter(({ state }) => state === 'requested').length);

	const today = await ask<{ doors: { silent: number }[] }>('registration', 'public.read_on_the_day($1)');
	const silent = today.doors.reduce((sum, door) => sum + door.silent, 0);
	expect((await counts('registration'))['devices'] ?? 0).toBe(silent);

	const concerns = await ask<{ concerns: { closed_at: string | null }[] }>('safeguarding', 'public.list_concerns($1)');
	const safeguarding = await counts('safeguarding');
	expect(safeguarding['concerns'] ?? 0).toBe(concerns.concerns.filter(({ closed_at }) => closed_at === null).length);
});

test('commitments wait for who runs the community, and the checked ones for the stage', async () => {
	const secretariat = await makePerson(db.owner, 'Secretariat');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'community')`, [
		secretariat.person
	]);
	interface Work {
		commitments: { state: string; summit_id: string }[];
	}
	const work = async (who: TestPerson) => {
		const { commitments } = await callAs<Work>(db.owner, who, 'public.list_commitment_work()');
		const ofState = (state: string) =>
			commitments.filter((one) => one.state === state && one.summit_id === summit).length;
		return { commitments_to_check: ofState('agreed'), commitments_to_announce: ofState('checked') };
	};
	const waits = async (who: TestPerson) => {
		const found = await callAs<Waiting>(db.owner, who, 'public.list_waiting($1)', [summit]);
		return Object.fromEntries(Object.entries(found).map(([key, { count }]) => [key, count]));
	};
	const all = await work(secretariat);
	expect(Math.min(all.commitments_to_check, all.commitments_to_announce)).toBeGreaterThan(0);
	expect(await waits(secretariat)).toEqual(all);
	expect(await waits(of('stage'))).toEqual({ commitments_to_announce: all.commitments_to_announce });
	expect(await work(of('stage'))).toEqual({ ...all, commitments_to_check: 0 });
});

test('a role reads what it decides, an owner all but safeguarding’s, and nobody another Summit’s', async () => {
	const keys = async (role: string) => Object.keys(await waiting(role)).sort();
	const known = {
		registration: ['conflicts', 'devices', 'member_requests', 'needs', 're_reviews', 'registrations', 'second'],
		programme: ['checks', 'proposals', 'side_events', 'stale_proposals', 'suggestions'],
		finance: ['bank_rows', 'waivers'],
		safeguarding: ['concerns', 'conflicts', 'devices', 'matches']
	};
	for (const [role, may] of Object.entries(known))
		expect([role, (await keys(role)).filter((key) => !may.includes(key))]).toEqual([role, []]);
	expect(await keys('stage')).toEqual(['commitments_to_announce']);
	const owners = new Set([...known.registration, ...known.programme, ...known.finance, 'commitments_to_announce']);
	expect((await keys('owner')).filter((key) => !owners.has(key))).toEqual([]);
	const other = await makeWorld(db.owner);
	for (const role of Object.keys(staff)) expect([role, await waiting(role, other.summit)]).toEqual([role, {}]);
	expect(await callAs(db.owner, await makePerson(db.owner, 'Nobody'), 'public.list_waiting($1)', [summit])).toEqual({});
});

test('since is when the oldest began to wait, and what is done no longer counts', async () => {
	const before = await waiting('registration');
	expect(Date.parse(before['registrations']?.since ?? '')).toBeLessThan(Date.now());
	const [first] = (
		await db.owner.query<{ id: string }>(
			`select id from public.registrations where summit_id = $1 and state in ('submitted', 'nominated')
				and not exists (select from private.information_requests as q where q.registration_id = registrations.id)
				and not exists (select from private.decision_proposals as d where d.registration_id = registrations.id)
			order by state_since limit 1`,
			[summit]
		)
	).rows;
	await ask('registration', `public.decide_registrations($1, 'decline', 'No seat')`, [[first?.id]]);
	expect((await waiting('registration'))['registrations']?.count).toBe((before['registrations']?.count ?? 0) - 1);
});

test('a device counts from two minutes of silence until it is heard, shut out or over', async () => {
	const device = await readValue<string>(
		db.owner,
		`select id from private.door_devices where summit_id = $1 and device_revoked_at is null limit 1`,
		[summit]
	);
	const before = (await counts('registration'))['devices'] ?? 0;
	const seen = (ago: string) =>
		db.owner.query(
			`insert into private.door_device_states (device_id, last_seen_at) values ($1, now() - $2::interval)
			on conflict (device_id) do update set last_seen_at = excluded.last_seen_at`,
			[device, ago]
		);
	await db.owner.query(`update private.door_devices set expires_at = now() + interval '1 hour' where id = $1`, [
		device
	]);
	const devices = async () => {
		const now = (await counts('registration'))['devices'] ?? 0;
		const today = await ask<{ doors: { silent: number }[] }>('registration', 'public.read_on_the_day($1)');
		expect(now).toBe(today.doors.reduce((sum, door) => sum + door.silent, 0));
		return now;
	};
	await seen('1 minute');
	const heard = await devices();
	expect(heard).toBeLessThanOrEqual(before);
	await seen('3 minutes');
	expect(await devices()).toBe(heard + 1);
	expect((await waiting('safeguarding'))['devices']?.count).toBe(heard + 1);
	await db.owner.query(`update private.door_devices set device_revoked_at = now() where id = $1`, [device]);
	expect(await devices()).toBe(heard);
});

test('a check that blocks counts, without an age, and its list has it', async () => {
	const before = (await counts('programme'))['checks'] ?? 0;
	await db.owner.query(
		`insert into public.check_settings (summit_id, code, severity)
		select $1, code, 'block' from private.findings($1) group by code on conflict (summit_id, code) do update set severity = 'block'`,
		[summit]
	);
	const checks = await ask<{ findings: { severity: string }[]; hidden: number }>('programme', 'public.read_checks($1)');
	const blocking = checks.findings.filter(({ severity }) => severity === 'block').length;
	expect(blocking).toBeGreaterThan(before);
	expect((await waiting('programme'))['checks']).toEqual({ count: blocking, since: null });
	await db.owner.query('delete from public.check_settings where summit_id = $1', [summit]);
});

test('a proposal is stale after two weeks until somebody reviews or decides it, where there are reviewers', async () => {
	const stale = async () => {
		const list = await ask<{ rows: { id: string; is_stale: boolean }[] }>('programme', 'public.read_selection($1)');
		const ids = list.rows.filter((row) => row.is_stale).map(({ id }) => id);
		expect((await counts('programme'))['stale_proposals'] ?? 0).toBe(ids.length);
		return ids;
	};
	const person = of('stage').person;
	const proposal = await readValue<string>(
		db.owner,
		`select p.id from private.proposals as p
		where p.summit_id = $1 and p.state = 'submitted'
			and not exists (select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
		limit 1`,
		[summit]
	);
	await db.owner.query('delete from private.reviews where proposal_id = $1', [proposal]);
	await db.owner.query(`update private.proposals set submitted_at = now() - interval '13 days' where id = $1`, [
		proposal
	]);
	expect(await stale()).not.toContain(proposal);
	await db.owner.query(`update private.proposals set submitted_at = now() - interval '15 days' where id = $1`, [
		proposal
	]);
	expect(await stale()).toContain(proposal);
	await db.owner.query(`insert into private.reviews (proposal_id, reviewer_id, sent_at) values ($1, $2, null)`, [
		proposal,
		person
	]);
	expect(await stale()).toContain(proposal);
	await db.owner.query(`update private.reviews set sent_at = now() where proposal_id = $1`, [proposal]);
	expect(await stale()).not.toContain(proposal);
	await db.owner.query('delete from private.reviews where proposal_id = $1', [proposal]);
	await db.owner.query('begin');
	await db.owner.query('update private.reviewers set ended_at = now() where summit_id = $1', [summit]);
	expect(
		await readValue(db.owner, 'select private.is_proposal_stale(p) from private.proposals as p where id = $1', [
			proposal
		])
	).toBe(false);
	await db.owner.query('rollback');
});
