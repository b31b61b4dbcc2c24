/* The library: who writes, reviews and publishes, and what each reader gets of it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import {
	addFile,
	draftDocument,
	makeLibraryWorld,
	publish,
	publishDocument,
	revisionOf,
	saveDocument,
	search,
	step,
	type Document,
	type LibraryWorld
} from '../../fixtures/library.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { makePerson, setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
});

interface Read {
	number: number;
	shown: number;
	versions: { number: number }[];
	files: { id: string }[];
	group: { code: string } | null;
	ties: { sessions: { code: string }[]; groups: { code: string }[]; members: { name: string; is_author: boolean }[] };
}
const read = (who: TestPerson | null, { code }: Document, number: number | null = null) =>
	callAs<Read | null>(db.owner, who, 'public.read_library_item($1, $2)', [code, number]);
const readWork = (who: TestPerson | null, { code }: Document) =>
	callAs<{ steps: { step: string; reason: string }[] } | null>(db.owner, who, 'public.read_library_work($1)', [code]);
const filesOf = async ({ id }: Document) =>
	(
		await db.owner.query<{ id: string }>('select id from private.library_files where item_id = $1 order by number', [
			id
		])
	).rows;
const opens = async (who: TestPerson | null, document: Document) => {
	const opened: boolean[] = [];
	for (const { id } of await filesOf(document))
		opened.push((await callAs(db.owner, who, 'public.open_library_file($1)', [id])) !== null);
	return opened;
};
const finds = async (who: TestPerson | null, { code }: Document) =>
	(await search(world, who, '')).results.some((one) => one.code === code);
const text = (words: string) => ({ original: 'en', en: words });

describe('writing', () => {
	test('people of members and those who run the community submit, and nobody else', async () => {
		const { focal, delegate, newcomer, waiting, owner, door } = world.people;
		for (const who of [focal, delegate, world.reviewer]) expect((await saveDocument(world, who)).status).toBe('ok');
		for (const who of [null, newcomer, waiting, owner, door])
			await expect(saveDocument(world, who).catch(() => ({ status: 'not_allowed' }))).resolves.toEqual({
				status: 'not_allowed'
			});
	});

	test('refuses values that do not fit, and ties that the writer does not see', async () => {
		const { focal } = world.people;
		const status = async (fields: object) => saveDocument(world, focal, fields);
		expect(await status({ doi: 'https://doi.org/x' })).toEqual({ status: 'invalid' });
		expect(await status({ title: {} })).toEqual({ status: 'invalid' });
		expect(await status({ level: 'group' })).toEqual({ status: 'invalid' });
		expect(await status({ members: ['Nobody'] })).toEqual({ status: 'unknown', name: 'Nobody' });
		const hidden = await createGroup(db.owner, world.reviewer, 'closed');
		expect(await status({ level: 'group', group: hidden })).toEqual({ status: 'invalid' });
		for (const code of [hidden, 'UNKNOWN9'])
			expect(await status({ related: [{ kind: 'group', code }] })).toEqual({ status: 'unknown', name: code });
		for (const one of [world.sessions.closed, world.sessions.draft])
			expect(await status({ related: [{ kind: 'session', summit: world.slug, code: one.code }] })).toEqual({
				status: 'unknown',
				name: one.code
			});
		expect((await status({ doi: '10.1234/abc.5(6)' })).status).toBe('ok');
		const many = Array.from({ length: 31 }, () => 'Nobody');
		for (const long of [{ title: text('x'.repeat(251)) }, { summary: text('x'.repeat(3501)) }, { members: many }])
			expect(await status(long)).toEqual({ status: 'invalid' });
		expect(await status({ authors: ['x'.repeat(251)] })).toEqual({ status: 'invalid' });
		expect(await addFile(world, focal, await draftDocument(world, focal), { language: 'xx' })).toBe('not_found');
	});

	test('a version is frozen when it is submitted, and a stale form changes nothing', async () => {
		const { focal } = world.people;
		const one = await draftDocument(world, focal);
		const revision = await revisionOf(world, one);
		expect(await saveDocument(world, focal, {}, { id: one.id, revision: revision - 1 })).toEqual({
			status: 'conflict'
		});
		expect(await step(world, focal, one, 'submitted', '', revision - 1)).toBe('conflict');
		expect(await step(world, focal, one, 'submitted')).toBe('ok');
		expect(await saveDocument(world, focal, {}, { id: one.id, revision: revision + 1 })).toEqual({
			status: 'wrong_state'
		});
		expect(await addFile(world, focal, one)).toBe('wrong_state');
		const [file] = await filesOf(one);
		expect(await callAs(db.owner, focal, 'public.remove_library_file($1)', [file?.id])).toBe('not_found');
		await expect(
			db.owner.query(`update private.library_versions set title = $2 where item_id = $1`, [one.id, text('x')])
		).rejects.toThrow('never changed');
		expect(await step(world, focal, one, 'recalled')).toBe('ok');
		expect(await addFile(world, focal, one, { language: 'fr' })).toBe('ok');
	});

	test('a new file of a language replaces the one before, whose object is deleted', async () => {
		const { focal } = world.people;
		const one = await draftDocument(world, focal);
		await addFile(world, focal, one);
		expect(await filesOf(one)).toHaveLength(1);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.stored_objects as o where o.state = 'kept'
				and o.name in (select object_name from private.library_files where item_id = $1)`,
				[one.id]
			)
		).toBe(1);
	});
});

test('a save keeps the group and the ties that its writer does not see', async () => {
	const { delegate } = world.people;
	const group = await createGroup(db.owner, world.reviewer, 'closed');
	await putInGroup(db.owner, delegate, group, 'member');
	const related = [{ kind: 'group', code: group }];
	const one = await draftDocument(world, delegate, { level: 'group', group, related });
	await step(world, delegate, one, 'submitted');
	await step(world, world.second, one, 'sent_back', 'Name the source.');
	const saved = async (fields: object) =>
		(await saveDocument(world, world.second, fields, { id: one.id, revision: await revisionOf(world, one) })).status;
	const kept = async () => {
		const work = await callAs<Read>(db.owner, delegate, 'public.read_library_work($1)', [one.code]);
		return [work.number, work.group?.code, work.ties.groups.map(({ code }) => code)];
	};
	expect(await saved({ level: 'group', group: '' })).toBe('ok');
	expect(await kept()).toEqual([1, group, [group]]);
	// The code of a closed group tells nothing to those who do not see it.
	expect(await saved({ level: 'group', group })).toBe('invalid');
	await step(world, delegate, one, 'submitted');
	await step(world, world.reviewer, one, 'reviewed');
	await step(world, world.second, one, 'published');
	expect(await saved({ level: 'group', group: '' })).toBe('ok');
	expect(await kept()).toEqual([2, group, [group]]);
});

test('a draft that was never submitted is deleted by its owner, or when they are erased', async () => {
	const { focal, delegate } = world.people;
	const one = await draftDocument(world, focal);
	const revision = await revisionOf(world, one);
	const remove = (who: TestPerson, seen = revision) =>
		callAs(db.owner, who, 'public.delete_library_draft($1, $2)', [one.id, seen]);
	const count = (owner: string) =>
		readValue(db.owner, 'select count(*)::integer from private.library_items where owner_id = $1', [owner]);
	const before = await count(focal.person);
	for (const who of [delegate, world.reviewer]) expect(await remove(who)).toBe('not_found');
	expect(await remove(focal, revision - 1)).toBe('conflict');
	expect(await remove(focal)).toBe('ok');
	expect([await remove(focal), await count(focal.person)]).toEqual(['not_found', Number(before) - 1]);
	const sent = await draftDocument(world, focal);
	await step(world, focal, sent, 'submitted');
	await step(world, focal, sent, 'recalled');
	expect(
		await callAs(db.owner, focal, 'public.delete_library_draft($1, $2)', [sent.id, await revisionOf(world, sent)])
	).toBe('wrong_state');
	const erased = await makePerson(db.owner, 'Soon Erased');
	await db.owner.query('insert into private.library_items (owner_id) values ($1)', [erased.person]);
	await db.owner.query('select private.erase_person($1)', [erased.person]);
	expect(await count(erased.person)).toBe(0);
});

test('a next version that was begun is discarded, and the published one stays as it was', async () => {
	const { focal, delegate } = world.people;
	const one = await publish(world, focal, {}, { content: 'Evidence of the first version.' });
	const row = () =>
		readValue<object>(
			db.owner,
			`select to_jsonb(i) - '{revision,updated_at}'::text[] from private.library_items as i where id = $1`,
			[one.id]
		);
	const before = [await row(), await read(null, one)];
	const begin = async () =>
		saveDocument(
			world,
			focal,
			{ title: text('Next'), note: 'More' },
			{ id: one.id, revision: await revisionOf(world, one) }
		);
	const discard = async (who: TestPerson, seen?: number) =>
		callAs(db.owner, who, 'public.discard_library_version($1, $2)', [one.id, seen ?? (await revisionOf(world, one))]);
	const discards = async () => ((await readWork(focal, one)) as unknown as { discards: boolean }).discards;

	expect([await discards(), await discard(focal)]).toEqual([false, 'wrong_state']);
	expect((await begin()).status).toBe('ok');
	expect(await addFile(world, focal, one)).toBe('ok');
	const object = await readValue<string>(
		db.owner,
		'select object_name from private.library_files where item_id = $1 and number = 2',
		[one.id]
	);
	expect(await discard(delegate)).toBe('not_found');
	expect(await discard(focal, 1)).toBe('conflict');
	expect(await discards()).toBe(true);
	expect(await discard(focal)).toBe('ok');
	expect([await row(), await read(null, one)]).toEqual(before);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.library_versions where item_id = $1`, [one.id])
	).toBe(1);
	expect(await readValue(db.owner, 'select state from private.stored_objects where name = $1', [object])).toBe(
		'deletable'
	);
	expect(await finds(null, one)).toBe(true);

	// Those who run the community discard it too; what was submitted has a history.
	await begin();
	expect(await discard(world.reviewer)).toBe('ok');
	await begin();
	await addFile(world, focal, one);
	expect(await step(world, focal, one, 'submitted')).toBe('ok');
	expect(await discard(focal)).toBe('wrong_state');
	await step(world, focal, one, 'recalled');
	expect([await discards(), await discard(focal)]).toEqual([false, 'wrong_state']);
	expect(await step(world, focal, one, 'submitted')).toBe('ok');
});

test('a first version is no next one that can be discarded', async () => {
	const one = await draftDocument(world, world.people.focal);
	expect(
		await callAs(db.owner, world.people.focal, 'public.discard_library_version($1, $2)', [
			one.id,
			await revisionOf(world, one)
		])
	).toBe('wrong_state');
});

describe('review', () => {
	test('a second person of the community reviews, comments go back, and steps come in order', async () => {
		const { focal, owner } = world.people;
		const { reviewer, second } = world;
		const own = await draftDocument(world, reviewer);
		expect(await step(world, reviewer, own, 'published')).toBe('wrong_state');
		expect(await step(world, reviewer, own, 'submitted')).toBe('ok');
		expect(await step(world, reviewer, own, 'reviewed')).toBe('own');
		expect(await step(world, second, own, 'published')).toBe('wrong_state');
		expect(await step(world, owner, own, 'reviewed')).toBe('not_found');
		expect(await step(world, second, own, 'reviewed')).toBe('ok');
		expect(await step(world, reviewer, own, 'published')).toBe('ok');

		const theirs = await draftDocument(world, focal);
		await step(world, focal, theirs, 'submitted');
		for (const taken of ['reviewed', 'published', 'sent_back'])
			expect(await step(world, focal, theirs, taken, 'x')).toBe('not_allowed');
		expect(await step(world, reviewer, theirs, 'sent_back')).toBe('reason_needed');
		expect(await step(world, reviewer, theirs, 'sent_back', 'Name the source.')).toBe('ok');
		expect((await readWork(focal, theirs))?.steps[0]).toMatchObject({ step: 'sent_back', reason: 'Name the source.' });
		// Somebody who changed the text or a file does not review it, even if another writes last.
		expect(await addFile(world, reviewer, theirs)).toBe('ok');
		for (const who of [second, focal])
			expect(
				(await saveDocument(world, who, {}, { id: theirs.id, revision: await revisionOf(world, theirs) })).status
			).toBe('ok');
		expect(await addFile(world, focal, theirs)).toBe('ok');
		expect(await step(world, focal, theirs, 'submitted')).toBe('ok');
		for (const who of [reviewer, second]) expect(await step(world, who, theirs, 'reviewed')).toBe('own');
	});

	test('nothing is submitted without a file', async () => {
		const { focal } = world.people;
		const one = await draftDocument(world, focal);
		const [file] = await filesOf(one);
		expect(await callAs(db.owner, focal, 'public.remove_library_file($1)', [file?.id])).toBe('ok');
		expect(await step(world, focal, one, 'submitted')).toBe('no_file');
	});

	test('of two who act at once, one step counts', async () => {
		const { focal } = world.people;
		const one = await draftDocument(world, focal);
		await step(world, focal, one, 'submitted');
		const revision = await revisionOf(world, one);
		const clients = await connectMany(db, 2);
		const answers = await inParallel(clients, [world.reviewer, world.second], (client, who) =>
			callAs<string>(client, who, `public.step_library_item($1, $2, 'reviewed')`, [one.id, revision])
		);
		expect(answers.toSorted()).toEqual(['conflict', 'ok']);
	});
});

describe('reading', () => {
	test('before publication, its submitter and reviewers alone read an item and its files', async () => {
		const { focal, delegate, owner, programme } = world.people;
		const draft = await draftDocument(world, focal);
		expect(await readWork(world.reviewer, draft)).toBeNull();
		expect(await opens(world.reviewer, draft)).toEqual([false]);
		await step(world, focal, draft, 'submitted');
		for (const who of [focal, world.reviewer]) {
			expect(await readWork(who, draft)).not.toBeNull();
			expect(await opens(who, draft)).toEqual([true]);
			expect(await read(who, draft)).toBeNull();
			expect(await finds(who, draft)).toBe(false);
		}
		for (const who of [null, delegate, owner, programme]) {
			await expect(readWork(who, draft).catch(() => null)).resolves.toBeNull();
			expect(await opens(who, draft)).toEqual([false]);
			expect(await read(who, draft)).toBeNull();
		}
	});

	test('each reader gets what their level opens, and of the rest the same as of an unknown one', async () => {
		const { focal, delegate, newcomer, owner } = world.people;
		const group = await createGroup(db.owner, world.reviewer, 'public');
		const insider = await makePerson(db.owner, 'Group Insider');
		await putInGroup(db.owner, insider, group, 'member');
		await putInGroup(db.owner, focal, group, 'member');
		const documents = {
			public: await publish(world, focal),
			members: await publish(world, focal, { level: 'members' }),
			group: await publish(world, focal, { level: 'group', group })
		};
		const seen = async (who: TestPerson | null) => {
			const found: string[] = [];
			for (const [level, document] of Object.entries(documents)) {
				const isRead = (await read(who, document)) !== null;
				expect([level, await finds(who, document), ...(await opens(who, document))]).toEqual([level, isRead, isRead]);
				if (isRead) found.push(level);
			}
			return found;
		};
		expect(await seen(null)).toEqual(['public']);
		expect(await seen(newcomer)).toEqual(['public']);
		expect(await seen(owner)).toEqual(['public']);
		expect(await seen(delegate)).toEqual(['public', 'members']);
		expect(await seen(insider)).toEqual(['public', 'group']);
		expect(await seen(focal)).toEqual(['public', 'members', 'group']);
		expect(await seen(world.reviewer)).toEqual(['public', 'members', 'group']);
		// A term that is over opens nothing.
		await db.owner.query(`update private.group_people set ended_at = now() where person_id = $1`, [insider.person]);
		expect(await seen(insider)).toEqual(['public']);
	});

	test('an embargoed version is hidden until its time; the one before is shown until then', async () => {
		const { focal, delegate } = world.people;
		const one = await publish(world, focal, { title: text('First text') });
		const at = new Date(Date.now() + 3_600_000).toISOString();
		const fields = { title: text('Second text'), embargo_until: at, note: 'New figures' };
		await saveDocument(world, focal, fields, { id: one.id, revision: await revisionOf(world, one) });
		await addFile(world, focal, one);
		await publishDocument(world, focal, one);
		for (const who of [null, delegate, focal, world.reviewer]) {
			expect(await read(who, one)).toMatchObject({ number: 1, shown: 1, versions: [{ number: 1 }] });
			expect(await read(who, one, 2)).toBeNull();
			expect((await search(world, who, 'second text')).results.filter(({ code }) => code === one.code)).toEqual([]);
		}
		expect(await opens(delegate, one)).toEqual([true, false]);
		expect(await opens(focal, one)).toEqual([true, true]);
		// Its time comes.
		await db.owner.query(
			`update private.library_publications set
				shown_from = case number when 2 then now() - interval '1 second' else shown_from end,
				shown_until = case number when 1 then now() - interval '1 second' else shown_until end
			where item_id = $1`,
			[one.id]
		);
		expect(await read(null, one)).toMatchObject({ number: 2, shown: 2, versions: [{ number: 2 }, { number: 1 }] });
		expect(await read(null, one, 1)).toMatchObject({ number: 1, shown: 2 });
		expect((await search(world, null, 'first text')).results.filter(({ code }) => code === one.code)).toEqual([]);
		expect((await search(world, null, 'second text')).results.filter(({ code }) => code === one.code)).toHaveLength(1);
	});

	test('a newer version with a stricter level closes the earlier ones, and a more open one does not open them', async () => {
		const { focal, delegate } = world.people;
		const next = async (one: Document, fields: object) => {
			await saveDocument(world, focal, fields, { id: one.id, revision: await revisionOf(world, one) });
			await addFile(world, focal, one);
			return publishDocument(world, focal, one);
		};
		const closed = await next(await publish(world, focal), {
			level: 'members',
			embargo_until: new Date(Date.now() + 3_600_000).toISOString()
		});
		expect(await read(null, closed)).toBeNull();
		expect(await read(delegate, closed)).toMatchObject({ shown: 1 });
		const opened = await next(await publish(world, focal, { level: 'members' }), { level: 'public' });
		expect(await read(null, opened)).toMatchObject({ shown: 2, versions: [{ number: 2 }] });
		expect(await read(null, opened, 1)).toBeNull();
		expect(await opens(null, opened)).toEqual([false, true]);
		expect(await read(delegate, opened, 1)).toMatchObject({ number: 1 });
	});

	test('a withdrawn item keeps its reason for those who could read it, and nothing else', async () => {
		const { focal, delegate } = world.people;
		const one = await publish(world, focal, { level: 'members' });
		expect(await step(world, focal, one, 'withdrawn', 'Wrong figures')).toBe('not_allowed');
		expect(await step(world, world.reviewer, one, 'withdrawn', '')).toBe('reason_needed');
		expect(await step(world, world.reviewer, one, 'withdrawn', 'Wrong figures')).toBe('ok');
		const withdrawn = (who: TestPerson | null) =>
			callAs<{ reason: string } | null>(db.owner, who, 'public.read_withdrawn_item($1)', [one.code]);
		expect(await withdrawn(delegate)).toMatchObject({ reason: 'Wrong figures' });
		expect(await withdrawn(null)).toBeNull();
		expect(await read(delegate, one)).toBeNull();
		expect(await opens(delegate, one)).toEqual([false]);
		expect(await finds(delegate, one)).toBe(false);
	});

	test('ties to what a reader does not see leave no trace', async () => {
		const { delegate, newcomer, focal } = world.people;
		const group = await createGroup(db.owner, world.reviewer, 'closed');
		await putInGroup(db.owner, delegate, group, 'member');
		const member = await readValue<string>(db.owner, 'select name from public.members where id = $1', [world.member]);
		const { members } = world.sessions;
		const one = await publish(world, delegate, {
			authors: [member, 'Somebody'],
			related: [
				{ kind: 'group', code: group },
				{ kind: 'session', summit: world.slug, code: members.code }
			]
		});
		const ties = async (who: TestPerson | null) => (await read(who, one))?.ties;
		const authors = [{ name: member, is_author: true }];
		expect(await ties(delegate)).toMatchObject({
			groups: [{ code: group }],
			sessions: [{ code: members.code }],
			members: authors
		});
		for (const who of [null, newcomer, focal])
			expect(await ties(who)).toMatchObject({ groups: [], sessions: [], members: authors });
	});
});

test('closed documents change no count, facet, order or suggestion of others', async () => {
	const { focal, delegate, newcomer } = world.people;
	const group = await createGroup(db.owner, world.reviewer, 'closed');
	await putInGroup(db.owner, focal, group, 'member');
	await publish(world, focal, { title: text('Canary in the open') });
	const readers = [null, newcomer, delegate];
	const ask = async () => {
		const answers = [];
		for (const who of readers)
			for (const question of ['canary', '', 'canari', 'zanzibar', 'zanzibbar', 'quixotc'])
				answers.push(await search(world, who, question));
		return answers;
	};
	const before = await ask();
	const hidden = {
		title: text('Canary canary zanzibar'),
		summary: text('Zanzibbars are quixotic.'),
		kind: 'toolkit',
		issued_on: '2011-01-01',
		theme: 'media'
	};
	const file = { language: 'pt', content: 'canary zanzibar' };
	await publish(world, focal, { ...hidden, level: 'group', group }, file);
	await publish(world, focal, { ...hidden, embargo_until: '2090-01-01T00:00:00Z' }, file);
	await step(world, focal, await draftDocument(world, focal, hidden, file), 'submitted');
	await draftDocument(world, focal, hidden, file);
	await step(world, world.reviewer, await publish(world, focal, hidden, file), 'withdrawn', 'x');
	expect(await ask()).toEqual(before);
	expect((await search(world, focal, 'zanzibar')).total).toBe(1);
});

test('an owner who is no longer of a member keeps no right, and gets them back with the membership', async () => {
	const { delegate } = world.people;
	const one = await draftDocument(world, delegate);
	await step(world, delegate, one, 'submitted');
	const state = (to: string) =>
		db.owner.query(`update public.summit_members set standing = $2 where summit_id = $1`, [world.summit, to]);
	await state('suspended');
	expect([await readWork(delegate, one), await opens(delegate, one)]).toEqual([null, [false]]);
	for (const taken of ['recalled', 'withdrawn']) expect(await step(world, delegate, one, taken, 'x')).toBe('not_found');
	expect(await callAs(db.owner, delegate, 'public.list_library_work()')).toMatchObject({ own: [] });
	await state('active');
	expect(await step(world, delegate, one, 'recalled')).toBe('ok');
});

test('no table of the library is read or written through the API', async () => {
	for (const role of ['anon', 'authenticated'])
		for (const table of ['items', 'versions', 'version_writers', 'files', 'ties', 'steps', 'publications'])
			await db.as(role, { sub: world.people.focal.account }, async (client) => {
				await expect(client.query(`select * from private.library_${table}`)).rejects.toThrow('permission denied');
			});
	await setCaller(db.owner, null);
});
