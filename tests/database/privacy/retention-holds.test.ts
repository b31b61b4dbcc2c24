/* Owners set periods, owners and safeguarding place legal holds: what is held is neither swept nor erased. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { changed, contents, inDays, sweepAt } from '../../fixtures/retention.ts';
import type { TestPerson, World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeRetainedWorld(db.owner);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
});
afterEach(async () => {
	await db.owner.query('delete from private.legal_holds');
	await db.owner.query('delete from private.retention_periods');
});

const count = (table: string) => readValue<number>(db.owner, `select count(*)::integer from ${table}`);
const hold = (
	who: TestPerson | null,
	kind: string | null,
	reference: string | null,
	reason = 'A court asked',
	until: Date | null = null
) =>
	callAs<string>(db.owner, who, `public.place_legal_hold($1, $2, $3, $4, $5)`, [
		world.summit,
		kind,
		reference,
		reason,
		until
	]);
const set = (
	who: TestPerson | null,
	kind: string,
	days: number | null,
	confirmed = false,
	summit: string | null = world.summit
) => callAs(db.owner, who, `public.set_retention_period($1, $2, $3, $4)`, [summit, kind, days, confirmed]);
const referenceOf = (registration: string) =>
	readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [registration]);
interface Settings {
	may_set: boolean;
	classes: {
		code: string;
		days: number;
		is_own: boolean;
		is_held: boolean;
		due: number;
		next: { days: number } | null;
	}[];
	holds: { id: string; class: string | null; person: { display_name: string } | null }[];
	reports: { class: string; rows: number }[];
}
const settings = (who: TestPerson | null, all = false) =>
	callAs<Settings | null>(db.owner, who, `public.retention_settings($1, $2)`, [world.summit, all]);
const inRollback = async (act: () => Promise<void>) => {
	await db.owner.query('begin');
	await act().finally(() => db.owner.query('rollback'));
};

test('only owners and safeguarding place a hold, with a reason and on one thing', async () => {
	const { owner, safeguarding, registration, delegate } = world.people;
	for (const who of [registration, delegate]) expect(await hold(who, 'mails', null)).toBe('not_allowed');
	const reference = await referenceOf(world.registrations.delegate);
	expect(await hold(owner, 'mails', reference)).toBe('invalid');
	expect(await hold(owner, null, null)).toBe('invalid');
	expect(await hold(owner, 'sign_in', null)).toBe('invalid');
	expect(await hold(owner, 'mails', null, ' ')).toBe('invalid');
	expect(await hold(owner, 'mails', null, 'A court asked', new Date(0))).toBe('invalid');
	expect(await hold(owner, null, 'NOBODY12')).toBe('unknown');
	expect(await hold(owner, 'mails', null)).toBe('ok');
	expect(await hold(safeguarding, null, reference.toLowerCase())).toBe('ok');
	const read = await settings(safeguarding);
	expect(read?.holds.map(({ class: kind, person }) => [kind, person?.display_name])).toEqual([
		[null, world.people.delegate.name],
		['mails', undefined]
	]);
	expect(await settings(registration)).toBeNull();
	const end = (who: TestPerson) => callAs<string>(db.owner, who, `public.end_legal_hold($1)`, [read?.holds[0]?.id]);
	expect(await end(registration)).toBe('not_found');
	expect([await end(safeguarding), await end(safeguarding)]).toEqual(['ok', 'not_found']);
	expect(
		await readValue(
			db.owner,
			`select array_agg(action || case when personal is null then '' else ', reason sealed' end order by id) from audit.entries
			where table_name = 'private.legal_holds' and person_id = $1`,
			[world.people.delegate.person]
		)
	).toEqual(['insert, reason sealed', 'update']);
});

test('a held class stays, and a registration with it; other classes go', async () => {
	expect(await hold(world.people.owner, 'needs', null)).toBe('ok');
	await inRollback(async () => {
		const held = `r.class in ('needs', 'registrations')`;
		const before = await contents(db.owner, held);
		await sweepAt(db.owner, inDays(720));
		expect(changed(before, await contents(db.owner, held))).toEqual([]);
		expect(
			await count(`audit.entries where table_name = 'public.registration_needs' and personal is not null`)
		).toBeGreaterThan(0);
		expect(await count('private.emergency_contacts')).toBe(0);
		await db.owner.query('update private.legal_holds set ended_at = now()');
		await sweepAt(db.owner, inDays(720));
		expect(await count('public.registration_needs')).toBe(0);
	});
});

test('a hold ends at its day', async () => {
	expect(await hold(world.people.owner, 'needs', null, 'Until then', new Date(Date.now() + 100 * 86_400_000))).toBe(
		'ok'
	);
	await inRollback(async () => {
		await sweepAt(db.owner, inDays(99));
		expect(await count('public.registration_needs')).toBeGreaterThan(0);
		await sweepAt(db.owner, inDays(101));
		expect(await count('public.registration_needs')).toBe(0);
	});
});

test('everything about a held person stays, and only that', async () => {
	const { delegate } = world.people;
	expect(await hold(world.people.owner, null, await referenceOf(world.registrations.delegate))).toBe('ok');
	await inRollback(async () => {
		await sweepAt(db.owner, inDays(4000));
		expect(await readValue(db.owner, `select display_name from public.people where id = $1`, [delegate.person])).toBe(
			delegate.name
		);
		for (const table of [
			'public.registration_needs',
			'private.chat_messages',
			'private.recording_people',
			'public.consents',
			'private.concern_subjects'
		])
			expect([table, await count(`${table} where person_id = '${delegate.person}'`)]).toEqual([table, 1]);
		expect(await count(`public.registration_needs where person_id <> '${delegate.person}'`)).toBe(0);
		expect(
			await count(`audit.entries where personal is not null and person_id is distinct from '${delegate.person}'`)
		).toBe(0);
		expect(await count(`audit.entries where personal is not null`)).toBeGreaterThan(0);
	});
});

test('organisers do not delete a recording on which there is a hold, or on somebody in it', async () => {
	const { owner, programme } = world.people;
	const recording = await readValue<string>(db.owner, 'select id from private.recordings');
	const remove = () => callAs<string>(db.owner, programme, 'public.delete_recording($1)', [recording]);
	expect(await hold(owner, 'recordings', null)).toBe('ok');
	expect(await remove()).toBe('held');
	await db.owner.query('delete from private.legal_holds');
	expect(await hold(owner, null, await referenceOf(world.registrations.delegate))).toBe('ok');
	expect(await remove()).toBe('held');
	expect(await count('private.recordings')).toBe(1);
});

test('the erasure of a held person waits, and says only that it waits', async () => {
	const { delegate } = world.people;
	const waits = async () => (await callAs<{ waits: boolean }>(db.owner, delegate, 'public.my_erasure()')).waits;
	expect(await callAs(db.owner, delegate, 'public.request_erasure()')).toBe('ok');
	expect(await hold(world.people.safeguarding, 'presence', null)).toBe('ok');
	expect(await waits()).toBe(false);
	await db.owner.query(`update private.erasure_requests set due_at = now() - interval '1 minute'`);
	expect(await waits()).toBe(true);
	expect(await readValue(db.app, `select private.erase_due_person()`)).toBe(false);
	// A hold on a class in which there is nothing about the person does not hold them.
	await db.owner.query(`update private.legal_holds set class = 'certificates'`);
	await db.owner.query(`delete from private.certificates where person_id = $1`, [delegate.person]);
	expect(await waits()).toBe(false);
	await db.owner.query(`update private.legal_holds set class = null, summit_id = null, person_id = $1`, [
		delegate.person
	]);
	expect(await waits()).toBe(true);
	expect(await readValue(db.app, `select private.erase_due_person()`)).toBe(false);
	await db.owner.query(`update private.erasure_requests set stopped_at = now()`);
});

test('a change that deletes something shows how many rows, and takes effect after seven days', async () => {
	const { owner, registration, safeguarding } = world.people;
	for (const who of [registration, safeguarding]) expect(await set(who, 'needs', 0)).toEqual({ status: 'not_allowed' });
	expect(await set(owner, 'needs', 366)).toEqual({ status: 'invalid' });
	expect(await set(owner, 'needs', -1)).toEqual({ status: 'invalid' });
	expect(await set(owner, 'sign_in', 1)).toEqual({ status: 'invalid' });
	expect(await set(owner, 'nothing', 30)).toEqual({ status: 'invalid' });
	expect(await set(owner, 'needs', 60, false, null)).toEqual({ status: 'not_allowed' });
	const rows =
		(await count('public.registration_needs')) +
		(await count('private.needs')) +
		(await count('private.speaker_needs'));
	expect(await set(owner, 'needs', 5)).toMatchObject({ status: 'confirm', rows });
	expect(await count('private.retention_periods')).toBe(0);
	expect(await set(owner, 'needs', 5, true)).toMatchObject({ status: 'ok', rows });
	const needs = async () => (await settings(owner))?.classes.find(({ code }) => code === 'needs');
	expect(await needs()).toMatchObject({ days: 30, is_own: false, next: { days: 5 } });
	await inRollback(async () => {
		await sweepAt(db.owner, `${inDays(7)} - interval '1 minute'`);
		expect(await count('public.registration_needs')).toBeGreaterThan(0);
		await sweepAt(db.owner, inDays(7));
		expect(await count('public.registration_needs')).toBe(0);
	});
	// A longer period takes effect at once, and takes back the shorter one.
	expect(await set(owner, 'needs', 90)).toMatchObject({ status: 'ok', rows: 0 });
	expect(await needs()).toMatchObject({ days: 90, is_own: true, next: null });
	expect(await set(owner, 'needs', null)).toMatchObject({ status: 'ok' });
	expect(await needs()).toMatchObject({ days: 30, is_own: false, next: null });
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from audit.entries where table_name = 'private.retention_periods' and action = 'insert'`
		)
	).toBe(3);
});

test('a period for all Summits applies where a Summit has none of its own', async () => {
	const { owner } = world.people;
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [owner.person]);
	const days = async (summit: string | null) =>
		(await callAs<{ code: string; days: number }[]>(db.owner, null, 'public.retention_periods($1)', [summit])).find(
			({ code }) => code === 'presence'
		)?.days;
	expect(await set(owner, 'presence', 500, false, null)).toMatchObject({ status: 'ok' });
	expect([await days(null), await days(world.summit)]).toEqual([500, 500]);
	expect(await set(owner, 'presence', 700)).toMatchObject({ status: 'ok' });
	expect([await days(null), await days(world.summit)]).toEqual([500, 700]);
	// A Summit that nobody may see yet is none to the public.
	await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
	expect(await days(world.summit)).toBe(500);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
	expect((await settings(owner, true))?.classes.find(({ code }) => code === 'presence')).toMatchObject({
		days: 500,
		is_own: true
	});
});
