/* Two records of one person that are both in a group, when the records are merged. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup, readGroup } from '../../fixtures/grouping.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let chief: TestPerson;
let keep: TestPerson;
let drop: TestPerson;
let code: string;

beforeEach(async () => {
	chief = await makeCommunityOrganiser(db.owner);
	keep = await makePerson(db.owner, 'Kept Record');
	drop = await makePerson(db.owner, 'Dropped Record');
	code = await createGroup(db.owner, chief, 'closed');
	await db.owner.query(
		`update private.group_people set part = 'member' where group_id = (select id from private.groups where code = $1)`,
		[code]
	);
});

const put = (who: TestPerson, part: string, days: number | null = null) =>
	putInGroup(db.owner, who, code, part, { days });

/** Merges the records; answers the entry of the person that is left. */
async function merge() {
	await db.owner.query(`select private.merge_people($1, $2, 'Same person')`, [keep.person, drop.person]);
	return readValue<object>(
		db.owner,
		`select jsonb_build_object('part', part, 'days', until - current_date, 'alternate_of', alternate_of)
		from private.live_group_people as x where x.person_id = $1`,
		[keep.person]
	);
}

test('the only chair stays the chair', async () => {
	await put(keep, 'member', 5);
	await put(drop, 'chair', 9);
	expect(await merge()).toEqual({ part: 'chair', days: 9, alternate_of: null });
	expect(await readGroup(db.owner, keep, code)).toMatchObject({ leads: true });
});

test('a term without end is the later one, and the kept part stays when it is the stronger', async () => {
	await put(keep, 'secretary', null);
	await put(drop, 'alternate', 9);
	expect(await merge()).toEqual({ part: 'secretary', days: null, alternate_of: null });
});

test('an entry whose term is over replaces none', async () => {
	await put(keep, 'chair', -1);
	await put(drop, 'member', 9);
	expect(await merge()).toEqual({ part: 'member', days: 9, alternate_of: null });
});

test('actions and alternates of the dropped entry follow', async () => {
	const kept = await put(keep, 'alternate');
	const dropped = await put(drop, 'member');
	const other = await put(await makePerson(db.owner, 'Other Alternate'), 'alternate');
	await db.owner.query('update private.group_people set alternate_of = $1 where id = any ($2)', [
		dropped,
		[kept, other]
	]);
	await db.owner.query(
		`insert into private.group_actions (group_id, task, owner_id, level)
		select group_id, '{"original": "en", "en": "Write the minutes"}', id, 'closed' from private.group_people where id = $1`,
		[dropped]
	);
	expect(await merge()).toEqual({ part: 'member', days: null, alternate_of: null });
	expect(await readValue(db.owner, 'select alternate_of from private.group_people where id = $1', [other])).toBe(kept);
	expect(await callAs<object[]>(db.owner, keep, 'public.my_group_actions()')).toHaveLength(1);
});

test('items, answers and attendance of meetings follow', async () => {
	const kept = await put(keep, 'alternate');
	const dropped = await put(drop, 'alternate');
	const other = await makePerson(db.owner, 'Represented Member');
	await put(other, 'member');
	const meeting = await readValue<string>(
		db.owner,
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select group_id, '{"original": "en", "en": "Meeting"}', 'UTC', now() - interval '2 days', now() - interval '1 day', 'closed'
		from private.group_people where id = $1 returning id`,
		[kept]
	);
	await db.owner.query(
		`insert into private.meeting_items (meeting_id, rank, title, presenter_id) values ($1, 1, '{"original": "en", "en": "Item"}', $2)`,
		[meeting, dropped]
	);
	await db.owner.query(
		`insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at, attended)
		values ($1, $2, 'no', null, now() - interval '9 days', null), ($1, $3, 'yes', null, now() - interval '8 days', true),
			($1, $4, 'alternate', $5, now(), false)`,
		[meeting, keep.person, drop.person, other.person, dropped]
	);
	await merge();
	const one = (sql: string, person?: TestPerson) =>
		readValue<unknown>(db.owner, sql, person ? [meeting, person.person] : [meeting]);
	expect(await one('select presenter_id from private.meeting_items where meeting_id = $1')).toBe(kept);
	const own = `select jsonb_build_array(answer, attended, alternate_id) from private.meeting_people where meeting_id = $1 and person_id = $2`;
	expect(await one(own, keep)).toEqual(['yes', true, null]);
	expect(await one(own, other)).toEqual(['alternate', false, kept]);
});
