/* Copying a day of the draft: at the same hours of the venue, without what finds its rooms taken, and taken back by one undo. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import {
	changeDraft,
	draftTime as at,
	makeDraft,
	scheduleSession,
	undoChange,
	type DraftSummit
} from '../../fixtures/drafting.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let draft: DraftSummit;

beforeEach(async () => {
	draft = await makeDraft(db.owner);
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await db.owner.query(`update public.sessions set is_break = true where id = $1`, [draft.sessions[0]]);
	await scheduleSession(db.owner, draft, 1, 1, at('10:00'), at('11:00'));
	await changeDraft(db.owner, draft.organisers[0], draft.summit, [
		{ block_reason: 'Rehearsal', start: at('08:00'), end: at('08:30'), rooms: ['room-3'] }
	]);
});

const copy = (to: string, sessions: boolean, who: TestPerson = draft.organisers[0]) =>
	callAs(db.owner, who, 'public.copy_agenda_day($1, $2, $3, $4)', [draft.summit, '2027-06-09', to, sessions]);

async function placedOn(day: string): Promise<string[]> {
	const { rows } = await db.owner.query<{ words: string }>(
		`select concat_ws(' ', to_char(lower(sl.during) at time zone 'America/Montevideo', 'HH24:MI'), r.slug,
			coalesce(s.title ->> 'en', sl.block_reason), s.state) as words
		from public.slots as sl
		join public.slot_rooms as sr on sr.slot_id = sl.id
		join public.rooms as r on r.id = sr.room_id
		left join public.sessions as s on s.id = sl.session_id
		where sl.summit_id = $1 and (lower(sl.during) at time zone 'America/Montevideo')::date = $2
		order by words`,
		[draft.summit, day]
	);
	return rows.map(({ words }) => words);
}

test('takes breaks and blocked rooms, and one undo takes them back', async () => {
	expect(await copy('2027-06-10', false)).toEqual({ status: 'ok', copied: 2, skipped: 0 });
	expect(await placedOn('2027-06-10')).toEqual(['08:00 room-3 Rehearsal', '09:00 room-1 Session 1 confirmed']);
	expect(await copy('2027-06-10', false)).toEqual({ status: 'nothing', skipped: 2 });
	expect(await undoChange(db.owner, draft.organisers[0], draft.summit)).toMatchObject({ status: 'ok' });
	expect(await placedOn('2027-06-10')).toEqual([]);
});

test('takes sessions too, as ideas of their own without people, and leaves out what finds its room taken', async () => {
	await scheduleSession(db.owner, draft, 2, 0, at('09:30', 11), at('10:30', 11));
	expect(await copy('2027-06-11', true)).toEqual({ status: 'ok', copied: 2, skipped: 1 });
	expect(await placedOn('2027-06-11')).toEqual([
		'08:00 room-3 Rehearsal',
		'09:30 room-1 Session 3 confirmed',
		'10:00 room-2 Session 2 draft'
	]);
	expect(await placedOn('2027-06-09')).toHaveLength(3);
});

test('is for programme organisers, and copies no session that they do not see', async () => {
	const other = await makeDraft(db.owner);
	expect(await copy('2027-06-10', true, other.organisers[0])).toEqual({ status: 'not_allowed' });
	expect(await copy('2027-06-09', true)).toEqual({ status: 'invalid' });
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		draft.sessions[1]
	]);
	await db.owner.query(`update public.role_grants set role = 'owner' where person_id = $1`, [
		draft.organisers[1].person
	]);
	await copy('2027-06-10', true, draft.organisers[1]);
	expect(await placedOn('2027-06-10')).not.toContain('10:00 room-2 Session 2 draft');
});
