/*
 * Changes in a person's agenda since their last visit: the rows of the digest, by current rights, until the next visit.
 */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { callAs as call, inTurn } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

type Level = keyof World['sessions'];
interface UnreadChanges {
	number: number;
	changes: { code: string; kinds: string[]; after: { people: { display_name: string }[] } | null }[];
}
const callAs = <T>(who: PersonKind, sql: string, values: unknown[] = []) =>
	call<T>(db.owner, world.people[who], sql, [world.summit, ...values]);
const look = (who: PersonKind, visit = true) =>
	callAs<UnreadChanges | null>(who, 'public.read_unread_changes($1, $2)', [visit]);
const unseen = (who: PersonKind) => callAs<number>(who, 'public.count_unread_changes($1)');
const levelOf = (code: string) =>
	Object.entries(world.sessions).find(([, session]) => session.code === code)?.[0] ?? code;
const listOf = (unread: UnreadChanges | null) =>
	unread?.changes.map(({ code, kinds }) => [levelOf(code), ...kinds].join(' '));
const publish = () => callAs<{ status: string }>('programme', 'public.publish_release($1)');
const rename = (level: Level, title: string) =>
	db.owner.query(
		`update public.sessions set title = jsonb_build_object('original', 'en', 'en', $2::text) where id = $1`,
		[world.sessions[level].id, title]
	);
const move = (level: Level, days: number) =>
	db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + make_interval(days => $2), upper(during) + make_interval(days => $2)) where session_id = $1`,
		[world.sessions[level].id, days]
	);
const mark = (who: PersonKind, ...levels: Level[]) =>
	inTurn(levels, (level) =>
		call(db.owner, world.people[who], 'public.mark_session($1, true)', [world.sessions[level].id])
	);
/** Ends the former visit. */
const leave = () => db.owner.query(`update private.agenda_visits set visited_at = visited_at - interval '31 minutes'`);

async function digest() {
	await db.owner.query(`update private.agenda_digests set due_at = now() - interval '1 second'`);
	await db.app.query('select private.send_digests()');
}

test('shows changes once, during the visit, until they are dismissed', async () => {
	for (const level of ['members', 'public'] as const) await mark('delegate', level);
	expect([await unseen('delegate'), listOf(await look('delegate'))]).toEqual([0, []]);
	await leave();
	await rename('members', 'Renamed');
	await move('public', 5);
	await rename('chatham_house', 'Of no concern');
	await publish();
	await rename('members', 'Renamed again');
	await publish();
	expect(await unseen('delegate')).toBe(2);
	// An offline copy and a request by a program do not count as a visit.
	expect(listOf(await look('delegate', false))).toEqual(['members renamed', 'public moved']);
	expect(await unseen('delegate')).toBe(2);
	expect(listOf(await look('delegate'))).toEqual(['members renamed', 'public moved']);
	expect(await unseen('delegate')).toBe(0);
	expect(listOf(await look('delegate'))).toEqual(['members renamed', 'public moved']);
	// Changes that arrive while somebody reads are not dismissed with those that were read.
	await move('members', 6);
	await publish();
	expect(await callAs('delegate', 'public.dismiss_agenda_changes($1, $2)', [3])).toBe('ok');
	expect([await unseen('delegate'), listOf(await look('delegate'))]).toEqual([1, ['members moved']]);
	expect(await callAs('delegate', 'public.dismiss_agenda_changes($1, $2)', [2])).toBe('none');
	await leave();
	expect(listOf(await look('delegate'))).toEqual([]);
});

test('lists the same as the digest, for speakers and delegates', async () => {
	for (const kind of ['delegate', 'speaker'] as const)
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, '\\x00', 'k')`,
			[world.people[kind].person, Buffer.from(randomUUID())]
		);
	await db.owner.query('delete from private.pending_agenda_changes');
	await db.owner.query('delete from private.agenda_digests');
	// For a speaker the first release is a change.
	expect(listOf(await look('speaker'))?.toSorted()).toEqual(['closed added', 'public added']);
	await leave();
	for (const level of ['members', 'chatham_house'] as const) await mark('delegate', level);
	await move('public', 5);
	await move('members', 6);
	await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [
		world.sessions.chatham_house.id
	]);
	await db.owner.query(
		`update public.sessions set abstract = '{"original":"en","en":"A corrected text"}' where id = $1`,
		[world.sessions.closed.id]
	);
	await publish();
	await digest();
	for (const kind of ['delegate', 'speaker'] as const) {
		const [mail] = (
			await db.owner.query<{ changes: UnreadChanges['changes'] }>(
				`select params -> 'changes' as changes from private.outbox where template = 'agenda_changes' and person_id = $1`,
				[world.people[kind].person]
			)
		).rows;
		expect([kind, listOf(await look(kind))?.toSorted()]).toEqual([
			kind,
			mail?.changes.map(({ code, kinds }) => [levelOf(code), ...kinds].join(' ')).toSorted()
		]);
	}
});

test('follows current rights, and is readable only by the person', async () => {
	await mark('delegate', 'members', 'public');
	await mark('listed', 'closed');
	await look('listed');
	await leave();
	await rename('closed', 'Held closely');
	await rename('members', 'Soon closed');
	await rename('public', 'For all');
	await publish();
	expect(listOf(await look('listed'))).toEqual(['closed renamed']);
	await db.owner.query('delete from public.session_audiences where session_id = $1', [world.sessions.closed.id]);
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		world.sessions.members.id
	]);
	expect([listOf(await look('listed')), listOf(await look('delegate'))]).toEqual([[], ['public renamed']]);
	// Nobody without a star or a part in a session gets unread changes, or a row.
	for (const kind of ['virtual', 'newcomer', 'programme'] as const)
		expect([await look(kind), await unseen(kind)]).toEqual([null, 0]);
	expect(await callAs('newcomer', 'public.dismiss_agenda_changes($1, $2)', [2])).toBe('none');
});

test('names a protected speaker by their alias only, as the digest does', async () => {
	const { speaker } = world.people;
	const real = 'Zoraida Canary';
	await db.owner.query(`update public.people set display_name = $2 where id = $1`, [speaker.person, real]);
	await mark('delegate', 'public');
	const registration = world.registrations.speaker;
	const on = {
		protection: 'alias',
		alias: { display_name: 'Marta Ilves', office: 'Adviser', affiliation: 'Independent' },
		real_name_sealed: 'ab'.repeat(40),
		key_id: 'k1'
	};
	await db.owner.query('delete from public.session_people where session_id = $1', [world.sessions.public.id]);
	await publish();
	await digest();
	await look('delegate');
	await leave();
	expect(
		await call<{ status: string }>(db.owner, speaker, 'private.save_registration($1, 4, $2)', [
			registration,
			JSON.stringify(on)
		])
	).toMatchObject({ status: 'ok' });
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state)
		select $1, $2, person_id, 'speaker', 'confirmed' from public.registrations where id = $3`,
		[world.sessions.public.id, world.summit, registration]
	);
	await publish();
	const unread = await look('delegate');
	expect(unread?.changes.map(({ after }) => after?.people.map(({ display_name }) => display_name))).toEqual([
		['Marta Ilves']
	]);
	await digest();
	const log = await call(db.owner, world.people.delegate, 'public.read_changelog($1, 2, 3)', [world.summit]);
	const mails = await db.owner.query('select params from private.outbox where summit_id = $1', [world.summit]);
	for (const output of [unread, log, mails.rows]) expect(JSON.stringify(output)).not.toMatch(/Zoraida|Canary/);
	expect(JSON.stringify(log)).toContain('Marta Ilves');
});
