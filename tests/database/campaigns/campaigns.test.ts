/* Campaigns: the secretariat alone, each person once, by segments that the database computes, with reminders that stop. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCampaigning } from '../../fixtures/campaigning.ts';
import { makeAnnounced } from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { actAs, personKinds } from '../../fixtures/world.ts';

const db = useDatabase();
let made: Awaited<ReturnType<typeof makeCampaigning>>;
beforeAll(async () => {
	made = await makeCampaigning(db.owner, await db.connect(db.appUrl));
});
beforeEach(async () => {
	await made.forget();
	await db.owner.query('delete from private.campaigns');
	await db.owner.query('delete from private.outbox');
	await db.owner.query('delete from private.mail_opt_outs');
	await db.owner.query('delete from public.mail_settings');
});
const drafted = async (more: Parameters<typeof made.save>[0] = {}) => {
	const { id, status } = await made.save(more);
	expect(status).toBe('ok');
	return id ?? '';
};

describe('access', () => {
	test('the secretariat and owners of all Summits; for everybody else there are no campaigns', async () => {
		const { world, save, start, count, control } = made;
		const id = await drafted();
		for (const kind of personKinds) {
			const who = world.people[kind];
			const answers = [
				(await save({}, { who })).status,
				(await save({}, { who, id, after: 1 })).status,
				(await start(id, { who })).status,
				await control(id, 'delete', who),
				await callAs(db.owner, who, 'public.send_campaign_test($1)', [id])
			];
			expect({ kind, answers }).toEqual({ kind, answers: Array(5).fill('not_found') });
			expect(await count({}, 'service', who)).toBeNull();
			for (const read of ['list_campaigns()', 'read_campaign($1)', 'list_campaign_choices()'])
				expect(await callAs(db.owner, who, `public.${read}`, read.includes('$1') ? [id] : [])).toBeNull();
		}
		expect(await made.stateOf(id)).toBe('draft');
	});

	test('comes in pages, newest first, and to processes of an earlier release as before', async () => {
		const ids: string[] = [];
		for (const title of ['One', 'Two', 'Three']) ids.unshift(await drafted({ title }));
		const page = async (start: number) => {
			const { total, campaigns } = await callAs<{ total: number; campaigns: { id: string }[] }>(
				db.owner,
				made.world.secretariat,
				'public.list_campaigns(2, $1)',
				[start]
			);
			return [total, campaigns.map(({ id }) => id)];
		};
		expect([await page(0), await page(2), await page(4)]).toEqual([
			[3, ids.slice(0, 2)],
			[3, ids.slice(2)],
			[3, []]
		]);
		const [before] = await actAs<{ ids: string[] }>(
			db.owner,
			made.world.secretariat,
			`select jsonb_path_query_array(public.list_campaigns(), '$[*].id') as ids`
		);
		expect(before?.ids).toEqual(ids);
	});

	test('two writers: the second learns that the first has saved', async () => {
		const id = await drafted();
		expect(await made.save({ title: 'One' }, { id, after: 1 })).toMatchObject({ status: 'ok', version: 2 });
		expect(await made.save({ title: 'Two' }, { id, after: 1 })).toMatchObject({ status: 'stale', version: 2 });
		expect((await made.start(id)).status).toBe('stale');
		expect(await readValue(db.owner, 'select title from private.campaigns where id = $1', [id])).toBe('One');
	});

	test.each([
		{ segment: { recipients: 'everybody' } },
		{ segment: { recipients: 'focal_points', person: 'x' } },
		{ segment: { recipients: 'focal_points', sectors: [1] } },
		{ segment: { recipients: 'focal_points', not_nominated: 'x' } },
		{ segment: { recipients: 'focal_points', took_part: 'x' } },
		{ segment: { recipients: 'focal_points', took_part: '00000000-0000-4000-8000-000000000000' } },
		{ segment: { recipients: 'focal_points', overdue: 'yes' } },
		{ segment: { recipients: 'focal_points', group: 'unknown' } },
		{ texts: {} },
		{ title: ' ' },
		{ title: 'Two\nlines' },
		{ page: 'https://elsewhere.example' },
		{ reminders: 11 },
		{ remind_days: 0 },
		{ kind: 'other' },
		{ page: 'delegation' },
		{ reminders: 2 }
	])('%j is refused', async (more) => {
		expect(await made.save(more as object)).toEqual({ status: 'invalid' });
	});

	test('each writing is in the audit, with who wrote', async () => {
		const id = await drafted();
		const { rows } = await db.owner.query<{ actor_person: string }>(
			`select actor_person from audit.entries where table_name = 'private.campaigns' and row_id = $1`,
			[id]
		);
		expect(rows).toEqual([{ actor_person: made.world.secretariat.person }]);
	});
});

describe('segments', () => {
	test('count people and members, and name nobody', async () => {
		const found = await made.count();
		expect(found).toMatchObject({ people: 2, reachable: 2, unreachable: 0, unsubscribed: 0 });
		expect(found?.members.map(({ people }) => people)).toEqual([1, 1]);
		const names = await db.owner.query<{ display_name: string }>(
			'select display_name from public.people where id = any ($1)',
			[[made.focal.person, made.world.partner.person]]
		);
		for (const { display_name } of names.rows) expect(JSON.stringify(found)).not.toContain(display_name);
	});

	test('combine sector, region, standing, nomination and overdue commitments', async () => {
		const { world, count, nominate } = made;
		const people = async (of: object) => (await count(of))?.people;
		expect(await people({ sectors: ['civil_society'] })).toBe(2);
		expect(await people({ sectors: ['government'] })).toBe(0);
		expect(await people({ standings: ['suspended'] })).toBe(0);
		await db.owner.query(
			`update public.summit_members set standing = 'suspended' where summit_id = $1 and member_id = $2`,
			[world.summit, world.otherMember]
		);
		expect(await people({})).toBe(1);
		expect(await people({ standings: ['suspended'] })).toBe(1);
		await db.owner.query(`update public.summit_members set standing = 'active' where summit_id = $1`, [world.summit]);
		const none = { not_nominated: made.earlier };
		const before = (await count(none))?.members.map(({ name }) => name) ?? [];
		await nominate(world.otherMember);
		const after = (await count(none))?.members.map(({ name }) => name) ?? [];
		expect(before.length - after.length).toBe(1);
		const took = async () => (await count({ took_part: made.earlier }))?.members.length;
		expect(await took()).toBe(0);
		await db.owner.query('set session_replication_role = replica');
		await db.owner.query(`update public.registrations set state = 'confirmed' where summit_id = $1`, [made.earlier]);
		await db.owner.query('set session_replication_role = origin');
		expect(await took()).toBe(1);
		expect(await people({ overdue: true })).toBe(0);
		await makeAnnounced(world, { due_on: '2020-01-01' });
		expect(await people({ overdue: true })).toBe(1);
	});
});

describe('sending', () => {
	test('each person gets one mail, however often and from how many processes it is pressed and run', async () => {
		const { start, deliver, mails, stateOf } = made;
		const id = await drafted();
		expect(await start(id, { expected: 7 })).toEqual({ status: 'changed', people: 2 });
		const second = await db.connect();
		const answers = await Promise.all([start(id), start(id, { on: second })]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
		expect((await mails(id)).length).toBe(2);
		expect(await stateOf(id)).toBe('sending');
		await deliver();
		expect([(await mails(id)).length, await stateOf(id)]).toEqual([2, 'sent']);
		const params = (await mails(id)).map((mail) => mail.params);
		expect(JSON.stringify(params)).not.toMatch(/person|address/);
		expect(params[0]).toMatchObject({ kind: 'service', page: '' });
	});

	test('two workers that carry on one that is due queue each mail once', async () => {
		const { run, start, mails } = made;
		const id = await drafted();
		await start(id, { at: new Date(Date.now() + 60_000) });
		await db.owner.query(`update private.campaigns set send_at = now() - interval '1 minute' where id = $1`, [id]);
		await Promise.all([run(await db.connect(db.appUrl)), run(await db.connect(db.appUrl))]);
		await run();
		expect((await mails(id)).length).toBe(2);
	});

	test('a transaction that is cut off leaves nothing behind, and the next run sends once', async () => {
		const { world, start, run, mails } = made;
		const id = await drafted();
		await start(id, { at: new Date(Date.now() + 60_000) });
		await db.owner.query(`update private.campaigns set send_at = now() - interval '1 minute' where id = $1`, [id]);
		const killed = await db.connect(db.appUrl);
		await killed.query('begin');
		await killed.query('select private.run_due_campaign($1)', [id]);
		await killed.query('rollback');
		expect(await mails(id)).toEqual([]);
		await run();
		expect((await mails(id)).map(({ person_id }) => person_id).sort()).toEqual(
			[made.focal.person, world.partner.person].sort()
		);
	});

	test('waits for its time, can be revised until then, and keeps to the rate', async () => {
		const { world, start, control, run, mails, stateOf } = made;
		await db.owner.query(`insert into public.mail_settings (summit_id, per_minute) values ($1, 1)`, [world.summit]);
		const id = await drafted();
		expect((await start(id, { at: new Date(Date.now() - 1000) })).status).toBe('invalid');
		expect((await start(id, { at: new Date(Date.now() + 60_000) })).status).toBe('ok');
		await run();
		expect([await stateOf(id), (await mails(id)).length]).toEqual(['scheduled', 0]);
		expect(await control(id, 'revise')).toBe('ok');
		expect(await stateOf(id)).toBe('draft');
		expect((await start(id, { after: 3 })).status).toBe('ok');
		expect((await mails(id)).length).toBe(1);
		await run();
		expect((await mails(id)).length).toBe(1);
		expect(await control(id, 'cancel')).toBe('ok');
		await db.owner.query(`delete from public.mail_settings where summit_id = $1`, [world.summit]);
		await run();
		expect([await stateOf(id), (await mails(id)).length]).toEqual(['cancelled', 0]);
	});

	test('recomputes the segment when the turn of a person comes', async () => {
		const { world, focal, start, run, deliver, mails, nominate } = made;
		await db.owner.query(`insert into public.mail_settings (summit_id, per_minute) values ($1, 1)`, [world.summit]);
		const id = await drafted({ segment: { ...made.segment, not_nominated: made.earlier } });
		await start(id);
		const [first] = await mails(id);
		await nominate(first?.person_id === focal.person ? world.otherMember : world.member);
		await db.owner.query(`delete from public.mail_settings where summit_id = $1`, [world.summit]);
		await run();
		expect(await mails(id)).toEqual([first]);
		await deliver();
		const read = await callAs<object>(db.owner, world.secretariat, 'public.read_campaign($1)', [id]);
		expect(read).toMatchObject({
			campaign: { state: 'sent', rounds: [{ outcomes: { sent: 1, left: 1 } }], nominated: { members: 2, since: 1 } }
		});
	});

	test('a test goes to oneself alone, in each language', async () => {
		const { world } = made;
		const id = await drafted();
		expect(await callAs(db.owner, world.secretariat, 'public.send_campaign_test($1)', [id])).toBe('ok');
		const { rows } = await db.owner.query(`select person_id, locale from private.outbox order by locale`);
		expect(rows).toEqual(['en', 'fr'].map((locale) => ({ person_id: world.secretariat.person, locale })));
		// Where the segment means no member, any stands for one: the text names it.
		const empty = await drafted({ segment: { recipients: 'focal_points', sectors: ['intergovernmental'] } });
		await db.owner.query('delete from private.outbox');
		expect(await callAs(db.owner, world.secretariat, 'public.send_campaign_test($1)', [empty])).toBe('ok');
		expect(
			await readValue(db.owner, `select bool_and(jsonb_array_length(params -> 'members') = 1) from private.outbox`)
		).toBe(true);
	});
});

describe('reminders', () => {
	test('go to those still in the segment, and stop by themselves when they nominate', async () => {
		const { world, start, run, deliver, pass, mails, stateOf, nominate } = made;
		const segment = { ...made.segment, not_nominated: made.earlier };
		const members = 2;
		const id = await drafted({ segment, reminders: 3, remind_days: 7 });
		await start(id);
		expect((await mails(id)).length).toBe(members);
		await pass(id, 7);
		await run();
		// The round before is still in the outbox.
		expect((await mails(id)).length).toBe(members);
		await deliver();
		await run();
		expect((await mails(id)).length).toBe(2 * members);
		await deliver();
		await nominate(world.otherMember);
		await pass(id, 7);
		await run();
		expect((await mails(id)).length).toBe(3 * members - 1);
		expect(await stateOf(id)).toBe('sending');
		await deliver();
		await db.owner.query(`update public.summit_members set standing = 'left' where summit_id = $1 and member_id = $2`, [
			world.summit,
			world.member
		]);
		await pass(id, 7);
		await run();
		expect([(await mails(id)).length, await stateOf(id)]).toEqual([3 * members - 1, 'sent']);
		await db.owner.query(`update public.summit_members set standing = 'active' where summit_id = $1`, [world.summit]);
	});

	test('stop when the campaign is stopped, and when its deadline has passed', async () => {
		const { start, deliver, pass, mails, stateOf, control } = made;
		const segment = { ...made.segment, not_nominated: made.earlier };
		const stopped = await drafted({ segment, reminders: 2 });
		const ended = await drafted({ segment, reminders: 2, deadline: new Date(Date.now() + 3_600_000) });
		await start(stopped);
		await start(ended, { anyway: true });
		expect(await control(stopped, 'cancel')).toBe('ok');
		await db.owner.query(`update private.campaigns set deadline = now() - interval '1 hour' where id = $1`, [ended]);
		await pass(stopped, 8);
		await pass(ended, 8);
		await deliver();
		expect([(await mails(ended)).length, await stateOf(ended)]).toEqual([2, 'sent']);
		expect([(await mails(stopped)).length, await stateOf(stopped)]).toEqual([0, 'cancelled']);
	});
});

describe('unsubscribing', () => {
	const link = async (mail: string, claim: string, hash: string) =>
		readValue<boolean>(await db.connect(db.appUrl), 'select private.add_unsubscribe_link($1, $2, $3)', [
			mail,
			claim,
			hash
		]);

	test('excludes from news and not from service mail, by a link of that mail alone', async () => {
		const { start, count, mails } = made;
		const app = await db.connect(db.appUrl);
		const id = await drafted({ kind: 'news' });
		await start(id);
		const { rows } = await app.query<{ id: string; claim: string }>('select id, claim from private.claim_mail(1)');
		const [mail] = rows;
		const hash = 'ab'.repeat(32);
		expect(await link(mail?.id ?? '', crypto.randomUUID(), hash)).toBe(false);
		expect(await link(mail?.id ?? '', mail?.claim ?? '', 'short')).toBe(false);
		expect(await link(mail?.id ?? '', mail?.claim ?? '', hash)).toBe(true);
		const read = async () =>
			(
				await readValue<{ is_out: boolean; can_return: boolean } | null>(
					app,
					'select private.read_unsubscribe_link($1)',
					[hash]
				)
			)?.is_out;
		const answer = (out: boolean, of = hash) =>
			readValue<string>(app, 'select private.answer_unsubscribe_link($1, $2)', [of, out]);
		expect([await read(), await answer(true, 'cd'.repeat(32))]).toEqual([false, 'not_found']);
		expect([await answer(true), await answer(true), await read()]).toEqual(['ok', 'ok', true]);
		expect(await count({}, 'news')).toMatchObject({ people: 2, reachable: 1, unsubscribed: 1 });
		expect(await count({}, 'service')).toMatchObject({ people: 2, reachable: 2, unsubscribed: 0 });
		const next = await drafted({ kind: 'news' });
		await start(next, { expected: 1, anyway: true });
		expect((await mails(next)).length).toBe(1);
		await db.owner.query(`update private.mail_opt_outs set since = now() - interval '2 days'`);
		expect([await answer(false), await read()]).toEqual(['not_found', true]);
		await db.owner.query(`update private.mail_opt_outs set since = now()`);
		expect([await answer(false), await read()]).toEqual(['ok', false]);
	});

	test('in the settings, and takes back news that waits', async () => {
		const { world, focal, start, mails } = made;
		const id = await drafted({ kind: 'news' });
		await start(id);
		const choose = (gets: boolean) => callAs<string>(db.owner, focal, 'public.save_news_choice($1)', [gets]);
		expect(await callAs(db.owner, focal, 'public.gets_news()')).toBe(true);
		expect(await choose(false)).toBe('ok');
		expect(await callAs(db.owner, focal, 'public.gets_news()')).toBe(false);
		expect((await mails(id)).map(({ person_id }) => person_id)).toEqual([world.partner.person]);
	});

	test('a service mail carries no link', async () => {
		const app = await db.connect(db.appUrl);
		await made.start(await drafted());
		const { rows } = await app.query<{ id: string; claim: string }>('select id, claim from private.claim_mail(1)');
		expect(await link(rows[0]?.id ?? '', rows[0]?.claim ?? '', 'ef'.repeat(32))).toBe(false);
	});
});

test('a focal point under an alias gets the mail, and neither name nor alias is in what the secretariat reads', async () => {
	const { world, focal, start } = made;
	await db.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x01', 'k')
		on conflict (person_id) do update set kind = 'alias'`,
		[focal.person]
	);
	await db.owner.query(`update public.people set display_name = 'Canary Alias' where id = $1`, [focal.person]);
	const id = await drafted();
	await start(id);
	const read = await callAs<object>(db.owner, world.secretariat, 'public.read_campaign($1)', [id]);
	const counted = await made.count();
	expect(counted?.people).toBe(2);
	expect(JSON.stringify([read, counted])).not.toMatch(/Canary|focal [a-z0-9]|person_id/i);
	expect(JSON.stringify(read)).not.toContain(focal.person);
});
