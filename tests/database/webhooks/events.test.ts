/* Which events are written, what they say, and what none ever tells: names, texts, people, closed sessions. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { enums } from '../../../src/lib/database/types.ts';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { addEndpoint, useReceiver } from '../../fixtures/webhooks.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
useReceiver(db);
let world: World;

const kinds = enums.webhook_kind.filter((kind) => kind !== 'webhook.test');
const text = (words: string) => JSON.stringify({ original: 'en', en: words });
const run = (sql: string, values: unknown[] = []) => db.owner.query(sql, values);
const id = async (sql: string, values: unknown[] = []) =>
	(await db.owner.query<{ id: string }>(sql, values)).rows[0]?.id ?? '';

beforeEach(async () => {
	await run('delete from private.webhook_endpoints; delete from private.webhook_events');
	world = await makeWorld(db.owner);
	await addEndpoint(db.owner, world, 'https://hooks.example.org/in', kinds);
});

interface Written {
	kind: string;
	data: Record<string, unknown>;
}

async function written(): Promise<Written[]> {
	return (await db.owner.query<Written>('select kind, data from private.webhook_events order by place')).rows;
}
const writtenKinds = async () => (await written()).map(({ kind }) => kind);

const states = 'submitted nominated accredited awaiting_payment confirmed withdrawn declined expired'.split(' ');

async function registrationActs() {
	const { summit, registrations, people } = world;
	const member = await id(
		`insert into public.members (name, sector, country, region) values ('Harbour ' || gen_random_uuid(), 'civil_society', 'UY', 'Americas') returning id`
	);
	await run(
		`insert into public.summit_members (summit_id, member_id, sector, country, region) values ($1, $2, 'civil_society', 'UY', 'Americas')`,
		[summit, member]
	);
	await run(`update public.summit_members set standing = 'observer' where member_id = $1`, [member]);
	await run(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		summit,
		member,
		people.newcomer.person
	]);
	const r = await id(
		`insert into public.registrations (summit_id, person_id, mode, state) values ($1, $2, 'virtual', 'draft') returning id`,
		[summit, people.newcomer.person]
	);
	await run(`insert into public.member_requests (summit_id, registration_id, name) values ($1, $2, 'Unlisted')`, [
		summit,
		r
	]);
	// In one transaction: at its end nobody is without a seat.
	await run('begin');
	for (const state of states) await run(`update public.registrations set state = $2 where id = $1`, [r, state]);
	await run('commit');
	await run(`update public.registrations set category = 'staff' where id = $1`, [r]);
	await run(`update public.registrations set mode = 'in_person' where id = $1`, [r]);
	const asked = await id(
		`insert into private.information_requests (summit_id, registration_id, question, deadline) values ($1, $2, 'Which one?', now()) returning id`,
		[summit, registrations.waiting]
	);
	await run(
		`update private.information_requests set state = 'answered', answer = 'This one', answered_at = now() where id = $1`,
		[asked]
	);
	const letter = await id(
		`insert into private.visa_letters (summit_id, registration_id, number, reference, content_sealed, key_id)
		values ($1, $2, 1, 'VL-1', '\\x01', 'k') returning id`,
		[summit, registrations.delegate]
	);
	await run(
		`update private.visa_letters set withdrawn_at = now(), content_sealed = null, key_id = null where id = $1`,
		[letter]
	);
	return r;
}

async function queueAndMoneyActs(registration: string) {
	const { summit, people } = world;
	const { waiting } = world.registrations;
	await run('begin');
	await run('delete from public.queue_entries where registration_id = $1', [waiting]);
	await run(
		`insert into public.queue_entries (summit_id, registration_id, mode, rank, reason) values ($1, $2, 'in_person', 900, 'capacity')`,
		[summit, waiting]
	);
	await run('commit');
	await run(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until)
		values ($1, $2, 'in_person', $3, 'held', now() + interval '1 day') on conflict do nothing`,
		[summit, waiting, world.member]
	);
	await run(
		`update public.queue_entries as q set state = 'offered', seat_id = s.id, offered_at = now(), deadline = now() + interval '1 day', closed_at = null
		from public.seats as s where s.registration_id = q.registration_id and q.registration_id = $1`,
		[waiting]
	);
	const order = await id(
		`insert into public.orders (summit_id, payer_person_id, currency, due_at) values ($1, $2, 'EUR', now()) returning id`,
		[summit, people.newcomer.person]
	);
	await run(
		`insert into public.order_adjustments (order_id, kind, amount) values ($1, 'payment', -100), ($1, 'dispute', 100), ($1, 'credit', 0)`,
		[order]
	);
	for (const state of ['done', 'failed']) {
		const refund = await id(`insert into public.refunds (order_id, amount) values ($1, 100) returning id`, [order]);
		await run(`update public.refunds set state = $2::public.refund_state where id = $1`, [refund, state]);
	}
	const invoice = await id(
		`insert into public.invoices (summit_id, order_id, kind, year, number, reference, amount, currency, issued_on, due_on)
		values ($1, $2, 'invoice', 2026, 1, 'INV-1', 100, 'EUR', current_date, current_date) returning id`,
		[summit, order]
	);
	await run(
		`insert into public.invoices (summit_id, order_id, kind, year, number, reference, amount, currency, issued_on, credited_invoice_id)
		values ($1, $2, 'credit_note', 2026, 1, 'CN-1', 100, 'EUR', current_date, $3)`,
		[summit, order, invoice]
	);
	const waiver = await id(
		`insert into public.waiver_requests (summit_id, order_id, registration_id, person_id, requested_by, grounds) values ($1, $2, $3, $4, $4, 'invited') returning id`,
		[summit, order, registration, people.newcomer.person]
	);
	await run(`update public.waiver_requests set state = 'refused', decided_at = now() where id = $1`, [waiver]);
}

async function onSiteActs() {
	const { summit, registrations, people } = world;
	// Where a walk-in or a late confirmation gets its first badge.
	await run(`delete from public.badges where registration_id = $1`, [registrations.delegate]);
	const badge = await id(`insert into public.badges (summit_id, registration_id) values ($1, $2) returning id`, [
		summit,
		registrations.delegate
	]);
	const scan = async (checkpoint: string, direction: string) => {
		const scanned = randomUUID();
		await run(
			`insert into private.door_scans (id, summit_id, checkpoint_id, place, badge_id, person_id, direction, scanned_at, answer, is_counted, day)
			select $1, $2, c.id, c.place, $4, $5, $6, now(), 'welcome', true, current_date from public.checkpoints as c where c.id = $3`,
			[scanned, summit, checkpoint, badge, people.delegate.person, direction]
		);
		return scanned;
	};
	const entrance = await id(
		`insert into public.checkpoints (summit_id, kind, name) values ($1, 'entrance', $2) returning id`,
		[summit, text('Main entrance')]
	);
	const door = await id(
		`insert into public.checkpoints (summit_id, kind, room_id) values ($1, 'room', $2) returning id`,
		[summit, world.room]
	);
	const entered = await scan(entrance, 'in');
	await scan(door, 'in');
	await scan(entrance, 'out');
	await run(`update private.door_scans set undone_at = now() where id = $1`, [entered]);
	await run(`update public.badges set revoked_at = now(), revoked_reason = 'withdrawn' where id = $1`, [badge]);
}

async function programmeActs() {
	const { summit, sessions, people } = world;
	const change = (sql: string, who: string) => run(`update public.sessions set ${sql} where id = $1`, [who]);
	await change(`title = '${text('Another title')}'`, sessions.public.id);
	await change(`state = 'cancelled'`, sessions.members.id);
	await run(
		`insert into public.slots (session_id, summit_id, during) select $1, $2, tstzrange(now() + interval '20 hours', now() + interval '21 hours')`,
		[sessions.draft.id, summit]
	);
	await run(
		`insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $2, $3, during from public.slots where session_id = $1`,
		[sessions.draft.id, world.room, summit]
	);
	await actAs(db.owner, people.programme, 'select public.publish_release($1)', [summit]);
	for (const role of ['speaker', 'interpreter'])
		await run(`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, $4)`, [
			sessions.draft.id,
			summit,
			people.listed.person,
			role
		]);
	for (const state of ['confirmed', 'declined'])
		await run(`update public.session_people set state = $2 where session_id = $1`, [sessions.draft.id, state]);
	await run(`delete from public.session_people where session_id = $1`, [sessions.draft.id]);
	await run(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	const again = await id(
		`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, 'public') returning id`,
		[sessions.public.id, summit, world.room]
	);
	await run(`update public.runs set state = 'live', started_at = now() where id = $1`, [again]);
	await run(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values ($1, 'video/webm', 1, $2, 'kept', 'clean')`,
		['a'.repeat(32), Buffer.alloc(32)]
	);
	const recording = await id(
		`insert into private.recordings (run_id, session_id, summit_id, level, state, object_name, length_ms, stopped_at)
		values ($1, $2, $3, 'public', 'ready', $4, 1000, now()) returning id`,
		[again, sessions.public.id, summit, 'a'.repeat(32)]
	);
	for (const at of ['now()', 'null'])
		await run(`update private.recordings set published_at = ${at} where id = $1`, [recording]);
	const proposal = await id(
		`insert into private.proposals (summit_id, owner_id, title) values ($1, $2, $3) returning id`,
		[summit, people.speaker.person, text('Of nobody')]
	);
	for (const state of ['submitted', 'withdrawn'])
		await run(`update private.proposals set state = $2 where id = $1`, [proposal, state]);
	await run(`insert into private.proposal_decisions (proposal_id, summit_id, decision) values ($1, $2, 'decline')`, [
		proposal,
		summit
	]);
	await run(`update private.proposal_decisions set released_decision = 'decline', decision_released_at = now()`);
	const side = await id(
		`insert into private.side_events (summit_id, member_id, title, purpose, wished, expected, languages, contact)
		values ($1, $2, $3, $3, 'morning', 10, '{en}', 'Somebody') returning id`,
		[summit, world.member, text('Beside')]
	);
	await run(`update private.side_events set state = 'accepted' where id = $1`, [side]);
	await run(
		`insert into private.session_files (session_id, summit_id, kind, publication, level) values ($1, $2, 'slides', 'session', 'public')`,
		[sessions.public.id, summit]
	);
}

async function publishingActs() {
	const { summit, people } = world;
	await run(
		`insert into private.announcements (summit_id, audience, texts, original, shown_until, idempotency_key) values ($1, 'everyone', '{}', 'en', now() + interval '1 hour', $2)`,
		[summit, randomUUID()]
	);
	const page = await id(
		`insert into private.pages (summit_id, kind, slug, title) values ($1, 'venue', 'venue', $2) returning id`,
		[summit, text('Venue')]
	);
	await run(
		`insert into private.page_versions (page_id, number, title, summary, blocks) values ($1, 1, $2, '{}', '[]')`,
		[page, text('Venue')]
	);
	const commitment = await commit('public');
	await step(commitment, 'announced');
	await run(
		`insert into private.commitment_reports (commitment_id, member_id, progress, body, audience) values ($1, $2, 'on_track', $3, 'public')`,
		[commitment, world.member, text('Going well')]
	);
	await document(commitment);
	await run(
		`insert into private.commitment_steps (commitment_id, number, step, reason) values ($1, 1, 'withdrawn', 'Because')`,
		[commitment]
	);
	const survey = await id(
		`insert into private.surveys (summit_id, kind, title, opens_at, closes_at) values ($1, 'summit', $2, now(), now() + interval '1 day') returning id`,
		[summit, text('Survey')]
	);
	await run(`update private.surveys set published_at = now(), smallest_group = 5 where id = $1`, [survey]);
	await run(`insert into public.figure_releases (summit_id, number, content) values ($1, 1, '{}')`, [summit]);
	await run(
		`insert into private.impact_releases (summit_id, number, texts, targets, released_by) values ($1, 1, '{}', '{}', $2)`,
		[summit, people.owner.person]
	);
	await run(`update private.impact_releases set content = '{}' where summit_id = $1`, [summit]);
	for (const state of ['draft', 'open', 'live', 'closed', 'archived'])
		await run(`update public.summits set state = $2 where id = $1`, [summit, state]);
}

async function commit(audience: string): Promise<string> {
	const commitment = await id(`insert into private.commitments (summit_id, member_id) values ($1, $2) returning id`, [
		world.summit,
		world.member
	]);
	await run(
		`insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit, baseline, target, due_on, theme_id, audience)
		select $1, 1, $2, $2, $2, $2, $2, 0, 1, '2027-01-01', (select min(id::text)::uuid from private.commitment_themes), $3`,
		[commitment, text('Promise'), audience]
	);
	return commitment;
}
const step = (commitment: string, name: string, at = 'now()') =>
	run(`insert into private.commitment_steps (commitment_id, number, step, effective_at) values ($1, 1, $2, ${at})`, [
		commitment,
		name
	]);

async function document(commitment: string, embargo = 'null'): Promise<string> {
	const item = await id(`insert into private.library_items (state) values ('draft') returning id`);
	await run(
		`insert into private.library_versions (item_id, number, kind, title, summary, licence, issued_on, level, submitted_at, embargo_until)
		values ($1, 1, 'report', $2, $2, 'cc_by', '2026-01-01', 'public', now(), ${embargo})`,
		[item, text('Document')]
	);
	await run(`insert into private.library_ties (item_id, number, commitment_id) values ($1, 1, $2)`, [item, commitment]);
	await run(`update private.library_items set state = 'published' where id = $1`, [item]);
	await run(`update private.library_versions set published_at = now() where item_id = $1`, [item]);
	return item;
}

test('each kind is written where it happens, with ids and codes alone', async () => {
	const registration = await registrationActs();
	await queueAndMoneyActs(registration);
	await onSiteActs();
	await programmeActs();
	await publishingActs();
	const events = await written();
	expect([...new Set(events.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
	const value = /^(?:[0-9A-Za-z]{6,10}|[0-9a-f-]{36}|VL-1|venue|\d+|\d{4}-\d\d-\d\dT[\d:]+Z)$/;
	for (const { data } of events) {
		const { summit, ...rest } = data;
		expect(summit).toBe(world.slug);
		for (const each of Object.values(rest)) expect(String(each)).toMatch(value);
	}
	const all = JSON.stringify(events);
	for (const { person, account, name } of Object.values(world.people)) {
		expect(all).not.toContain(person);
		expect(all).not.toContain(account);
		expect(all).not.toContain(name);
	}
	const { rows } = await db.owner.query<{ code: string; badge_code: string; proof: string }>(
		`select p.code, b.badge_code, (select code from private.visa_letters limit 1) as proof from public.people as p, public.badges as b`
	);
	for (const { code, badge_code, proof } of rows)
		for (const secret of [code, badge_code, proof]) expect(all).not.toContain(secret);
	// The scan at the door of a room is in none.
	expect(events.filter(({ kind }) => kind.startsWith('check_in')).map(({ kind }) => kind)).toEqual([
		'check_in.entered',
		'check_in.left',
		'check_in.undone'
	]);
	// Nor the interpreter.
	expect(events.filter(({ kind }) => kind === 'speaker.invited')).toHaveLength(1);
	expect(
		events
			.filter(({ kind }) => kind.startsWith('session.') && kind !== 'session.live' && kind !== 'session.ended')
			.map(({ kind, data }) => [kind, data['session']])
			.sort()
	).toEqual(
		[
			['session.added', world.sessions.draft.code],
			['session.cancelled', world.sessions.members.code],
			['session.changed', world.sessions.public.code]
		].sort()
	);
});

test('a closed session is in no event, whatever happens to it', async () => {
	const { summit, sessions, people } = world;
	const { id: closed } = sessions.closed;
	await run(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	await run('delete from private.webhook_events');
	const over = await id(
		`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, 'closed') returning id`,
		[closed, summit, world.room]
	);
	await run(`update public.runs set state = 'live', started_at = now() where id = $1`, [over]);
	await run(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [over]);
	await run(`update public.session_people set state = 'declined' where session_id = $1`, [closed]);
	await run(`delete from public.session_people where session_id = $1`, [closed]);
	await run(
		`insert into private.session_files (session_id, summit_id, kind, publication, level) values ($1, $2, 'slides', 'session', 'closed')`,
		[closed, summit]
	);
	await run(
		`insert into private.announcements (summit_id, audience, session_id, texts, original, shown_until, idempotency_key) values ($1, 'session', $3, '{}', 'en', now() + interval '1 hour', $2)`,
		[summit, randomUUID(), closed]
	);
	const proposal = await id(
		`insert into private.proposals (summit_id, owner_id, title, level) values ($1, $2, $3, 'closed') returning id`,
		[summit, people.speaker.person, text('Closed one')]
	);
	await run(`update private.proposals set state = 'submitted', submitted_at = now() where id = $1`, [proposal]);
	await run(
		`insert into private.proposal_decisions (proposal_id, summit_id, decision, released_decision) values ($1, $2, 'accept', 'accept')`,
		[proposal, summit]
	);
	await run(`update public.sessions set title = $2 where id = $1`, [closed, text('Another')]);
	expect(await written()).toEqual([]);
	await actAs(db.owner, people.programme, 'select public.publish_release($1)', [summit]);
	expect(await writtenKinds()).toEqual(['agenda.released']);
	// Opened in the draft it stays closed until the next release, and is then a session like any new one.
	await run(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [closed]);
	await run(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker')`,
		[closed, summit, people.speaker.person]
	);
	expect(await writtenKinds()).toEqual(['agenda.released']);
	await actAs(db.owner, people.programme, 'select public.publish_release($1)', [summit]);
	expect(await writtenKinds()).toEqual(['agenda.released', 'agenda.released', 'session.added']);
	// Closed again it vanishes without an event, and so does what was written of it.
	await run(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [closed]);
	await actAs(db.owner, people.programme, 'select public.publish_release($1)', [summit]);
	expect((await writtenKinds()).filter((kind) => kind !== 'agenda.released')).toEqual(['session.added']);
	const log = await actAs<{ log: { deliveries: { kind: string }[] } }>(
		db.owner,
		people.owner,
		`select public.read_webhook($1, e) as log from (select (public.list_webhooks($1) -> 0 ->> 'id')::uuid) as x (e)`,
		[summit]
	);
	expect(new Set(log[0]?.log.deliveries.map(({ kind }) => kind))).toEqual(new Set(['agenda.released']));
});

test('what was written of a proposal goes when its level is closed', async () => {
	const proposal = await id(
		`insert into private.proposals (summit_id, owner_id, title) values ($1, $2, $3) returning id`,
		[world.summit, world.people.speaker.person, text('Open one')]
	);
	await run(`update private.proposals set state = 'submitted', submitted_at = now() where id = $1`, [proposal]);
	expect(await writtenKinds()).toEqual(['proposal.submitted']);
	await run(`update private.proposals set level = 'closed' where id = $1`, [proposal]);
	expect(await written()).toEqual([]);
});

test('an alias and a badge that is replaced are in no event', async () => {
	const { person } = world.people.delegate;
	await run('select private.rotate_person_identity($1)', [person]);
	await run('select private.rotate_person_identity($1)', [world.people.speaker.person]);
	expect(await written()).toEqual([]);
	for (const reason of ['lost', 'walked_out', 'reprinted']) {
		await run(
			`update public.badges set revoked_at = now(), revoked_reason = $2 where registration_id = $1 and revoked_at is null`,
			[world.registrations.delegate, reason]
		);
		await run(`insert into public.badges (summit_id, registration_id) values ($1, $2)`, [
			world.summit,
			world.registrations.delegate
		]);
	}
	expect(await written()).toEqual([]);
});

test('an announcement of a commitment that is to come, or a document under an embargo, is unknown until then', async () => {
	const commitment = await commit('public');
	await step(commitment, 'announced', `now() + interval '1 day'`);
	const item = await document(commitment, `now() + interval '1 day'`);
	const due = async () =>
		(
			await db.owner.query<{ kind: string }>(
				`select e.kind from private.webhook_events as e join private.webhook_deliveries as d on d.event_id = e.id where d.due_at > now() + interval '23 hours' order by e.place`
			)
		).rows.map(({ kind }) => kind);
	expect(await due()).toEqual(['commitment.announced', 'document.published']);
	const [row] = await actAs<{ endpoints: object[] }>(
		db.owner,
		world.people.owner,
		'select public.list_webhooks($1) as endpoints',
		[world.summit]
	);
	expect(row?.endpoints).toMatchObject([{ waiting: 0 }]);
	await step(commitment, 'unscheduled');
	await run(
		`update private.library_items set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'Because' where id = $1`,
		[item]
	);
	expect(await due()).toEqual([]);
});

test('a document that a later version closed to the public before its embargo ended is in no event', async () => {
	const commitment = await commit('public');
	const item = await document(commitment, `now() + interval '1 day'`);
	expect(await writtenKinds()).toEqual(['document.published']);
	await run(
		`insert into private.library_versions (item_id, number, kind, title, summary, licence, issued_on, level, submitted_at)
		values ($1, 2, 'report', $2, $2, 'cc_by', '2026-01-02', 'members', now())`,
		[item, text('Document')]
	);
	await run(`update private.library_versions set published_at = now() where item_id = $1 and number = 2`, [item]);
	expect(await writtenKinds()).toEqual([]);
});

test('a commitment for members alone, and one that nobody was shown, is in no event', async () => {
	await step(await commit('members'), 'announced');
	const withdrawn = await commit('public');
	await run(
		`insert into private.commitment_steps (commitment_id, number, step, reason) values ($1, 1, 'withdrawn', 'Because')`,
		[withdrawn]
	);
	expect(await written()).toEqual([]);
});

test('nothing that was sent connects the reference under an alias with the one before', async () => {
	const { summit, registrations, people } = world;
	const { delegate } = registrations;
	const reference = () =>
		readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [delegate]);
	const letter = await id(
		`insert into private.visa_letters (summit_id, registration_id, number, reference, content_sealed, key_id)
		values ($1, $2, 1, 'L-1', '\\x00', 'k') returning id`,
		[summit, delegate]
	);
	const entrance = await id(
		`insert into public.checkpoints (summit_id, kind, name) values ($1, 'entrance', $2) returning id`,
		[summit, text('Main entrance')]
	);
	const scan = randomUUID();
	await run(
		`insert into private.door_scans (id, summit_id, checkpoint_id, place, person_id, direction, scanned_at, answer, is_counted, day)
		select $1, $2, c.id, c.place, $4, 'in', now(), 'welcome', true, current_date from public.checkpoints as c where c.id = $3`,
		[scan, summit, entrance, people.delegate.person]
	);
	await run(`update private.webhook_deliveries set attempts = 1, state = 'delivered'`);
	await run(`select private.write_registration_event($1, 'queue.offered')`, [delegate]);
	const old = await reference();
	await chooseAlias(db.owner, people.delegate, 'Marta Ilves');
	await run(
		`update private.visa_letters set withdrawn_at = now(), content_sealed = null, key_id = null where id = $1`,
		[letter]
	);
	await run(`update private.door_scans set undone_at = now() where id = $1`, [scan]);
	expect((await written()).map(({ kind, data }) => [kind, data['registration']])).toEqual([
		['letter.issued', old],
		['check_in.entered', old],
		['queue.offered', await reference()],
		['letter.withdrawn', null],
		['check_in.undone', null]
	]);
});
