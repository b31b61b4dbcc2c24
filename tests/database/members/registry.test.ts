/* The member registry: regions, changes with their history, and focal points invited by address. */
import { randomUUID } from 'node:crypto';
import isoCountries from 'i18n-iso-countries';
import { expect, test } from 'vitest';
import { regionOf } from '#lib/members/country-region.ts';
import { callAs, makePeople, makeSummit, register, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Status = { status: string; [key: string]: unknown };
const anyName = () => `Org ${randomUUID().slice(0, 8)}`;
const address = (mark: string, hint = 'a…@example.org') => ({
	hash: mark.repeat(64).slice(0, 64),
	sealed: mark.repeat(64),
	key_id: 'test',
	hint
});
const one = async <T>(sql: string, values: unknown[] = []) => (await db.owner.query(sql, values)).rows[0] as T;
const save = (who: TestPerson | null, summit: string, member: string, version: string, fields: object) =>
	callAs<Status>(db.owner, who, `public.save_member($1, $2, $3, $4)`, [
		summit,
		member,
		version,
		JSON.stringify(fields)
	]);
const versionOf = (summit: string, member: string) =>
	readValue<string>(db.owner, `select private.member_version($1, $2)`, [summit, member]);

test('the database and the app have the same regions, and a country determines its region', async () => {
	const { rows } = await db.owner.query<{ country: string; region: string }>(
		`select country, region from private.country_regions`
	);
	const known = Object.fromEntries(rows.map(({ country, region }) => [country, region]));
	expect(known).toEqual(
		Object.fromEntries(Object.keys(isoCountries.getAlpha2Codes()).map((code) => [code, regionOf(code)]))
	);
	const id = await readValue<string>(
		db.owner,
		`insert into public.members (name, sector, country) values ($1, 'government', 'KE') returning id`,
		[anyName()]
	);
	const region = () => readValue<string>(db.owner, `select region from public.members where id = $1`, [id]);
	expect(await region()).toBe('Africa');
	await db.owner.query(`update public.members set country = 'MX' where id = $1`, [id]);
	expect(await region()).toBe('Latin America and the Caribbean');
	await db.owner.query(`update public.members set region = 'Northern America' where id = $1`, [id]);
	await db.owner.query(`update public.members set country = 'GT' where id = $1`, [id]);
	expect(await region()).toBe('Northern America');
});

test('a change names the version that was read, and is in the history with its author and reason', async () => {
	const { summit, members, organiser, finance } = await makeSummit(db.owner, {});
	const [member = ''] = members;
	const version = await versionOf(summit, member);
	const name = anyName();
	expect(await save(finance, summit, member, version, { name })).toEqual({ status: 'not_allowed' });
	expect(await save(organiser, summit, member, version, { website: 'javascript:alert(1)' })).toEqual({
		status: 'invalid',
		fault: 'website'
	});
	expect(await save(organiser, summit, member, version, { name, standing: 'observer', country: 'KE' })).toEqual({
		status: 'ok'
	});
	expect(await save(organiser, summit, member, version, { name: anyName() })).toEqual({ status: 'conflict' });
	const other = await one<{ name: string }>(`select name from public.members where id = $1`, [members[1]]);
	expect(await save(organiser, summit, member, await versionOf(summit, member), { name: other.name })).toEqual({
		status: 'taken'
	});
	const history = await callAs<{ what: string; actor: string | null; changes: { field: string; to: unknown }[] }[]>(
		db.owner,
		organiser,
		`public.member_history($1, $2)`,
		[summit, member]
	);
	const mine = history.filter(({ actor }) => actor === organiser.name);
	expect(mine.map(({ what }) => what).sort()).toEqual(['member', 'standing']);
	expect(mine.find(({ what }) => what === 'standing')?.changes).toEqual(
		expect.arrayContaining([{ field: 'standing', from: 'active', to: 'observer' }])
	);
	expect(await callAs(db.owner, finance, `public.member_history($1, $2)`, [summit, member])).toBeNull();
});

test('registration organisers of an older Summit change its entry there, not the lasting name', async () => {
	const old = await makeSummit(db.owner, {});
	const next = await makeSummit(db.owner, {});
	await db.owner.query(`update public.summits set starts_on = starts_on + 400, ends_on = ends_on + 400 where id = $1`, [
		next.summit
	]);
	const [member = ''] = old.members;
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector, country) values ($1, $2, 'civil_society', 'PT')`,
		[next.summit, member]
	);
	const change = async (who: TestPerson, summit: string, fields: object) =>
		(await save(who, summit, member, await versionOf(summit, member), fields)).status;
	expect(await change(old.organiser, old.summit, { name: anyName() })).toBe('not_lasting');
	expect(await change(old.organiser, old.summit, { country: 'KE' })).toBe('ok');
	expect(await one(`select country from public.members where id = $1`, [member])).toEqual({ country: 'PT' });
	expect(await change(next.organiser, next.summit, { name: anyName(), country: 'MX' })).toBe('ok');
	expect(await one(`select country from public.members where id = $1`, [member])).toEqual({ country: 'MX' });
});

test('a sector change that would strand seats is refused, and nothing is changed', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, { ceilings: { government: 0 } });
	const [member = ''] = members;
	const [who] = await makePeople(db.owner, 1);
	await register(db.owner, who as TestPerson, summit, member);
	const saved = await save(organiser, summit, member, await versionOf(summit, member), { sector: 'government' });
	expect(saved).toMatchObject({ status: 'stranded' });
	expect(await one(`select sector from public.summit_members where member_id = $1`, [member])).toEqual({
		sector: 'civil_society'
	});
});

test('a focal point is invited by address: only its proven holder answers, and nobody learns whose it is', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {});
	const [member = ''] = members;
	const [them, others] = (await makePeople(db.owner, 2)) as [TestPerson, TestPerson];
	const asked = address('a1');
	const prove = (person: string, verified: string) =>
		db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, decode($2, 'hex'), '\\x00', 'test', ${verified})`,
			[person, asked.hash]
		);
	await prove(them.person, 'null');
	const invite = (who: TestPerson | null) =>
		callAs<string>(db.owner, who, `public.invite_focal_point($1, $2, $3)`, [summit, member, JSON.stringify(asked)]);
	expect(await invite(others)).toBe('not_allowed');
	expect(await invite(organiser)).toBe('ok');
	const mine = (who: TestPerson) =>
		callAs<{ id: string }[]>(db.owner, who, `public.my_focal_invitations($1)`, [summit]);
	// The address is known, but not proven yet.
	expect(await mine(them)).toEqual([]);
	await db.owner.query(`update private.person_addresses set verified_at = now() where person_id = $1`, [them.person]);
	const [offer] = await mine(them);
	expect(await mine(others)).toEqual([]);
	expect(await callAs(db.owner, others, `public.answer_focal_invitation($1, true)`, [offer?.id])).toBe('not_found');
	expect(await callAs(db.owner, them, `public.answer_focal_invitation($1, true)`, [offer?.id])).toBe('ok');
	expect(await callAs(db.owner, them, `public.answer_focal_invitation($1, true)`, [offer?.id])).toBe('not_found');
	expect(
		await one(`select count(*)::integer from public.focal_points where member_id = $1 and person_id = $2`, [
			member,
			them.person
		])
	).toEqual({ count: 1 });
	const mail = await one<{ params: object; person_id: string | null }>(
		`select params, person_id from private.outbox where template = 'focal_invited' and summit_id = $1`,
		[summit]
	);
	expect(mail.person_id).toBeNull();
	const traces = await one<{ count: number }>(
		`select count(*)::integer from audit.entries as e where e::text like '%' || $1 || '%' or e::text like '%a…@example.org%'`,
		[asked.hash]
	);
	expect(traces).toEqual({ count: 0 });
});
