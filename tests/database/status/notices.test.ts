/* Notices about the site: who writes them, what everybody reads, and that nothing of a draft is told. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { SiteStatus } from '#lib/database/answers/status.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let owner: TestPerson;
beforeAll(async () => {
	world = await makeWorld(db.owner);
	owner = await makePerson(db.owner, 'Owner of all');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [owner.person]);
});
beforeEach(() => db.owner.query('delete from private.status_notices'));

const written = {
	texts: { en: { title: 'Payments do not work', body: 'We look for the cause.' }, fr: { title: 'Paiements en panne' } },
	original: 'en',
	severity: 'major',
	parts: ['payments'],
	banner: true,
	starts_at: null,
	ends_at: null
};
type Answer = { status: string; id?: string; fault?: string };
const post = (who: TestPerson | null, summit: string | null, more: object = {}, once: string = crypto.randomUUID()) =>
	callAs<Answer>(db.owner, who, 'public.post_status_notice($1, $2, $3)', [summit, once, { ...written, ...more }]);
const update = (who: TestPerson, id: string, stage: string, texts: object = {}, once: string = crypto.randomUUID()) =>
	callAs<string>(db.owner, who, 'public.update_status_notice($1, $2, $3, $4)', [id, once, stage, texts]);
const change = (who: TestPerson, id: string, banner: boolean | null, withdrawn = false) =>
	callAs<string>(db.owner, who, 'public.change_status_notice($1, $2, $3)', [id, banner, withdrawn]);
const read = async () =>
	(await db.app.query<{ read_status: SiteStatus }>('select * from private.read_status()')).rows[0]
		?.read_status as SiteStatus;

test('organisers write about their Summit, and owners of the installation about the whole site', async () => {
	const { registration, stage, programme, finance, delegate } = world.people;
	for (const who of [registration, stage, programme]) expect((await post(who, world.summit)).status).toBe('ok');
	for (const who of [finance, delegate]) expect((await post(who, world.summit)).status).toBe('not_allowed');
	for (const who of [registration, delegate]) expect((await post(who, null)).status).toBe('not_allowed');
	expect((await post(owner, null)).status).toBe('ok');
	await expect(post(null, world.summit)).rejects.toThrow('permission denied');
	const { notices } = await read();
	expect(notices).toHaveLength(4);
	expect(notices.filter(({ summit_id }) => summit_id === null)).toHaveLength(1);
});

test('a form that is sent twice makes one notice, and a malformed one none', async () => {
	const once = crypto.randomUUID();
	expect((await post(owner, null, {}, once)).status).toBe('ok');
	expect((await post(owner, null, {}, once)).status).toBe('already');
	const malformed: [object, string][] = [
		[{ texts: {}, original: 'en' }, 'original'],
		[{ texts: { en: { title: '' } } }, 'texts'],
		[{ texts: { xx: { title: 'x' } }, original: 'xx' }, 'texts'],
		[{ texts: { en: { title: 'a\nb' } } }, 'texts'],
		[{ texts: { en: { title: 'x', body: 'y'.repeat(1001) } } }, 'texts'],
		[{ severity: 'huge' }, 'severity'],
		[{ parts: ['database'] }, 'parts'],
		[{ parts: 'mail' }, 'parts'],
		[{ starts_at: 'soon' }, 'starts_at'],
		[{ ends_at: '2020-01-01T00:00:00Z' }, 'ends_at']
	];
	for (const [more, fault] of malformed)
		expect(await post(owner, null, more), JSON.stringify(more)).toEqual({ status: 'invalid', fault });
	expect((await read()).notices).toHaveLength(1);
});

test('an update says what became of it, and resolving it ends it once', async () => {
	const { id = '' } = await post(owner, null);
	expect(await update(world.people.registration, id, 'identified')).toBe('not_allowed');
	const once = crypto.randomUUID();
	expect(await update(owner, id, 'identified', { en: 'A key has expired.' }, once)).toBe('ok');
	expect(await update(owner, id, 'identified', {}, once)).toBe('already');
	expect(await update(owner, id, 'mended')).toBe('invalid');
	expect(await update(owner, id, 'watching', { en: 1 })).toBe('invalid');
	const [one, other] = [await db.connect(), await db.connect()];
	const ends = await Promise.all(
		[one, other].map((client) =>
			callAs<string>(client, owner, 'public.update_status_notice($1, $2, $3, $4)', [
				id,
				crypto.randomUUID(),
				'resolved',
				{}
			])
		)
	);
	expect(ends.sort()).toEqual(['ended', 'ok']);
	expect(await update(owner, id, 'watching')).toBe('ended');
	const { notices } = await read();
	expect(notices[0]?.resolved_at).not.toBeNull();
	expect(notices[0]?.updates.map(({ stage }) => stage)).toContain('identified');
});

test('a banner is taken away, and a notice that was a mistake is read nowhere', async () => {
	const { id = '' } = await post(world.people.stage, world.summit);
	expect(await change(world.people.delegate, id, false)).toBe('not_allowed');
	expect(await change(world.people.registration, id, false)).toBe('ok');
	expect((await read()).notices[0]?.is_banner).toBe(false);
	expect(await change(world.people.registration, id, null, true)).toBe('ok');
	expect((await read()).notices).toEqual([]);
	expect(await update(world.people.registration, id, 'resolved')).toBe('not_allowed');
});

test('nothing of a Summit that is a draft is told to anybody else', async () => {
	await post(world.people.stage, world.summit);
	expect((await read()).notices).toHaveLength(1);
	await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
	expect((await read()).notices).toEqual([]);
	await db.owner.query(`update public.summits set state = 'open' where id = $1`, [world.summit]);
});

test('a notice that ended is read for two weeks', async () => {
	const { id = '' } = await post(owner, null);
	const age = (days: number) =>
		db.owner.query(
			`update private.status_notices set resolved_at = now() - $2::integer * interval '1 day' where id = $1`,
			[id, days]
		);
	await age(13);
	expect((await read()).notices).toHaveLength(1);
	await age(15);
	expect((await read()).notices).toEqual([]);
});

test('what everybody reads names nobody', async () => {
	await post(world.people.stage, world.summit);
	const text = JSON.stringify(await read());
	for (const { name, person, account } of Object.values(world.people))
		for (const value of [name, person, account]) expect(text).not.toContain(value);
});

/** What is sent while `act` runs. */
async function listening(act: () => Promise<void>): Promise<unknown[]> {
	const listener = await db.connect();
	const heard: unknown[] = [];
	listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
	await listener.query('listen live_events');
	await act();
	// Notifications arrive before the answer to a later query.
	await listener.query('select 1');
	return heard;
}

