/* A rehearsal, and a draft, count for nobody outside of them. */
import { beforeAll, expect, test } from 'vitest';
import type { ComparedEdition } from '../../../src/lib/database/answers/impact.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let held: World;
let rehearsal: World;
let chief: TestPerson;
const rehearsedSlug = 'rehearsal-0a1b2c3d';

/** Moves a Summit by days, and makes it closed. */
const close = (summit: string, days: number) =>
	db.owner.query(
		`update public.summits set starts_on = starts_on + $2::integer, ends_on = ends_on + $2::integer, state = 'closed' where id = $1`,
		[summit, days]
	);

// A Summit, and a rehearsal after it with a member of its own and one of the Summit.
beforeAll(async () => {
	[held, rehearsal] = [await makeWorld(db.owner), await makeWorld(db.owner)];
	chief = await makePerson(db.owner, 'Chief');
	await db.owner.query(
		`insert into public.role_grants (person_id, role) values ($1, 'owner'), ($1, 'registration'), ($1, 'community')`,
		[chief.person]
	);
	await close(held.summit, -60);
	await close(rehearsal.summit, -30);
	await db.owner.query('update public.summits set slug = $1, is_rehearsal = true where id = $2', [
		rehearsedSlug,
		rehearsal.summit
	]);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector, standing) values ($1, $2, 'civil_society', 'suspended')`,
		[rehearsal.summit, held.member]
	);
});

const hasRehearsal = (answer: unknown) => JSON.stringify(answer).includes(rehearsedSlug);

test('a rehearsal is no edition', async () => {
	const next = await makeWorld(db.owner);
	expect(await readValue(db.owner, 'select private.edition_before($1)', [next.summit])).toBe(held.summit);
	const compared = await callAs<ComparedEdition[]>(db.owner, chief, 'public.compare_editions($1)', [next.summit]);
	expect(compared.map(({ slug }) => slug)).toEqual([next.slug, held.slug]);
	await db.owner.query(
		`insert into private.impact_releases (summit_id, number, texts, targets, content) select s, 1, '{}', '{}', '{}' from unnest($1::uuid[]) as s`,
		[[held.summit, rehearsal.summit]]
	);
	const reports = await callAs<{ slug: string }[]>(db.owner, null, 'public.list_impact_reports()');
	expect(reports.map(({ slug }) => slug)).toEqual([held.slug]);
});

test('a rehearsal says nothing of members, nor of the status, and campaigns do not reach it', async () => {
	expect(await readValue(db.owner, 'select private.is_of_a_member($1)', [held.people.focal.person])).toBe(true);
	expect(await readValue(db.owner, 'select private.is_of_a_member($1)', [rehearsal.people.focal.person])).toBe(false);
	const members = await db.owner.query<{ id: string }>(`select private.campaign_members('{}') as id`);
	expect(members.rows.map(({ id }) => id)).toContain(held.member);
	expect(members.rows.map(({ id }) => id)).not.toContain(rehearsal.otherMember);
	expect(hasRehearsal(await callAs(db.owner, chief, 'public.list_campaign_choices()'))).toBe(false);
	await db.owner.query(
		`insert into private.status_notices (summit_id, texts, original, severity, parts, is_banner, starts_at, idempotency_key)
		select s, '{"en": {"title": "Of a Summit", "body": "A notice"}}', 'en', 'minor', '{}', false, now(), gen_random_uuid()
		from unnest($1::uuid[]) as s`,
		[[held.summit, rehearsal.summit]]
	);
	const { notices } = await readValue<{ notices: unknown[] }>(db.owner, 'select private.read_status()');
	expect(notices.length).toBe(1);
});

test('a safeguarding lead of a rehearsal does not confirm those of a Summit without leads', async () => {
	await db.owner.query(
		`update public.role_grants set ended_at = now() where role = 'safeguarding' and summit_id is distinct from $1`,
		[rehearsal.summit]
	);
	const { rows } = await db.owner.query('select private.safeguarding_leads_for($1)', [held.summit]);
	expect(rows).toEqual([]);
});

test('the organisers of a rehearsal or a draft change the record of none but its own members', async () => {
	const draft = await makeWorld(db.owner);
	await db.owner.query(
		`update public.summits set starts_on = starts_on + 400, ends_on = ends_on + 400, state = 'draft' where id = $1`,
		[draft.summit]
	);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector) values ($1, $2, 'civil_society')`,
		[draft.summit, held.member]
	);
	const may = async (of: World) => {
		const answers = [];
		for (const member of [held.member, of.otherMember])
			answers.push(await callAs(db.owner, of.people.registration, 'private.may_change_member($1)', [member]));
		return answers;
	};
	expect(await may(held)).toEqual([true, true]);
	expect(await may(draft)).toEqual([false, true]);
	expect(await may(rehearsal)).toEqual([false, true]);
});
