/* Meetings in the calendar link and the own agenda of the people of a group. */
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let secretary: TestPerson;

interface Shown {
	uid: string;
	sequence: number;
	changed_at: string;
	title: object | null;
	name: object | null;
	place: string | null;
	is_cancelled: boolean;
}

beforeEach(async () => {
	world = await makeWorld(db.owner);
	secretary = await makeCommunityOrganiser(db.owner);
});

/** Makes a calendar link, and answers how to read what it says of meetings. */
async function linkOf({ person }: TestPerson): Promise<() => Promise<Shown[]>> {
	const hash = createHash('sha256').update(randomUUID()).digest();
	await db.owner.query(
		`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', $1, $2, $3)`,
		[hash, person, world.summit]
	);
	return () => readValue<Shown[]>(db.owner, `select private.read_personal_feed($1) -> 'meetings'`, [hash]);
}

// In an hour, which is before the Summit ends.
async function plan(group: string, level: string): Promise<string> {
	const at = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16);
	const made = await callAs<{ status: string; code: string }>(db.owner, secretary, 'public.plan_meeting($1, $2)', [
		group,
		{
			title: { original: 'en', en: 'Canary meeting' },
			local: at,
			zone: 'UTC',
			minutes: 90,
			place: 'Room 4',
			link: 'https://meet.example/x',
			level
		}
	]);
	expect(made.status).toBe('ok');
	return made.code;
}
const own = (who: TestPerson) =>
	callAs<{ code: string; is_cancelled: boolean }[]>(db.owner, who, 'public.list_my_meetings($1)', [world.summit]);

test('the people of the group have a meeting in both, others in neither; who leaves loses it at once', async () => {
	const group = await createGroup(db.owner, secretary, 'members');
	const { delegate, virtual } = world.people;
	const [theirs, others] = [await linkOf(delegate), await linkOf(virtual)];
	const entry = await putInGroup(db.owner, delegate, group, 'alternate', { days: 0 });
	const code = await plan(group, 'members');
	expect((await theirs()).map(({ title, place }) => ({ title, place }))).toEqual([
		{ title: { original: 'en', en: 'Canary meeting' }, place: 'Room 4' }
	]);
	expect((await own(delegate)).map((one) => one.code)).toEqual([code]);
	expect([await others(), await own(virtual), await own(world.people.owner)]).toEqual([[], [], []]);
	await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
	expect([await theirs(), await own(delegate)]).toEqual([[], []]);
});

test('a closed meeting is there without its words, also in a group that becomes closed', async () => {
	const closed = await createGroup(db.owner, secretary, 'closed');
	const open = await createGroup(db.owner, secretary, 'public');
	const { delegate } = world.people;
	const feed = await linkOf(delegate);
	for (const group of [closed, open]) await putInGroup(db.owner, delegate, group, 'member');
	await plan(closed, 'closed');
	await plan(open, 'public');
	const named = async () => (await feed()).map(({ title, name, place }) => [title, name, place].some(Boolean)).sort();
	expect(await named()).toEqual([false, true]);
	await db.owner.query(`update private.groups set level = 'closed' where code = $1`, [open]);
	expect(await named()).toEqual([false, false]);
	expect(JSON.stringify(await feed())).not.toMatch(/Canary|Room 4|A closed group|meet\.example/);
});

test('a cancelled meeting stays as cancelled with a higher sequence; one that is declined is gone', async () => {
	const group = await createGroup(db.owner, secretary, 'public');
	const { delegate } = world.people;
	const feed = await linkOf(delegate);
	await putInGroup(db.owner, delegate, group, 'member');
	const code = await plan(group, 'public');
	const [before] = await feed();
	expect(before?.is_cancelled).toBe(false);
	await db.owner.query(
		`insert into private.meeting_people (meeting_id, person_id, answer, answered_at)
		select id, $2, 'no', now() from private.meetings where code = $1`,
		[code, delegate.person]
	);
	expect([await feed(), await own(delegate)]).toEqual([[], []]);
	// What was declined does not come back when it is cancelled; what is there turns into a cancelled one.
	await db.owner.query(`update private.groups set ended_at = now() where code = $1`, [group]);
	expect([await feed(), await own(delegate)]).toEqual([[], []]);
	await db.owner.query(`update private.meeting_people set answer = 'yes' where person_id = $1`, [delegate.person]);
	const [after] = await feed();
	expect([after?.uid, after?.is_cancelled, (after?.sequence ?? 0) > (before?.sequence ?? 0)]).toEqual([
		before?.uid,
		true,
		true
	]);
	expect((await own(delegate)).map(({ is_cancelled }) => is_cancelled)).toEqual([true]);
});

test('a new name or level of the group is a change of its meetings, also of one that was held', async () => {
	const group = await createGroup(db.owner, secretary, 'public');
	const feed = await linkOf(secretary);
	const codes = [await plan(group, 'public'), await plan(group, 'public')];
	await db.owner.query(
		`update private.meetings set state = 'held', starts_at = now() - interval '2 days', ends_at = now() - interval '1 day'
		where code = $1`,
		[codes[0]]
	);
	const changes = async (change: string) => {
		await db.owner.query(`update private.meetings set updated_at = now() - interval '1 minute'`);
		const before = await feed();
		await db.owner.query(`update private.groups set ${change} where code = $1`, [group]);
		return (await feed()).map(({ uid, sequence, changed_at }) => {
			const old = before.find((one) => one.uid === uid);
			return sequence - (old?.sequence ?? 0) === 1 && changed_at > (old?.changed_at ?? '');
		});
	};
	expect(await changes(`name = '{"original": "en", "en": "Renamed"}'`)).toEqual([true, true]);
	expect(await changes(`level = 'closed'`)).toEqual([true, true]);
	expect(await changes(`level = 'members'`)).toEqual([true, true]);
	expect(await changes(`takes_requests = false`)).toEqual([false, false]);
});

test('of several links the newest that is open has the meetings', async () => {
	const group = await createGroup(db.owner, secretary, 'public');
	await plan(group, 'public');
	const counts = async () => [(await older()).length, (await newer()).length];
	const older = await linkOf(secretary);
	expect(await older()).toHaveLength(1);
	const newer = await linkOf(secretary);
	expect(await counts()).toEqual([0, 1]);
	await db.owner.query(
		`update private.personal_links set expires_at = now() - interval '1 day'
		where id = (select id from private.personal_links where person_id = $1 order by created_at desc limit 1)`,
		[secretary.person]
	);
	expect(await older()).toHaveLength(1);
});
