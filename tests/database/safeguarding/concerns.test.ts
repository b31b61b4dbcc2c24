/* Concerns: who reads them, who never learns of them, that each reading is logged, and that a flood hides none. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { concernActs } from '../../fixtures/raising-concerns.ts';

const stage = useStageWorld();

const { hex, raise, list, ids, close, mark, mails, newLead } = concernActs(stage);

test('is read and closed by safeguarding leads, and invisible to everybody else', async () => {
	const { people } = stage.world;
	const [named, nameless] = [await raise({ reporter: people.delegate }), await raise()];
	expect((await list(people.safeguarding))?.concerns).toEqual([
		expect.objectContaining({ id: nameless, text_sealed: hex('canary words'), reporter: null }),
		expect.objectContaining({ id: named, reporter: { display_name: people.delegate.name, affiliation: '' } })
	]);
	for (const who of Object.values(people).filter((one) => one !== people.safeguarding)) {
		expect(await list(who)).toBeNull();
		expect([await close(who, named), await mark(who, named, people.virtual)]).toEqual(['not_found', 'not_found']);
	}
	expect([await close(people.safeguarding, named), await close(people.safeguarding, named)]).toEqual(['ok', 'already']);
	expect(await ids(people.safeguarding)).toEqual([nameless, named]);
	expect(await close(people.safeguarding, named, false)).toBe('ok');
});

test('leaves no trace in the history, and notifies the leads only', async () => {
	const listener = await stage.db.connect();
	const received: string[] = [];
	listener.on('notification', ({ payload = '' }) => {
		const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
		if (kind === 'concern') received.push(topic);
	});
	await listener.query('listen live_events');
	const { people } = stage.world;
	const id = await raise({ reporter: people.delegate });
	const entries = () =>
		stage.owner.query(`select * from audit.entries where table_name = 'private.concerns' and row_id = $1`, [id]);
	expect((await entries()).rows).toEqual([]);
	await close(people.safeguarding, id);
	const [entry] = (await entries()).rows as { actor_person: string; new_values: object; personal: null }[];
	expect(entry?.actor_person).toBe(people.safeguarding.person);
	expect(JSON.stringify(entry)).not.toMatch(/canary|spoke/);
	expect(JSON.stringify(entry)).not.toContain(people.delegate.person);
	await stage.owner.query(`notify live_events, '{"topic":"end","kind":"concern"}'`);
	await expect.poll(() => received).toEqual([`person:${people.safeguarding.person}`, 'end']);
});

test('can name a person of the session or of its stage only', async () => {
	const { safeguarding, speaker, virtual, registration } = stage.world.people;
	await stage.owner.query(
		`insert into private.run_participants (run_id, person_id, role) values ($1, $2, 'viewer') on conflict do nothing`,
		[stage.world.run, virtual.person]
	);
	const codes = await stage.owner.query<{ code: string }>(`select code from public.people where id = any ($1)`, [
		[speaker.person, virtual.person, registration.person]
	]);
	await raise({ about: codes.rows.map(({ code }) => code) });
	expect((await list(safeguarding))?.concerns[0]?.people.map(({ id }) => id).sort()).toEqual(
		[speaker.person, virtual.person].sort()
	);
});

describe('reading', () => {
	const logged = (id: string) =>
		stage.owner
			.query<{ actor_person: string }>(
				`select actor_person from audit.entries where table_name = 'concern.read' and row_id = $1`,
				[id]
			)
			.then(({ rows }) => rows.map(({ actor_person }) => actor_person));

	test('is logged each time, with the concerns whose text was returned, and the leads see who read', async () => {
		const { safeguarding } = stage.world.people;
		const [open, closed] = [await raise(), await raise()];
		await close(safeguarding, closed);
		await list(safeguarding);
		const again = await list(safeguarding);
		expect(await logged(open)).toEqual([safeguarding.person, safeguarding.person]);
		expect(again?.concerns.find(({ id }) => id === open)?.read_by).toEqual([
			expect.objectContaining({ display_name: safeguarding.name })
		]);
		expect(await logged(closed)).toEqual([]);
		expect(again?.concerns.find(({ id }) => id === closed)?.text_sealed).toBeNull();
		const opened = await list(safeguarding, closed);
		expect(opened?.concerns.find(({ id }) => id === closed)?.text_sealed).toBe(hex('canary words'));
		expect(await logged(closed)).toEqual([safeguarding.person]);
	});

	test('is impossible when nothing can be logged', async () => {
		const { safeguarding } = stage.world.people;
		await raise();
		await stage.owner.query('begin read only');
		await expect(
			stage.owner.query(
				`select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true), public.list_concerns($2)`,
				[JSON.stringify({ role: 'authenticated', sub: safeguarding.account }), stage.world.summit]
			)
		).rejects.toThrow('read-only');
		await stage.owner.query('rollback');
	});

	test('about protected people is logged with the people shown', async () => {
		const { safeguarding, delegate, registration } = stage.world.people;
		await stage.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
			delegate.person
		]);
		const read = (who: TestPerson) =>
			stage.callAs<{ display_name: string }[] | null>(who, `select public.list_protected_people($1)`, [
				stage.world.summit
			]);
		expect(await read(registration)).toBeNull();
		expect((await read(safeguarding))?.map(({ display_name }) => display_name)).toEqual([delegate.name]);
		const { rows } = await stage.owner.query(
			`select actor_person, person_id, row_id from audit.entries where table_name = 'protected.read' and summit_id = $1`,
			[stage.world.summit]
		);
		expect(rows).toEqual([
			{
				actor_person: safeguarding.person,
				person_id: delegate.person,
				row_id: stage.world.registrations.delegate
			}
		]);
	});
});

describe('a flood from one source', () => {
	test('becomes one entry, loses nothing, and neither hides nor stops the concerns of others', async () => {
		const { safeguarding } = stage.world.people;
		const other = await newLead();
		const first = await raise({ source: 'another address' });
		for (let count = 0; count < 300; count += 1) await raise({ source: 'flood' });
		const last = await raise({ source: 'a third address' });
		const seen = await list(safeguarding);
		expect(seen?.concerns).toHaveLength(7);
		expect([seen?.concerns.at(0)?.id, seen?.concerns.at(-1)?.id]).toEqual([last, first]);
		expect(seen?.batches).toEqual([expect.objectContaining({ count: 295, open: 295 })]);
		const batch = seen?.batches[0]?.id ?? '';
		expect((await list(safeguarding, batch))?.concerns).toHaveLength(302);
		// Five, the batch, and the two of others, to each of the two leads.
		const sent = await mails('concern_raised');
		expect(sent.map(({ person_id }) => person_id)).toEqual(
			[...Array<string>(8).fill(safeguarding.person), ...Array<string>(8).fill(other.person)].sort()
		);
		expect(await stage.callAs(stage.world.people.owner, `select public.close_concern_batch($1)`, [batch])).toBe(0);
		expect(await stage.callAs(safeguarding, `select public.close_concern_batch($1)`, [batch])).toBe(295);
	});

	test('leaves no trace of the source beside a concern, and none after an hour', async () => {
		await raise({ source: 'canary source' });
		const source = createHash('sha256').update('canary source').digest('hex');
		const { rows } = await stage.owner.query(`select c::text as row from private.concerns as c`);
		expect(JSON.stringify(rows)).not.toContain(source);
		await stage.owner.query(`update private.concern_sources set began_at = now() - interval '61 minutes'`);
		await raise({ source: 'another' });
		expect(await stage.one(stage.owner, `select count(*)::int from private.concern_sources`)).toBe(1);
	});
});

test('the mail about a raised concern contains nothing of it, and is shown to nobody', async () => {
	const { people, summit } = stage.world;
	await raise({ reporter: people.delegate });
	await raise({ lead: true });
	expect(await mails('concern_raised')).toEqual([{ person_id: people.safeguarding.person, params: {} }]);
	const mail = await stage.callAs(people.registration, `select public.list_mail($1, 'queued')`, [summit]);
	expect(mail).toMatchObject({ status: 'ok', oldest_due_at: null });
	expect(JSON.stringify(mail)).not.toContain('concern');
});
