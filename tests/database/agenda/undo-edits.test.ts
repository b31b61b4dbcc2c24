/* Undo of edits beside the board: the fields that were changed, and nothing that somebody else changed since. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { draftTime as at, makeDraft, scheduleSession, undoChange, type DraftSummit } from '../../fixtures/drafting.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useDatabase();
let draft: DraftSummit;
let session: string;

beforeEach(async () => {
	draft = await makeDraft(db.owner);
	session = draft.sessions[0] ?? '';
});

const title = (words: string) => ({ original: 'en', en: words });
async function edit(fields: object, who = draft.organisers[0]) {
	const version = await readValue<number>(db.owner, 'select version from public.sessions where id = $1', [session]);
	return callAs<{ status: string }>(db.owner, who, 'public.edit_session($1, $2, $3)', [
		draft.summit,
		session,
		JSON.stringify({ version, ...fields })
	]);
}
const shown = () =>
	readValue<string>(
		db.owner,
		`select concat_ws(' ', title ->> 'en', level, state, (select count(*) from public.slots where session_id = s.id)) from public.sessions as s where id = $1`,
		[session]
	);
const undo = async (forward = false, who = draft.organisers[0]) =>
	(await undoChange(db.owner, who, draft.summit, forward)).status;

test('undoes and redoes texts, levels and placements in their order', async () => {
	expect((await edit({ title: title('First') })).status).toBe('ok');
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await edit({ title: title('Second'), level: 'public' });
	const seen = [await shown()];
	for (const forward of [false, false, false, true, true, true]) {
		expect(await undo(forward)).toBe('ok');
		seen.push(await shown());
	}
	expect(seen).toEqual([
		'Second public confirmed 1',
		'First members confirmed 1',
		'First members confirmed 0',
		'Session 1 members confirmed 0',
		'First members confirmed 0',
		'First members confirmed 1',
		'Second public confirmed 1'
	]);
	expect(await undo(true)).toBe('nothing');
});

test('an edit that changes nothing is no step', async () => {
	await edit({ title: title('Session 1') });
	expect(await undo()).toBe('nothing');
});

test('keeps what somebody else has written since, and other fields that they changed', async () => {
	const [mine, other] = draft.organisers;
	await edit({ title: title('Mine') }, mine);
	await edit({ title: title('Theirs') }, other);
	expect([await undo(false, mine), await shown()]).toEqual(['edited_meanwhile', 'Theirs members confirmed 0']);
	expect(await undo(false, mine)).toBe('nothing');
	await edit({ title: title('Mine again') }, mine);
	await edit({ level: 'public' }, other);
	expect([await undo(false, mine), await shown()]).toEqual(['ok', 'Theirs public confirmed 0']);
});

test('undoing a cancellation brings back its times, or nothing where the room is taken', async () => {
	const [mine, other] = draft.organisers;
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await edit({ state: 'cancelled' });
	expect(await shown()).toBe('Session 1 members cancelled 0');
	expect([await undo(), await shown()]).toEqual(['ok', 'Session 1 members confirmed 1']);
	expect([await undo(true), await shown()]).toEqual(['ok', 'Session 1 members cancelled 0']);
	await scheduleSession(db.owner, draft, 1, 0, at('09:30'), at('10:30'), other);
	expect([await undo(false, mine), await shown()]).toEqual(['room_taken', 'Session 1 members cancelled 0']);
});

test('is for programme organisers, and for their own edits', async () => {
	const stranger = await makePerson(db.owner, 'Nobody Here');
	expect((await edit({ title: title('x') }, stranger)).status).toBe('not_allowed');
	await edit({ title: title('Mine') });
	expect(await undo(false, draft.organisers[1])).toBe('nothing');
	expect((await edit({ version: 0, title: title('Stale') })).status).toBe('conflict');
});

test('undoes and redoes whom the audience lists, unless somebody else has changed the list since', async () => {
	const [mine, other] = draft.organisers;
	const people = [await makePerson(db.owner, 'Ana Lima'), await makePerson(db.owner, 'Bo Rask')];
	const add = (n: number, who = mine) =>
		callAs<string>(db.owner, who, 'public.add_to_audience($1, $2)', [session, people[n]?.person]);
	const listed = () =>
		readValue<string>(
			db.owner,
			`select coalesce(string_agg(p.display_name, ', ' order by p.display_name), '') from public.session_audiences as a
			join public.people as p on p.id = a.person_id where a.session_id = $1`,
			[session]
		);
	const remove = async (who = mine) =>
		callAs<string>(db.owner, who, 'public.remove_from_audience($1)', [
			await readValue(db.owner, 'select id from public.session_audiences where session_id = $1 limit 1', [session])
		]);
	expect([await add(0), await add(0), await add(1)]).toEqual(['ok', 'already', 'ok']);
	expect(await remove()).toBe('ok');
	const seen = [];
	for (const forward of [false, false, false, true, true, true]) {
		expect(await undo(forward)).toBe('ok');
		seen.push(await listed());
	}
	const last = await listed();
	expect(seen).toEqual(['Ana Lima, Bo Rask', 'Ana Lima', '', 'Ana Lima', 'Ana Lima, Bo Rask', last]);
	expect(['Ana Lima', 'Bo Rask']).toContain(last);
	await remove(other);
	expect([await undo(), await listed()]).toEqual(['edited_meanwhile', '']);
});
