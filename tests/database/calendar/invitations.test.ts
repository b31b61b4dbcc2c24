/*
 * Invitations by mail: compares what a calendar received with the current state, and sends the difference once, over
 * real SMTP.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { closeTransport, type Post } from '../../../src/lib/mail/server/transport.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { startMail, type Inbox, type InboxMail } from '../../../src/local/mail.ts';
import { freePort } from '../../../src/local/processes.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';
import { invitationJobs, eventsOf } from '../../fixtures/calendar-mails.ts';

const db = useDatabase();
let inbox: Inbox;
let world: World;
const addresses = new Map<PersonKind, string>();
const kinds = ['delegate', 'virtual', 'listed', 'speaker'] as const;

const { minute, deliver } = invitationJobs(db);

beforeAll(async () => {
	const smtpPort = await freePort();
	Object.assign(process.env, {
		APP_DATABASE_URL: db.appUrl,
		DATABASE_URL: db.url,
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`,
		SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
		MAIL_FROM: 'Global Summit <summit@example.org>',
		ORIGIN: 'https://summit.example.org'
	});
	inbox = await startMail({ smtpPort, webPort: await freePort() });
});
afterAll(async () => {
	closeTransport();
	await inbox.stop();
	await closePool();
});
beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query('delete from private.agenda_digests');
	await db.owner.query('delete from private.pending_agenda_changes');
	await db.owner.query('delete from private.calendar_update_queue');
	for (const kind of kinds) {
		const address = `canary-${randomUUID()}@example.org`;
		const { sealed, keyId } = theSealer().seal(address, contexts.address);
		addresses.set(kind, address);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary) values ($1, $2, $3, $4, true)`,
			[world.people[kind].person, theSealer().hashAddress(address), sealed, keyId]
		);
	}
	// The world's speaker was confirmed before any invitation; the test starts here.
	await db.owner.query(`update public.session_people set state = 'invited' where summit_id = $1`, [world.summit]);
	await db.owner.query('delete from private.calendar_update_queue');
});
afterEach(async () => {
	await fetch(`${inbox.address}/messages`, { method: 'DELETE' });
	await db.owner.query('delete from private.outbox');
});

const run = (who: PersonKind, call: string, ...values: unknown[]) =>
	actAs<{ answer: unknown }>(db.owner, world.people[who], `select ${call} as answer`, values);
const publish = () => run('programme', 'public.publish_release($1)', world.summit);
const confirm = (level: 'public' | 'closed', state = 'confirmed') =>
	db.owner.query(`update public.session_people set state = $2::public.participation_state where session_id = $1`, [
		world.sessions[level].id,
		state
	]);
const move = (level: keyof World['sessions'], by: string) =>
	db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + $2::interval, upper(during) + $2::interval) where session_id = $1`,
		[world.sessions[level].id, by]
	);

async function mails(kind: PersonKind): Promise<InboxMail[]> {
	const answer = await fetch(`${inbox.address}/messages?to=${encodeURIComponent(addresses.get(kind) ?? '')}`);
	return ((await answer.json()) as InboxMail[]).reverse();
}
const mailsTo = async (kind: PersonKind) =>
	(await mails(kind)).map((mail) =>
		eventsOf(mail)
			.map(({ method, sequence }) => `${method} ${sequence}`)
			.join(', ')
	);

describe('an invitation', () => {
	test('is sent once, to the person alone, and follows three releases and a cancellation under one identifier', async () => {
		await confirm('public');
		await Promise.all([minute(), minute()]);
		await minute();
		expect(await mailsTo('speaker')).toEqual(['REQUEST 1']);
		const [mail] = await mails('speaker');
		const [event] = eventsOf(mail as InboxMail);
		const address = addresses.get('speaker') ?? '';
		const lines = (event?.file ?? '').replaceAll('\r\n ', '').split('\r\n');
		expect(event).toMatchObject({
			uid: world.sessions.public.id,
			status: 'CONFIRMED',
			summary: world.sessions.public.title
		});
		expect(lines.filter((line) => /^(?:ATTENDEE|ORGANIZER)/.test(line))).toEqual([
			'ORGANIZER;CN="World Summit":mailto:summit@example.org',
			`ATTENDEE;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;RSVP=FALSE:MAILTO:${address}`
		]);
		expect(mail?.attachments.map(({ name, type }) => [name, type])).toContainEqual(['invite.ics', 'application/ics']);
		expect(mail?.attachments.map(({ type }) => type)).toContain('text/calendar');

		await move('public', '8 hours');
		await publish();
		await minute();
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Another title"}' where id = $1`, [
			world.sessions.public.id
		]);
		await publish();
		await minute();
		// A corrected text sends no mail.
		await db.owner.query(`update public.sessions set abstract = '{"original":"en","en":"More"}' where id = $1`, [
			world.sessions.public.id
		]);
		await publish();
		await minute();
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [world.sessions.public.id]);
		await minute();
		expect(await mailsTo('speaker')).toEqual(['REQUEST 1', 'REQUEST 2', 'REQUEST 3']);
		await publish();
		await minute();
		expect(await mailsTo('speaker')).toEqual(['REQUEST 1', 'REQUEST 2', 'REQUEST 3', 'CANCEL 4']);
		const all = (await mails('speaker')).flatMap(eventsOf);
		expect(new Set(all.map(({ uid }) => uid)).size).toBe(1);
		expect(all.at(-1)).toMatchObject({ status: 'CANCELLED', summary: 'Cancelled: Another title' });
		// Each change sends one mail: the digest includes the invitation.
		expect((await mails('speaker')).map(({ subject }) => subject.split(':')[0])).toEqual([
			'For your calendar',
			...Array<string>(3).fill('Your sessions at World Summit have changed')
		]);
	});

	test('is cancelled when the person declines, and returns with a higher sequence number', async () => {
		await confirm('public');
		await minute();
		await confirm('public', 'declined');
		await minute();
		await confirm('public');
		await minute();
		expect(await mailsTo('speaker')).toEqual(['REQUEST 1', 'CANCEL 2', 'REQUEST 3']);
	});

	test('follows a place and its loss; a star sends one only to people who asked for it', async () => {
		const { id } = world.sessions.members;
		await run('programme', 'public.set_session_places($1, null, 1)', id);
		await run('virtual', 'public.sign_up($1, $2)', id, 'online');
		await run('listed', 'public.sign_up($1, $2)', id, 'online');
		await minute();
		expect([await mailsTo('virtual'), await mailsTo('listed')]).toEqual([['REQUEST 1'], []]);
		await run('virtual', 'public.cancel_sign_up($1)', id);
		await minute();
		// One mail covers the place that was passed on and the invitation.
		expect([await mailsTo('virtual'), await mailsTo('listed')]).toEqual([['REQUEST 1', 'CANCEL 2'], ['REQUEST 1']]);
		await run('delegate', 'public.mark_session($1, true)', id);
		await minute();
		expect(await mailsTo('delegate')).toEqual([]);
		await run('delegate', 'public.choose_calendar_invitations($1)', 'marked');
		await minute();
		await run('delegate', 'public.mark_session($1, false)', id);
		await minute();
		await run('delegate', 'public.mark_session($1, true)', world.sessions.public.id);
		await minute();
		await run('delegate', 'public.choose_calendar_invitations($1)', 'none');
		await minute();
		expect(await mailsTo('delegate')).toEqual(['REQUEST 1', 'CANCEL 2', 'REQUEST 1', 'CANCEL 2']);
		expect((await run('delegate', 'public.choose_calendar_invitations($1)', 'all'))[0]?.answer).toBe('not_allowed');
	});

	test('for a session that was closed since mentions it no longer', async () => {
		const { id, title } = world.sessions.members;
		await run('programme', 'public.set_session_places($1, null, 5)', id);
		await run('virtual', 'public.sign_up($1, $2)', id, 'online');
		await minute();
		await db.owner.query(
			`update public.sessions set level = 'closed', audience = 'listed', title = '{"original":"en","en":"Sealed words"}' where id = $1`,
			[id]
		);
		await minute();
		const [first, second] = (await mails('virtual')).map((mail) => ({ ...mail, events: eventsOf(mail) }));
		expect(first?.events[0]?.summary).toBe(title);
		expect(second?.events[0]).toMatchObject({ method: 'CANCEL', sequence: 2, uid: first?.events[0]?.uid });
		expect(JSON.stringify(second)).not.toMatch(/Sealed words|Session members/);
		// People on the list get it again, with its current title after the next release.
		await db.owner.query(
			`insert into public.session_audiences (session_id, summit_id, person_id) values ($1, $2, $3)`,
			[id, world.summit, world.people.virtual.person]
		);
		await minute();
		expect(await mailsTo('virtual')).toEqual(['REQUEST 1', 'CANCEL 2', 'REQUEST 3']);
	});
});

test('is cancelled for people who lose the right to see a session by their role, their member or its sector', async () => {
	const { id } = world.sessions.closed;
	const { rows } = await db.owner.query<{ member: string; sector: string }>(
		`select sm.member_id as member, sm.sector from public.registrations as r join public.summit_members as sm
		using (summit_id, member_id) where r.summit_id = $1 and r.person_id = $2`,
		[world.summit, world.people.virtual.person]
	);
	const { member, sector } = rows[0] ?? {};
	const change = (sql: string, ...values: unknown[]) => db.owner.query(sql, [world.summit, ...values]);
	await change(`insert into public.session_audiences (summit_id, session_id, sector) values ($1, $2, $3)`, id, sector);
	await change(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		values ($1, 'intergovernmental', 'in_person', 5), ($1, 'intergovernmental', 'virtual', 5)`
	);
	await run('virtual', 'public.choose_calendar_invitations($1)', 'marked');
	await run('virtual', 'public.mark_session($1, true)', id);
	await minute();
	await change(
		`update public.summit_members set sector = 'intergovernmental' where summit_id = $1 and member_id = $2`,
		member
	);
	await minute();
	await change(
		`insert into public.role_grants (summit_id, person_id, role) values ($1, $2, 'programme')`,
		world.people.virtual.person
	);
	await minute();
	await change(
		`update public.role_grants set ended_at = now() where summit_id = $1 and person_id = $2`,
		world.people.virtual.person
	);
	await minute();
	await change(`update public.summit_members set sector = $3 where summit_id = $1 and member_id = $2`, member, sector);
	await minute();
	expect(await mailsTo('virtual')).toEqual(['REQUEST 1', 'CANCEL 2', 'REQUEST 3', 'CANCEL 4', 'REQUEST 5']);
});

describe('an unsent mail', () => {
	const refused: Post = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNECTION' }));
	const bounced: Post = () =>
		Promise.reject(Object.assign(new Error('no'), { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }));

	test('is built again on the next try: the newest release, and the same number for the same text', async () => {
		await confirm('public');
		await minute(refused);
		await deliver();
		expect(await mailsTo('speaker')).toEqual(['REQUEST 1']);
		await move('public', '8 hours');
		await publish();
		await minute(refused);
		await move('public', '8 hours');
		await publish();
		// The first digest is late and contains the newest state; the second has nothing to add.
		await deliver();
		await minute();
		expect((await mailsTo('speaker')).filter(Boolean)).toEqual(['REQUEST 1', 'REQUEST 3']);
		const { rows } = await db.owner.query<{ during: string; start: string }>(
			`select private.iso(lower(i.during)) as during, private.iso(lower(s.during)) as start from private.calendar_invitations as i
			join public.slots as s on s.session_id = i.session_id where i.session_id = $1`,
			[world.sessions.public.id]
		);
		expect(rows[0]?.during).toBe(rows[0]?.start);
	});

	test('that failed permanently leaves the calendar unchanged, and the next mail updates it', async () => {
		await confirm('public');
		await minute(bounced);
		await confirm('closed');
		await minute();
		const all = (await mails('speaker')).map((mail) => eventsOf(mail).map(({ summary }) => summary));
		expect(all).toEqual([[world.sessions.public.title, world.sessions.closed.title]]);
	});
});

test('an invitation of a protected person contains the alias only, and the outbox contains no name', async () => {
	await confirm('public');
	await db.owner.query(`update public.people set display_name = 'Ada Alias' where id = $1`, [
		world.people.speaker.person
	]);
	await minute();
	const [mail] = await mails('speaker');
	expect(JSON.stringify(mail)).not.toContain(world.people.speaker.name);
	const [event] = eventsOf(mail as InboxMail);
	expect(event?.file).toContain('Ada Alias');
	const { rows } = await db.owner.query<{ row: string }>(
		`select (to_jsonb(o) - 'address_sealed')::text as row from private.outbox as o union all select to_jsonb(i)::text from private.calendar_invitations as i`
	);
	expect(rows.some(({ row }) => row.includes('canary-') || row.includes(world.people.speaker.name))).toBe(false);
});
