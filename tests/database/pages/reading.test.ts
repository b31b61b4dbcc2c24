/* Reading pages: names, sessions and files are read live, and each reader gets what they may see at this moment. */
import { beforeAll, expect, test } from 'vitest';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { textBlock, writingPages, written, type Block } from '../../fixtures/writing-pages.ts';

const db = useDatabase();
let world: World;
let pages: ReturnType<typeof writingPages>;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	pages = writingPages(db.owner, world);
});

const peopleBlock = (person: string): Block => ({ id: 'peop', kind: 'people', title: {}, people: [person] });
const namesOn = async (slug: string, who: TestPerson | null = null) =>
	((await pages.read(slug, who))?.blocks[0]?.['people'] as { display_name: string }[]).map(
		({ display_name }) => display_name
	);

test('the name of a person who takes another name leaves every page at once, texts and versions included', async () => {
	const own = await makeWorld(db.owner);
	const theirs = writingPages(db.owner, own);
	const { person, name } = own.people.speaker;
	const page = await theirs.publishedPage('speakers', [
		peopleBlock(person),
		textBlock(`Opened by ${name}.`),
		{ id: 'pict', kind: 'picture', file: await theirs.file(), alt: written(`${name} speaks`), caption: {} }
	]);
	await theirs.save(page, 1, [textBlock(`${name} again`)]);
	await theirs.publish(page, 2);
	await theirs.save(page, 2, [peopleBlock(person), textBlock(`${name} once more`)]);
	const listening = await db.connect();
	const events: string[] = [];
	listening.on('notification', ({ payload = '' }) => events.push(payload));
	await listening.query('listen live_events');
	await chooseAlias(db.owner, own.people.speaker, 'Elena Nord');
	const stored = await readValue<string>(
		db.owner,
		`select string_agg(to_jsonb(p)::text || coalesce(to_jsonb(v)::text, ''), ' ')
		from private.pages as p left join private.page_versions as v on v.page_id = p.id where p.summit_id = $1`,
		[own.summit]
	);
	expect(stored).not.toContain(name);
	for (const reader of [null, own.people.delegate, own.people.programme])
		expect(JSON.stringify(await theirs.read('speakers', reader))).not.toContain(name);
	expect(JSON.stringify(await theirs.draft(page))).not.toContain(name);
	// Nothing links the other name to the place where the former one was.
	await db.owner.query(`update private.pages set published = 1 where id = $1`, [page]);
	expect((await theirs.read('speakers'))?.blocks[0]).toEqual({ id: 'peop', kind: 'people', title: {}, people: [] });
	expect((await theirs.read('speakers'))?.blocks[1]).toEqual(textBlock('Opened by Elena Nord.'));
	// Who has the draft open cannot write the name back, and cached pages are dropped.
	expect((await theirs.save(page, 3, [textBlock(name)])).status).toBe('changed');
	await listening.query('select 1');
	expect(events.some((payload) => payload.includes('"site"'))).toBe(true);
});

test('a person is named for readers who see one of their sessions, and for nobody once they decline', async () => {
	const { person, name } = world.people.speaker;
	await pages.publishedPage('who', [peopleBlock(person)]);
	expect([await namesOn('who'), await namesOn('who', world.people.delegate)]).toEqual([[name], [name]]);
	await db.owner.query(`update public.people set display_name = 'Renamed Speaker' where id = $1`, [person]);
	expect(await namesOn('who')).toEqual(['Renamed Speaker']);
	await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [person]);
	expect(await namesOn('who')).toEqual([]);
});

test('sessions are those that the reader sees, and unseen ones leave no trace', async () => {
	const all = [world.sessions.public, world.sessions.members, world.sessions.closed, world.sessions.draft];
	await pages.publishedPage('sessions', [
		{ id: 'sess', kind: 'sessions', title: {}, sessions: all.map(({ id }) => id), track: null }
	]);
	const seen = async (who: TestPerson | null) => (await pages.read('sessions', who))?.blocks[0]?.['sessions'];
	expect(await seen(null)).toEqual([world.sessions.public.id]);
	expect(await seen(world.people.newcomer)).toEqual([world.sessions.public.id]);
	expect(await seen(world.people.delegate)).toEqual([world.sessions.public.id, world.sessions.members.id]);
});

test('a file opens while a published page uses it, and guessed ids open nothing', async () => {
	const [file, unused] = [await pages.file(), await pages.file()];
	const open = (who: TestPerson | null, of = file, summit = world.summit) =>
		callAs<{ name: string } | null>(db.owner, who, 'public.open_page_file($1, $2)', [summit, of]);
	const { page = '' } = await pages.add('plan', {
		blocks: [{ id: 'pict', kind: 'picture', file, alt: written('Plan'), caption: {} }]
	});
	expect([await open(null), await open(world.people.delegate)]).toEqual([null, null]);
	expect(await open(world.people.programme)).toMatchObject({ name: 'plan.webp' });
	await pages.publish(page, 1);
	expect(await open(null)).toMatchObject({ name: 'plan.webp' });
	const other = await makeWorld(db.owner);
	expect([await open(null, file, other.summit), await open(other.people.owner, unused)]).toEqual([null, null]);
	await callAs(db.owner, world.people.programme, 'public.unpublish_page($1)', [page]);
	expect(await open(null)).toBeNull();
	const remove = (of: string) =>
		callAs<string>(db.owner, world.people.programme, 'public.delete_page_file($1, $2)', [world.summit, of]);
	expect([await remove(file), await remove(unused), await remove(unused)]).toEqual(['in_use', 'ok', 'not_found']);
	const states = await readValue<string[]>(
		db.owner,
		`select array_agg(distinct state) from private.stored_objects where media_type = 'image/webp' and state <> 'kept'`
	);
	expect(states).toEqual(['deletable']);
});

test('a file that the scanner has not passed is neither served nor listed', async () => {
	const file = await pages.file(world.summit, world.people.programme, 'waiting');
	await pages.publishedPage('waiting', [{ id: 'file', kind: 'files', title: {}, files: [{ file, label: {} }] }]);
	expect((await pages.read('waiting'))?.blocks[0]?.['files']).toEqual([]);
	expect(await callAs(db.owner, null, 'public.open_page_file($1, $2)', [world.summit, file])).toBeNull();
});

test('pages of a Summit that is a draft are seen by its organisers only', async () => {
	await pages.publishedPage('early', [textBlock('A')]);
	await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
	expect([await pages.read('early'), await pages.listed(), await pages.listed(world.people.delegate)]).toEqual([
		undefined,
		[],
		[]
	]);
	expect((await pages.read('early', world.people.registration))?.slug).toBe('early');
	await db.owner.query(`update public.summits set state = 'open' where id = $1`, [world.summit]);
});
