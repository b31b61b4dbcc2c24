/* Approved minutes in the library: who drafts a document from them, with which level, and that nothing closed gets there. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import {
	addFile,
	documentFields,
	makeLibraryWorld,
	publish,
	publishDocument,
	revisionOf,
	saveDocument,
	search,
	step,
	type LibraryWorld
} from '../../fixtures/library.ts';
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

const text = (words: string) => ({ original: 'en', en: words });

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
	expect(await put(secretary, code)).toEqual({ status: 'already', code: made.code });
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

/** Corrects the minutes of a meeting, and approves the correction. */
async function correct(code: string, number: number) {
	expect(await callAs(db.owner, chair, 'public.correct_minutes($1, $2)', [code, 'A name'])).toBe('ok');
	await db.owner.query(
		`update private.meeting_minutes as n
		set body = $2, state = 'approved', comments_until = '2026-03-20', approved_at = now()
		from private.meetings as m
		where m.id = n.meeting_id and m.code = $1 and n.number = $3`,
		[code, JSON.stringify(text(`Correction ${String(number)}.`)), number]
	);
}

/** A document from the minutes of a meeting, put there by somebody. */
async function document(who: TestPerson, code: string) {
	const made = await put(who, code);
	expect(made.status).toBe('ok');
	return { id: made.item ?? '', code: made.code ?? '' };
}
const versions = (id: string) =>
	readValue<object>(
		db.owner,
		`select jsonb_agg(jsonb_build_array(v.number, v.title ->> 'en', v.level, v.minutes_number) order by v.number)
		from private.library_versions as v where v.item_id = $1`,
		[id]
	);
const names = async (id: string) =>
	(
		await db.owner.query<{ name: string }>(
			`select f.shown_name as name from private.library_files as f
			join private.library_items as i on i.id = f.item_id and i.version = f.number where i.id = $1 order by 1`,
			[id]
		)
	).rows.map(({ name }) => name);

test('a draft that others cannot open holds nobody up; a document in review or published does', async () => {
	const code = await meeting(await makeGroup('public'));
	const draft = await document(secretary, code);
	const own = await document(chair, code);
	expect(own.id).not.toBe(draft.id);
	expect(await put(chair, code)).toEqual({ status: 'already', code: own.code });
	// It is another document even with another title.
	expect(await saveDocument(world, chair, { title: text('Renamed') }, { id: own.id, revision: 1 })).toMatchObject({
		status: 'ok'
	});
	expect(await put(chair, code)).toEqual({ status: 'already', code: own.code });
	const other = await meeting(await makeGroup('public'));
	const sent = await document(secretary, other);
	await addFile(world, secretary, sent);
	expect(await step(world, secretary, sent, 'submitted')).toBe('ok');
	expect(await put(chair, other)).toEqual({ status: 'already', code: null });
	expect(await step(world, secretary, sent, 'withdrawn', 'Not this')).toBe('ok');
	await document(chair, other);
});

test('two meetings of a day with the same title are two documents, and a document by hand is none of theirs', async () => {
	const group = await makeGroup('public');
	await publish(world, chair, { kind: 'minutes', title: text('Spring meeting'), issued_on: '2026-03-03' });
	const [one, two] = [await meeting(group), await meeting(group)];
	expect((await document(chair, one)).id).not.toBe((await document(chair, two)).id);
});

test('corrected minutes become the next version of the published document, also when another person leads the meeting', async () => {
	const code = await meeting(await makeGroup('public'));
	const one = await document(secretary, code);
	await saveDocument(
		world,
		secretary,
		{ kind: 'minutes', title: text('Retitled'), level: 'members', doi: '10.5555/minutes' },
		{ id: one.id, revision: await revisionOf(world, one) }
	);
	await addFile(world, secretary, one);
	await publishDocument(world, secretary, one);
	await correct(code, 2);
	expect(await put(chair, code)).toMatchObject({
		status: 'ok',
		item: one.id,
		code: one.code,
		title: { en: 'Retitled' },
		body: { en: 'Correction 2.' }
	});
	// What the document says of itself stays.
	expect(await callAs(db.owner, chair, 'public.read_library_work($1)', [one.code])).toMatchObject({
		state: 'draft',
		doi: '10.5555/minutes',
		issued_on: documentFields.issued_on
	});
	expect(await versions(one.id)).toEqual([
		[1, 'Retitled', 'members', 1],
		[2, 'Retitled', 'members', 2]
	]);
	expect(await names(one.id)).toEqual([]);
	expect(await put(chair, code)).toEqual({ status: 'already', code: one.code });
	expect(await put(secretary, code)).toEqual({ status: 'already', code: null });
	expect(await addFile(world, chair, one)).toBe('ok');
	// While it is in review, or somebody else writes it, a later correction waits.
	await correct(code, 3);
	expect(await put(secretary, code)).toEqual({ status: 'in_work' });
	expect(await step(world, chair, one, 'submitted')).toBe('ok');
	for (const who of [chair, secretary]) expect(await put(who, code)).toEqual({ status: 'in_work' });
	expect(await step(world, chair, one, 'recalled')).toBe('ok');
	expect(await put(chair, code)).toMatchObject({ status: 'ok', code: one.code });
	expect(await versions(one.id)).toMatchObject([{}, [2, 'Retitled', 'members', 3]]);
});

test('corrected minutes replace those of the own draft, with the files that were made of them', async () => {
	const code = await meeting(await makeGroup('public'));
	const one = await document(chair, code);
	await addFile(world, chair, one, { language: 'es' });
	await addFile(world, chair, one, { language: 'fr' });
	await db.owner.query(
		`update private.library_files set shown_name = 'minutes-fr.pdf' where item_id = $1 and language = 'fr'`,
		[one.id]
	);
	await correct(code, 2);
	expect(await put(chair, code)).toMatchObject({ status: 'ok', item: one.id, body: { en: 'Correction 2.' } });
	expect(await versions(one.id)).toEqual([[1, 'Spring meeting', 'public', 2]]);
	expect(await names(one.id)).toEqual(['paper-es.pdf']);
});

test('a document outlives its meeting', async () => {
	const code = await meeting(await makeGroup('public'));
	const one = await document(chair, code);
	await addFile(world, chair, one);
	await publishDocument(world, chair, one);
	await db.owner.query('delete from private.meetings where code = $1', [code]);
	expect(await versions(one.id)).toEqual([[1, 'Spring meeting', 'public', 1]]);
});
