/* The organisers’ list and their notes: what it finds, what it counts, and what others cannot read. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decideAs, makeDesk, listRegistrations, readRegistration, addStaff } from '../../fixtures/accrediting.ts';
import { callAs, makePeople, register, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

describe('the list', () => {
	test('counts for each filter what that filter finds', async () => {
		const { summit, members, organiser, ids, people } = await makeDesk(db.owner, 3, {}, { hall: 2 });
		const [a, b] = await makePeople(db.owner, 2);
		await register(db.owner, a as TestPerson, summit, members[1] ?? '', 'virtual');
		await register(db.owner, b as TestPerson, summit, members[1] ?? '', 'virtual');
		await decideAs(db.owner, organiser, [ids[0]]);
		await callAs(
			db.owner,
			organiser,
			`public.request_information($1, 'Which delegation?', now() + interval '3 days')`,
			[ids[1]]
		);
		await callAs(db.owner, organiser, `public.add_registration_note($1, 'Called on Monday')`, [ids[1]]);
		for (const filters of [
			{},
			{ mode: 'virtual' },
			{ tab: 'decide' },
			{ tab: 'decide', mode: 'in_person' },
			{ waits: 'person', query: 'delegate' }
		] as Record<string, string>[]) {
			const found = await listRegistrations(db.owner, organiser, summit, filters);
			for (const [facet, counts] of Object.entries(found.facets)) {
				const name = facet === 'state' ? 'states' : facet;
				for (const [chosen, count] of Object.entries(counts)) {
					const asked = { ...filters, [name]: facet === 'state' ? [chosen] : chosen };
					expect([facet, chosen, (await listRegistrations(db.owner, organiser, summit, asked)).total]).toEqual([
						facet,
						chosen,
						count
					]);
				}
			}
		}
		// The overview, the tab and the figures count the same: without people who have an open question or wait for a
		// second person.
		const { total } = await listRegistrations(db.owner, organiser, summit, { tab: 'decide' });
		const { counts } = await listRegistrations(db.owner, organiser, summit);
		const figures = await callAs<{ groups: { dimension: string; decide: number; review: number }[] }>(
			db.owner,
			organiser,
			`public.read_figures($1)`,
			[summit]
		);
		const summed = (of: 'decide' | 'review') =>
			figures.groups.reduce((sum, group) => sum + (group.dimension === 'mode' ? group[of] : 0), 0);
		expect([total, counts.to_decide, summed('decide'), summed('review')]).toEqual([3, 3, 3, 4]);
		expect((await listRegistrations(db.owner, organiser, summit, { flag: 'notes' })).rows).toMatchObject([
			{ id: ids[1], notes: 1, question: 'open', waits: 'person' }
		]);
		await db.owner.query(`update public.people set display_name = 'Zoë Quinn-Example' where id = $1`, [
			people[2]?.person
		]);
		expect(
			(await listRegistrations(db.owner, organiser, summit, { query: 'quinn ZOE' })).rows.map(({ id }) => id)
		).toEqual([ids[2]]);
		expect((await listRegistrations(db.owner, organiser, summit, { query: '%' })).total).toBe(0);
		expect((await listRegistrations(db.owner, organiser, summit, { member: randomUUID() })).total).toBe(0);
		for (const other of [people[0] as TestPerson, await addStaff(db.owner, summit, 'Finance', 'finance')]) {
			expect(await listRegistrations(db.owner, other, summit)).toBeNull();
			expect(await callAs(db.owner, other, `public.export_registrations($1)`, [summit])).toBeNull();
		}
	});

	test('finds people who have not answered the logistics form', async () => {
		const { summit, organiser, ids } = await makeDesk(db.owner, 2);
		await db.owner.query(
			`insert into public.logistics_fields (summit_id, key, label, purpose, kind, is_required)
			values ($1, 'diet', '{"original":"en","en":"Diet"}', '{"original":"en","en":"Catering"}', 'text', true)`,
			[summit]
		);
		expect((await listRegistrations(db.owner, organiser, summit, { flag: 'logistics' })).total).toBe(0);
		await decideAs(db.owner, organiser, [ids[0]]);
		expect(
			(await listRegistrations(db.owner, organiser, summit, { flag: 'logistics' })).rows.map(({ id }) => id)
		).toEqual([ids[0]]);
		await db.owner.query(
			`insert into private.logistics_answers (registration_id, field_id, answer_sealed, key_id) select $1, id, '\\x00', 'test' from public.logistics_fields where summit_id = $2`,
			[ids[0], summit]
		);
		expect((await listRegistrations(db.owner, organiser, summit, { flag: 'logistics' })).total).toBe(0);
	});

	test('keeps pages stable while registrations come and go', async () => {
		const { summit, organiser, ids, members, people } = await makeDesk(db.owner, 9);
		for (const filters of [{}, { desc: true }, { sort: 'name' }, { sort: 'time', desc: true }]) {
			const seen: string[] = [];
			let after: string | null = null;
			do {
				const page: Awaited<ReturnType<typeof listRegistrations>> = await listRegistrations(
					db.owner,
					organiser,
					summit,
					filters,
					4,
					after
				);
				expect(page.start).toBe(seen.length);
				seen.push(...page.rows.map(({ id }) => id));
				after = page.next;
			} while (after);
			expect(seen.toSorted()).toEqual(ids.toSorted());
		}
		const first = await listRegistrations(db.owner, organiser, summit, { tab: 'decide' }, 4);
		await decideAs(db.owner, organiser, ids.slice(0, 2));
		const second = await listRegistrations(db.owner, organiser, summit, { tab: 'decide' }, 4, first.next);
		expect(second.rows.map(({ id }) => id)).toEqual(ids.slice(4, 8));
		const third = await listRegistrations(db.owner, organiser, summit, { tab: 'decide' }, 4, second.next);
		expect(third.rows.map(({ id }) => id)).toEqual(ids.slice(8));
		expect(
			(await listRegistrations(db.owner, organiser, summit, { tab: 'decide' }, 4, third.previous)).rows.map(
				({ id }) => id
			)
		).toEqual(ids.slice(4, 8));
		expect([members.length, people.length]).toEqual([3, 9]);
	});

	test('exports what is shown, and records who exported, how many rows and with which filters', async () => {
		const { summit, organiser, id } = await makeDesk(db.owner, 2);
		await callAs(db.owner, organiser, `public.add_registration_note($1, 'Canary note of the desk')`, [id]);
		const rows = await callAs<object[]>(
			db.owner,
			organiser,
			`public.export_registrations($1, '{"tab":"decide","query":"Delegate"}')`,
			[summit]
		);
		expect(rows.length).toBe(2);
		expect(JSON.stringify(rows)).not.toContain('Canary');
		const entry = await readValue<object>(
			db.owner,
			`select jsonb_build_object('by', actor_person, 'values', new_values) from audit.entries where table_name = 'registrations.exported' and summit_id = $1`,
			[summit]
		);
		expect(entry).toEqual({ by: organiser.person, values: { rows: 2, filters: { tab: 'decide', query: true } } });
	});
});

describe('notes', () => {
	test('are for those who accredit, for safeguarding when marked, and never for the person', async () => {
		const { id, summit, organiser, who, people, second } = await makeDesk(db.owner, 2);
		const lead = await addStaff(db.owner, summit, 'Lead', 'safeguarding');
		const finance = await addStaff(db.owner, summit, 'Finance', 'finance');
		const add = (by: TestPerson, note: string, marked = false) =>
			callAs(db.owner, by, `public.add_registration_note($1, $2, $3)`, [id, note, marked]);
		// The first is sent twice, as a form without script may be.
		for (const by of [organiser, organiser]) expect(await add(by, 'Canary first note')).toBe('ok');
		expect(await add(second, 'Canary for the lead', true)).toBe('ok');
		for (const other of [who, lead, finance]) expect(await add(other, 'Mine')).toBe('not_allowed');
		expect([await add(organiser, ' '), await add(organiser, 'x'.repeat(4001))]).toEqual(['invalid', 'invalid']);
		expect((await readRegistration(db.owner, organiser, id)).notes).toMatchObject([
			{ note: 'Canary for the lead', author: 'Second organiser', for_safeguarding: true },
			{ note: 'Canary first note', author: 'Staff registration' }
		]);
		const marked = await callAs<{ notes: object[] }[]>(db.owner, lead, `public.list_safeguarding_notes($1)`, [summit]);
		expect(marked.map(({ notes }) => notes)).toMatchObject([[{ note: 'Canary for the lead' }]]);
		for (const other of [organiser, who, finance])
			expect(await callAs(db.owner, other, `public.list_safeguarding_notes($1)`, [summit])).toBeNull();
		// An organiser who is registered cannot read notes about themselves.
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[who.person, summit]
		);
		expect((await readRegistration(db.owner, who, id)).notes).toEqual([]);
		expect((await listRegistrations(db.owner, who, summit, { flag: 'notes' })).total).toBe(0);
		expect(await add(who, 'About myself')).toBe('not_allowed');
		// No table holds them in clear text, and deleting the person's key erases them.
		const plain = await readValue<string>(
			db.owner,
			`select (select string_agg(n::text, '') from private.registration_notes as n) || (select string_agg(e::text, '') from audit.entries as e) || (select coalesce(string_agg(o::text, ''), '') from private.outbox as o)`
		);
		expect(plain).not.toContain('Canary first');
		await expect(db.owner.query(`update private.registration_notes set for_safeguarding = true`)).rejects.toThrow(
			'never changed'
		);
		await db.owner.query(`update private.person_keys set key = '' where person_id = $1`, [who.person]);
		expect((await readRegistration(db.owner, organiser, id)).notes).toMatchObject([{ note: null }, { note: null }]);
		expect(await add(organiser, 'After erasure')).toBe('not_allowed');
		expect(people.length).toBe(2);
	});

	test('stay with a person who takes an alias', async () => {
		const { id, organiser, who } = await makeDesk(db.owner, 1);
		await callAs(db.owner, organiser, `public.add_registration_note($1, 'Before the alias')`, [id]);
		await db.owner.query(`select private.rotate_person_identity($1)`, [who.person]);
		expect((await readRegistration(db.owner, organiser, id)).notes).toMatchObject([{ note: 'Before the alias' }]);
	});
});