test('pages and caches learn of a notice: those of its Summit, or of all that are open', async () => {
	const heard = await listening(async () => void (await post(world.people.stage, world.summit)));
	expect(heard).toContainEqual({ topic: `summit:${world.summit}`, kind: 'status', id: null });
	expect(heard).toContainEqual({ topic: 'site', kind: 'status', id: world.summit });
	const everywhere = await listening(async () => void (await post(owner, null)));
	expect(everywhere).toContainEqual({ topic: `summit:${world.summit}`, kind: 'status', id: null });
	expect(everywhere).toContainEqual({ topic: 'site', kind: 'status', id: null });
});

test('organisers see their notices and those of the site, and whether they may change them', async () => {
	await post(world.people.stage, world.summit);
	await post(owner, null);
	const list = (who: TestPerson) =>
		callAs<{ may_write_site: boolean; notices: { may_change: boolean }[] } | null>(
			db.owner,
			who,
			'public.list_status_notices($1)',
			[world.summit]
		);
	expect(await list(world.people.delegate)).toBeNull();
	const own = await list(world.people.registration);
	expect(own?.may_write_site).toBe(false);
	expect(own?.notices.map(({ may_change }) => may_change).sort()).toEqual([false, true]);
	expect((await list(owner))?.notices.map(({ may_change }) => may_change)).toEqual([true, true]);
});
