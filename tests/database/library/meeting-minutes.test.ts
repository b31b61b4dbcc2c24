/* Approved minutes in the library: who drafts a document from them, with which level, and that nothing closed gets there. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import { addFile, makeLibraryWorld, publishDocument, search, type LibraryWorld } from '../../fixtures/library.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;
let chair: TestPerson;
let secretary: TestPerson;
let member: TestPerson;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
	chair = await makePerson(db.owner, 'Minutes Chair');
	secretary = await makePerson(db.owner, 'Minutes Secretary');
	member = await makePerson(db.owner, 'Minutes Member');
});

interface Put {
	status: string;
	code?: string;
	item?: string;
	title?: object;
	body?: object;
}
const summary = JSON.stringify({ original: 'en', en: 'Approved minutes.' });
const put = (who: TestPerson, code: string) =>
	callAs<Put>(db.owner, who, 'public.put_minutes_in_library($1, $2)', [code, summary]);
const documents = () => readValue<number>(db.owner, 'select count(*)::integer from private.library_items');

async function makeGroup(level: string) {
	const group = await createGroup(db.owner, world.reviewer, level);
	await putInGroup(db.owner, chair, group, 'chair');
	await putInGroup(db.owner, secretary, group, 'secretary');
	await putInGroup(db.owner, member, group, 'member');
	return group;
}

/** A meeting that was held, with minutes in a state. */
const meeting = (group: string, level = 'public', state = 'approved') =>
	readValue<string>(
		db.owner,
		`with held as (
			insert into private.meetings (group_id, title, zone, starts_at, ends_at, level, state)
			select id, '{"original":"en","en":"Spring meeting"}', 'Europe/Berlin', '2026-03-02 23:30Z', '2026-03-03 01:00Z', $2, 'held'
			from private.groups where code = $1 returning id, code
		), written as (
			insert into private.meeting_minutes (meeting_id, number, body, state, comments_until, approved_at)
			select id, 1, '{"original":"en","en":"The quokka was discussed.","fr":"Le quokka."}', $3::public.minutes_state,
				case $3 when 'draft' then null else date '2026-03-20' end, case $3 when 'approved' then now() end
			from held
		)
		select code from held`,
		[group, level, state]
	);

test('a chair or secretary drafts a document, which is reviewed as any other', async () => {
	const group = await makeGroup('public');
	const code = await meeting(group);
	for (const who of [member, world.people.delegate, world.reviewer, world.second, world.people.owner])
		expect([who.name, await put(who, code)]).toEqual([
			who.name,
			// Who made the group is its secretary.
			who === world.reviewer ? expect.objectContaining({ status: 'ok' }) : { status: 'not_found' }
		]);
	await db.owner.query('delete from private.library_ties; delete from private.library_version_writers');
	await db.owner.query('delete from private.library_versions; delete from private.library_items');
	const made = await put(secretary, code);
	expect(made).toMatchObject({
		status: 'ok',
		title: { en: 'Spring meeting' },
		body: { en: 'The quokka was discussed.', fr: 'Le quokka.' }
	});
	expect(await put(chair, code)).toEqual({ status: 'already' });
	const document = { id: made.item ?? '', code: made.code ?? '' };
	const work = await callAs<object>(db.owner, secretary, 'public.read_library_work($1)', [document.code]);
	expect(work).toMatchObject({
		kind: 'minutes',
		state: 'draft',
		level: 'public',
		// The day of the meeting in its zone.
		issued_on: '2026-03-03',
		ties: { groups: [{ code: group }] }
	});
	expect((await search(world, null, '')).total).toBe(0);
	expect(await addFile(world, secretary, document, { content: 'The quokka was discussed.' })).toBe('ok');
	await publishDocument(world, secretary, document);
	expect((await search(world, null, 'quokka')).results.map((hit) => hit.code)).toEqual([document.code]);
});

test('the stricter level of meeting and group is that of the document', async () => {
	const level = async (group: string, ofMeeting: string) => {
		const { code } = await put(chair, await meeting(await makeGroup(group), ofMeeting));
		return readValue<string>(
			db.owner,
			`select v.level::text from private.library_versions as v join private.library_items as i on i.id = v.item_id where i.code = $1`,
			[code]
		);
	};
	expect([await level('public', 'members'), await level('members', 'public')]).toEqual(['members', 'members']);
});

test('nothing of a closed meeting, a closed group, an ended group or minutes that are not final gets there', async () => {
	const open = await makeGroup('public');
	const ended = await makeGroup('public');
	const tried = [
		await meeting(await makeGroup('closed')),
		await meeting(await makeGroup('closed'), 'closed'),
		await meeting(open, 'closed'),
		await meeting(open, 'public', 'draft'),
		await meeting(open, 'public', 'comments'),
		await meeting(ended)
	];
	const corrected = await meeting(open);
	expect(await callAs(db.owner, chair, 'public.correct_minutes($1, $2)', [corrected, 'A name'])).toBe('ok');
	await db.owner.query('update private.groups set ended_at = now() where code = $1', [ended]);
	const before = await documents();
	for (const code of [...tried, corrected])
		for (const who of [chair, secretary]) expect(await put(who, code)).toEqual({ status: 'wrong_state' });
	for (const code of [...tried, 'UNKNOWN9']) expect(await put(member, code)).toEqual({ status: 'not_found' });
	// A group that is closed afterwards closes the act too.
	const late = await meeting(open);
	await db.owner.query(`update private.groups set level = 'closed' where code = $1`, [open]);
	expect(await put(chair, late)).toEqual({ status: 'wrong_state' });
	expect(await documents()).toBe(before);
	await expect(callAs(db.owner, null, 'public.put_minutes_in_library($1, $2)', [late, summary])).rejects.toThrow(
		'permission denied'
	);
});
