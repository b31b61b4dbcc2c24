/* Findings that organisers accept: with a reason, until something that the check looked at changes, and never one that blocks. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

interface Found {
	code: string;
	fingerprint: string;
	accepted: { reason: string; by: string | null } | null;
}

const db = useDatabase();
let draft: DraftSummit;
let organiser: TestPerson;

beforeEach(async () => {
	draft = await makeDraft(db.owner);
	organiser = draft.organisers[0];
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await db.owner.query(`insert into public.session_needs (session_id, summit_id, expected) values ($1, $2, 150)`, [
		draft.sessions[0],
		draft.summit
	]);
});

async function finding(code: string, session = draft.sessions[0], who = organiser): Promise<Found | undefined> {
	const { findings } = await callAs<{ findings: (Found & { sessions: string[] })[] }>(
		db.owner,
		who,
		'public.read_checks($1)',
		[draft.summit]
	);
	return findings.find((one) => one.code === code && one.sessions.includes(session ?? ''));
}

const accept = (fingerprint: string | undefined, reason = 'Chairs come from next door.', who = organiser) =>
	callAs<string>(db.owner, who, 'public.accept_finding($1, $2, $3)', [draft.summit, fingerprint, reason]);

test('are accepted with a reason, and reopened', async () => {
	const found = await finding('room_capacity');
	expect(found?.accepted).toBeNull();
	expect(await accept(found?.fingerprint, ' ')).toBe('invalid');
	expect(await accept(found?.fingerprint)).toBe('ok');
	expect((await finding('room_capacity'))?.accepted).toMatchObject({
		reason: 'Chairs come from next door.',
		by: 'Amal Draft'
	});
	const args = [draft.summit, found?.fingerprint];
	expect(await callAs(db.owner, organiser, 'public.reopen_finding($1, $2)', args)).toBe('ok');
	expect((await finding('room_capacity'))?.accepted).toBeNull();
});

test.each([
	['the room changes', `update public.rooms set capacity = 90 where summit_id = $1 and slug = 'room-1'`, false],
	['many more people are expected', `update public.session_needs set expected = 171 where summit_id = $1`, false],
	['who may attend changes', `update public.sessions set attendance = 'hall' where summit_id = $1`, false],
	['a few more people are expected', `update public.session_needs set expected = 149 where summit_id = $1`, true],
	['the title changes', `update public.sessions set title = '{"original":"en","en":"New"}' where summit_id = $1`, true],
	[
		'it moves to another hour in the same room',
		`update public.slots set during = tstzrange(lower(during) + interval '1 hour', upper(during) + interval '1 hour') where summit_id = $1`,
		true
	]
])('when %s: %s', async (_, change, stays) => {
	expect(await accept((await finding('room_capacity'))?.fingerprint)).toBe('ok');
	await db.owner.query(change, [draft.summit]);
	expect((await finding('room_capacity'))?.accepted !== null).toBe(stays);
});

test('count again for a person when they are asked again or the session moves', async () => {
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker')`,
		[draft.sessions[0], draft.summit, draft.organisers[1].person]
	);
	await db.owner.query(
		`insert into public.person_availabilities (person_id, summit_id, during) values ($1, $2, '{[2027-06-10 00:00Z, 2027-06-11 00:00Z)}')`,
		[draft.organisers[1].person, draft.summit]
	);
	expect(await accept((await finding('outside_availability'))?.fingerprint)).toBe('ok');
	await db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + interval '1 hour', upper(during) + interval '1 hour') where summit_id = $1`,
		[draft.summit]
	);
	expect((await finding('outside_availability'))?.accepted).toBeNull();
});

test('are not accepted where they block a release, nor after a change to that severity', async () => {
	const found = await finding('room_capacity');
	expect(await accept(found?.fingerprint)).toBe('ok');
	await db.owner.query(
		`insert into public.check_settings (summit_id, code, severity) values ($1, 'room_capacity', 'block')`,
		[draft.summit]
	);
	expect((await finding('room_capacity'))?.accepted).toBeNull();
	expect(await accept(found?.fingerprint)).toBe('blocking');
});

test('are accepted by programme organisers who see their sessions, and by nobody else', async () => {
	const fingerprint = (await finding('room_capacity'))?.fingerprint;
	const other = await makeDraft(db.owner);
	expect(await accept(fingerprint, 'Mine', other.organisers[0])).toBe('not_allowed');
	expect(await accept('f'.repeat(64))).toBe('changed');
	// An owner sees no closed session, so a finding about one is not theirs to accept.
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		draft.sessions[0]
	]);
	const closed = (await finding('room_capacity'))?.fingerprint;
	const { rows } = await db.owner.query<{ person: string }>(
		`update public.role_grants set role = 'owner' where person_id = $1 and summit_id = $2 returning person_id as person`,
		[draft.organisers[1].person, draft.summit]
	);
	expect(rows).toHaveLength(1);
	expect(await accept(closed, 'Seen', draft.organisers[1])).not.toBe('ok');
});
