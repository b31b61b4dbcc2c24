/* Mails of campaigns after they are queued: asked again when they are sent, results that stay, deadlines, and merging. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCampaigning } from '../../fixtures/campaigning.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';

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
	await db.owner.query('update private.person_addresses set unreachable_since = null');
	await db.owner.query('delete from public.mail_settings');
});
const started = async (more: Parameters<typeof made.save>[0] = {}) => {
	const { id = '' } = await made.save(more);
	expect((await made.start(id)).status).toBe('ok');
	return id;
};
const claimed = async () => {
	const app = await db.connect(db.appUrl);
	const { rows } = await app.query<{ id: string; claim: string }>('select id, claim from private.claim_mail(10)');
	return rows;
};
const drop = async ({ id, claim }: { id: string; claim: string }) =>
	readValue<boolean>(await db.connect(db.appUrl), 'select private.drop_unwanted_campaign_mail($1, $2)', [id, claim]);
const fail = async ({ id, claim }: { id: string; claim: string }, isFinal: boolean) =>
	(await db.connect(db.appUrl)).query(`select private.mark_mail_failed($1, $2, 'EMESSAGE 451', $3)`, [
		id,
		claim,
		isFinal
	]);
const due = () => db.owner.query(`update private.outbox set send_after = now() where state = 'queued'`);
const outcomes = async (id: string) => {
	const { rows } = await db.owner.query<{ person_id: string; state: string }>(
		'select person_id, state from private.campaign_recipients where campaign_id = $1 order by round, person_id',
		[id]
	);
	return rows.map(({ state }) => state).sort();
};

describe('a mail that a process had claimed', () => {
	test('goes no more after Stop when it failed for the moment', async () => {
		const id = await started();
		const [first, second] = await claimed();
		if (!first || !second) throw new Error('no mails');
		expect(await drop(first)).toBe(false);
		expect(await made.control(id, 'cancel')).toBe('ok');
		expect((await made.mails(id)).length).toBe(2);
		expect(await drop({ ...first, claim: second.claim })).toBe(false);
		await fail(first, false);
		await fail(second, true);
		await callAs(db.owner, made.world.secretariat, 'public.retry_dead_mail($1)', [made.world.summit]);
		await db.owner.query(`update private.outbox set state = 'queued' where state = 'dead'`);
		await due();
		const again = await claimed();
		expect(again.length).toBe(2);
		for (const mail of again) expect(await drop(mail)).toBe(true);
		expect([await made.mails(id), await outcomes(id)]).toEqual([[], ['cancelled', 'cancelled']]);
	});

	test('goes no more to somebody who unsubscribed, nor past the deadline', async () => {
		const id = await started({ kind: 'news', deadline: new Date(Date.now() + 3_600_000) });
		const mails = await claimed();
		await callAs(db.owner, made.focal, 'public.save_news_choice($1)', [false]);
		const dropped = await Promise.all(mails.map(drop));
		expect(dropped.sort()).toEqual([false, true]);
		expect(await outcomes(id)).toEqual(['queued', 'unsubscribed']);
		await db.owner.query(`update private.campaigns set deadline = now() - interval '1 minute' where id = $1`, [id]);
		await Promise.all(mails.map(drop));
		expect(await outcomes(id)).toEqual(['left', 'unsubscribed']);
		await made.run();
		expect(await made.stateOf(id)).toBe('sent');
	});
});

test('what failed is kept, can be sent again, and stays known without its mail', async () => {
	const id = await started();
	const [first, second] = await claimed();
	if (!first || !second) throw new Error('no mails');
	await fail(first, true);
	await (await db.connect(db.appUrl)).query('select private.mark_mail_sent($1, $2)', [second.id, second.claim]);
	await made.run();
	expect([await outcomes(id), await made.stateOf(id)]).toEqual([['failed', 'sent'], 'sent']);
	expect(await made.control(id, 'retry')).toBe('ok');
	expect(await outcomes(id)).toEqual(['queued', 'sent']);
	const [again] = await claimed();
	expect(again && (await drop(again))).toBe(false);
	if (again) await fail(again, true);
	await db.owner.query('delete from private.outbox');
	expect(await outcomes(id)).toEqual(['failed', 'sent']);
	const read = await callAs<{ members: { got: number; people: number }[] }>(
		db.owner,
		made.world.secretariat,
		'public.read_campaign($1)',
		[id]
	);
	expect(read.members.map(({ got, people }) => [got, people]).sort()).toEqual([
		[0, 1],
		[1, 1]
	]);
});

test('what came back is not sent again, and who reports news as spam gets no more', async () => {
	const id = await started({ kind: 'news' });
	const app = await db.connect(db.appUrl);
	const mails = await claimed();
	for (const mail of mails) await app.query('select private.mark_mail_sent($1, $2)', [mail.id, mail.claim]);
	await made.run();
	for (const [at, { id: mail }] of mails.entries())
		await app.query('select private.save_mail_bounce($1, $2)', [mail, at === 0 ? 'bounced' : 'complained']);
	expect(await outcomes(id)).toEqual(['failed', 'failed']);
	const read = () =>
		callAs<{ campaign: object }>(db.owner, made.world.secretariat, 'public.read_campaign($1)', [id]).then(
			({ campaign }) => campaign
		);
	expect(await read()).toMatchObject({ can_retry: false, unsubscribed: 1 });
	expect(await made.control(id, 'retry')).toBe('ok');
	expect(await outcomes(id)).toEqual(['failed', 'failed']);
	// A service mail reaches them no more either.
	const { id: next = '' } = await made.save({ title: 'Another' });
	expect((await made.start(next)).status).toBe('nobody');
});

test('a person of two members gets it for those that still fit when their turn comes', async () => {
	const { world, focal, save, start, nominate, run, mails } = made;
	const { rows } = await db.owner.query<{ member_id: string }>(
		`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3) returning member_id`,
		[world.summit, world.otherMember, focal.person]
	);
	const { id = '' } = await save({ segment: { ...made.segment, not_nominated: made.earlier } });
	await db.owner.query(`insert into public.mail_settings (summit_id, per_minute) values ($1, 1)`, [world.summit]);
	await start(id, { at: new Date(Date.now() + 60_000) });
	// The round begins and waits for the rate, as when others fill the minute.
	await db.owner.query(`update private.campaigns set send_at = now(), state = 'scheduled' where id = $1`, [id]);
	await run();
	await db.owner.query(
		`update private.campaign_recipients set state = 'waiting', outbox_id = null, queued_at = null where campaign_id = $1`,
		[id]
	);
	await db.owner.query('delete from private.outbox');
	await nominate(world.otherMember);
	await db.owner.query('delete from public.mail_settings');
	await run();
	const names = (await mails(id)).find(({ person_id }) => person_id === focal.person)?.params['members'];
	expect(names).toEqual([await readValue(db.owner, 'select name from public.members where id = $1', [world.member])]);
	await db.owner.query('delete from public.focal_points where summit_id = $1 and member_id = $2 and person_id = $3', [
		world.summit,
		rows[0]?.member_id,
		focal.person
	]);
});

test('a first mail whose time comes after the deadline does not go', async () => {
	const { id = '' } = await made.save({ deadline: new Date(Date.now() + 7_200_000) });
	await made.start(id, { at: new Date(Date.now() + 3_600_000) });
	await db.owner.query(
		`update private.campaigns set send_at = now() - interval '2 hours', deadline = now() - interval '1 hour' where id = $1`,
		[id]
	);
	await made.run();
	expect([await made.stateOf(id), await made.mails(id)]).toEqual(['cancelled', []]);
});

test('of two merged people one mail goes', async () => {
	const id = await started();
	const merge = (keep: string, dropped: string) =>
		db.owner.query('select private.merge_campaign_recipients($1, $2)', [keep, dropped]);
	await db.owner.query(
		`update private.campaign_recipients set state = 'waiting', outbox_id = null where campaign_id = $1 and person_id = $2`,
		[id, made.focal.person]
	);
	await merge(made.focal.person, made.world.partner.person);
	const { rows } = await db.owner.query(
		'select person_id, state from private.campaign_recipients where campaign_id = $1',
		[id]
	);
	expect(rows).toEqual([{ person_id: made.world.partner.person, state: 'queued' }]);
});

test('asks before the same people get another within half an hour', async () => {
	await started();
	const { id = '' } = await made.save({ title: 'Again' });
	expect(await made.start(id)).toEqual({ status: 'similar', title: 'Nominate' });
	expect((await made.start(id, { anyway: true })).status).toBe('ok');
});

test('a form that is sent twice makes one draft', async () => {
	const form = crypto.randomUUID();
	expect(await made.save({ form })).toMatchObject({ status: 'ok', id: form });
	expect(await made.save({ form })).toMatchObject({ status: 'ok', id: form, version: 1 });
	expect(await made.save({ form, title: 'Other' })).toMatchObject({ status: 'stale', id: form });
});
