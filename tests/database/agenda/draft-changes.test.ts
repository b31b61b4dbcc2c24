/* How the draft of each session differs from the release, and that the board counts the same. */
import { expect, test } from 'vitest';
import { draftTime as at, makeDraft, scheduleSession } from '../../fixtures/drafting.ts';
import { callAs, makePeople } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

test('names each kind of difference, including a person who was removed', async () => {
	const draft = await makeDraft(db.owner, { sessions: 10, rooms: 10 });
	const [organiser] = draft.organisers;
	const [stays, title, moved, room, cancelled, withdrawn, added, lost, declined, idea] = draft.sessions;
	// A person cannot be in two places at once.
	const people = await makePeople(db.owner, 3);
	const takesPart = (session: string | undefined, n: number) =>
		db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[session, draft.summit, people[n]?.person]
		);
	for (const n of [0, 1, 2, 3, 4, 5, 7, 8]) await scheduleSession(db.owner, draft, n, n, at('09:00'), at('10:00'));
	await takesPart(stays, 0);
	await takesPart(lost, 1);
	await takesPart(declined, 2);
	expect(await callAs(db.owner, organiser, 'public.publish_release($1)', [draft.summit])).toMatchObject({
		status: 'ok'
	});

	await scheduleSession(db.owner, draft, 6, 6, at('09:00'), at('10:00'));
	await db.owner.query(`update public.sessions set title = title || '{"en":"Other"}' where id = $1`, [title]);
	await db.owner.query(
		`update public.slots set during = tstzrange(lower(during), upper(during) + '15 minutes') where session_id = $1`,
		[moved]
	);
	await db.owner.query(
		`update public.slot_rooms set room_id = (select id from public.rooms where summit_id = $2 and slug = 'room-10')
		where slot_id in (select id from public.slots where session_id = $1)`,
		[room, draft.summit]
	);
	await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [cancelled]);
	await db.owner.query(`update public.sessions set state = 'draft' where id = $1`, [withdrawn]);
	await db.owner.query(`delete from public.session_people where session_id = $1`, [lost]);
	await db.owner.query(`update public.session_people set state = 'declined' where session_id = $1`, [declined]);

	const { sessions } = await callAs<{ sessions: { id: string; change: string | null }[] }>(
		db.owner,
		organiser,
		'public.read_draft($1)',
		[draft.summit]
	);
	expect(Object.fromEntries(sessions.map(({ id, change }) => [id, change]))).toEqual({
		[stays ?? '']: 'none',
		[title ?? '']: 'changed',
		[moved ?? '']: 'moved',
		[room ?? '']: 'moved',
		[cancelled ?? '']: 'cancelled',
		[withdrawn ?? '']: 'withdrawn',
		[added ?? '']: 'new',
		[lost ?? '']: 'changed',
		[declined ?? '']: 'changed',
		[idea ?? '']: null
	});
	expect(
		await callAs(db.owner, organiser, `(public.read_agenda_builder($1) ->> 'changes')::integer`, [draft.summit])
	).toBe(8);
	for (const { id, change } of sessions)
		expect(await callAs(db.owner, organiser, `public.read_draft_session($1) ->> 'change'`, [id])).toBe(change);
});

test('reports another format or track as a change, and a session that is no longer cancelled as restored', async () => {
	const draft = await makeDraft(db.owner, { sessions: 4, rooms: 4 });
	const [organiser] = draft.organisers;
	const [format, track, restored, stays] = draft.sessions;
	for (const n of [0, 1, 2, 3]) await scheduleSession(db.owner, draft, n, n, at('09:00'), at('10:00'));
	const publish = () => callAs(db.owner, organiser, 'public.publish_release($1)', [draft.summit]);
	await publish();
	await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [restored]);
	expect(await publish()).toMatchObject({ status: 'ok', number: 2 });

	const name = '{"original":"en","en":"Other"}';
	await db.owner.query(
		`with made as (insert into public.formats (summit_id, slug, name, minutes) values ($2, 'other', $3, 30) returning id)
		update public.sessions set format_id = made.id from made where sessions.id = $1`,
		[format, draft.summit, name]
	);
	await db.owner.query(
		`with made as (insert into public.tracks (summit_id, slug, name) values ($2, 'other', $3) returning id)
		update public.sessions set track_id = made.id from made where sessions.id = $1`,
		[track, draft.summit, name]
	);
	await db.owner.query(`update public.sessions set state = 'confirmed' where id = $1`, [restored]);
	await scheduleSession(db.owner, draft, 2, 2, at('09:00'), at('10:00'));
	const changeOf = (id: string | undefined) =>
		callAs(db.owner, organiser, `public.read_draft_session($1) ->> 'change'`, [id]);
	expect([await changeOf(format), await changeOf(track), await changeOf(restored), await changeOf(stays)]).toEqual([
		'changed',
		'changed',
		'restored',
		'none'
	]);
	await publish();
	expect([await changeOf(format), await changeOf(track), await changeOf(restored)]).toEqual(['none', 'none', 'none']);
});

test('hides the release from people who do not build the agenda when they read the draft', async () => {
	const draft = await makeDraft(db.owner, { sessions: 1, rooms: 1 });
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await callAs(db.owner, draft.organisers[0], 'public.publish_release($1)', [draft.summit]);
	const [outsider] = await makePeople(db.owner, 1);
	expect(await callAs(db.owner, outsider as TestPerson, 'public.read_draft($1)', [draft.summit])).toEqual({
		release: null,
		sessions: []
	});
});
