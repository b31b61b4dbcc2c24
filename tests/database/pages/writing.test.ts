/* Writing and publishing pages: who may, two organisers at once, versions, and what is refused. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { actAs, makeWorld, organiserRoles, type PersonKind, type World } from '../../fixtures/world.ts';
import { textBlock, writingPages, written, type Block } from '../../fixtures/writing-pages.ts';

const db = useDatabase();
let world: World;
let other: World;
let pages: ReturnType<typeof writingPages>;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	other = await makeWorld(db.owner);
	pages = writingPages(db.owner, world);
});

const added = async (slug: string, blocks: Block[] = [textBlock('Words')]) =>
	(await pages.add(slug, { blocks })).page ?? '';

describe('who writes pages', () => {
	test('programme and owners, and the texts to which people agree owners alone', async () => {
		const may: Record<string, [string, string]> = {};
		for (const kind of [...organiserRoles, 'delegate', 'speaker', 'newcomer'] as PersonKind[]) {
			const who = world.people[kind];
			may[kind] = [
				(await pages.add(`by-${kind}`, { who })).status,
				(await pages.add(`conduct-${kind}`, { who, kind: 'code_of_conduct' })).status
			];
		}
		const never = ['not_allowed', 'not_allowed'];
		expect(may).toEqual({
			programme: ['ok', 'not_allowed'],
			owner: ['ok', 'ok'],
			...Object.fromEntries(
				['registration', 'finance', 'stage', 'door', 'safeguarding', 'delegate', 'speaker', 'newcomer'].map((kind) => [
					kind,
					never
				])
			)
		});
	});

	test('nobody else reads a draft or acts on it, and no table is open to REST', async () => {
		const page = await added('secret', [textBlock('Not yet public')]);
		for (const who of [world.people.delegate, world.people.stage, other.people.owner, other.people.programme]) {
			expect(await pages.draft(page, who)).toBeNull();
			expect(await callAs(db.owner, who, 'public.list_pages($1)', [world.summit])).toBeNull();
			expect(await callAs(db.owner, who, 'public.preview_page($1, $2)', [world.summit, page])).toBeNull();
			expect(await pages.save(page, 1, [], who)).toEqual({ status: 'not_found' });
			expect(await pages.publish(page, 1, who)).toEqual({ status: 'not_found' });
			for (const act of [
				'unpublish_page($1)',
				'delete_page($1)',
				`save_page_place($1, 'x', 'menu')`,
				'move_page($1, 1)'
			])
				expect(await callAs(db.owner, who, `public.${act}`, [page])).toBe('not_found');
			for (const table of ['pages', 'page_versions', 'page_files'])
				await expect(actAs(db.owner, who, `select 1 from private.${table}`)).rejects.toThrow('permission denied');
		}
		expect(await pages.read('secret', world.people.delegate)).toBeUndefined();
		// The draft of this Summit is not read through another.
		expect(
			await callAs(db.owner, world.people.programme, 'public.read_page_draft($1, $2)', [other.summit, page])
		).toBeNull();
	});
});

describe('two organisers', () => {
	test('who saves second is told by whom the page was changed, and overwrites nothing', async () => {
		const page = await added('two');
		const [first, second] = [world.people.programme, world.people.owner];
		expect(await pages.save(page, 1, [textBlock('First')], first)).toMatchObject({ status: 'ok', revision: 2 });
		expect(await pages.save(page, 1, [textBlock('Second')], second)).toMatchObject({
			status: 'changed',
			revision: 2,
			by: first.name
		});
		expect(await pages.publish(page, 1, second)).toMatchObject({ status: 'changed' });
		expect((await pages.draft(page))?.blocks).toEqual([textBlock('First')]);
		// What says the same is no change.
		expect(await pages.save(page, 2, [textBlock('First')], second)).toMatchObject({ status: 'ok', revision: 2 });
	});

	test('of ten who save at the same moment one succeeds', async () => {
		const page = await added('ten');
		const clients = await Promise.all(Array.from({ length: 10 }, () => db.connect()));
		const answers = await Promise.all(
			clients.map((client, index) =>
				writingPages(client, world).save(page, 1, [textBlock(`Number ${index}`)], world.people.programme)
			)
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(9).fill('changed'), 'ok']);
	});
});

describe('versions', () => {
	test('are kept as they were published, and an older one becomes the draft again', async () => {
		const page = await pages.publishedPage('versions', [textBlock('One')]);
		expect((await pages.read('versions'))?.blocks).toEqual([textBlock('One')]);
		await pages.save(page, 1, [textBlock('Two')]);
		expect((await pages.read('versions'))?.blocks).toEqual([textBlock('One')]);
		expect(await pages.publish(page, 2)).toEqual({ status: 'ok', number: 2 });
		expect(await pages.publish(page, 2)).toEqual({ status: 'already' });
		const restore = (number: number, revision: number) =>
			callAs<{ status: string }>(db.owner, world.people.programme, 'public.restore_page_version($1, $2, $3)', [
				page,
				number,
				revision
			]);
		expect((await restore(1, 1)).status).toBe('changed');
		expect((await restore(9, 2)).status).toBe('not_found');
		expect((await restore(1, 2)).status).toBe('ok');
		expect((await pages.draft(page))?.blocks).toEqual([textBlock('One')]);
		expect((await pages.read('versions'))?.blocks).toEqual([textBlock('Two')]);
		expect((await pages.draft(page))?.['versions']).toMatchObject([{ number: 2 }, { number: 1 }]);
	});

	test('an unpublished page is gone for readers, and only then it can be deleted', async () => {
		const page = await pages.publishedPage('gone', [textBlock('One')]);
		const act = (name: string) => callAs<string>(db.owner, world.people.programme, `public.${name}($1)`, [page]);
		expect(await pages.listed()).toContain('gone');
		expect(await act('delete_page')).toBe('published');
		expect([await act('unpublish_page'), await act('unpublish_page')]).toEqual(['ok', 'already']);
		expect([await pages.read('gone'), (await pages.listed()).includes('gone')]).toEqual([undefined, false]);
		expect([await act('delete_page'), await act('delete_page')]).toEqual(['ok', 'not_found']);
	});
});

describe('what is refused', () => {
	const link = (to: string): Block[] => [{ id: 'act1', kind: 'action', label: written('Go'), to }];
	const row = (more: object): Block[] => [
		{ id: 'part', kind: 'partners', title: {}, rows: [{ name: 'A', link: '', tier: 'host', file: null, ...more }] }
	];
	test.each<[string, unknown]>([
		['no list', {}],
		['an unknown kind', [{ id: 'html', kind: 'html', html: '<script>' }]],
		['an unknown key', [{ ...textBlock('A'), html: '<b>' }]],
		['two blocks of one id', [textBlock('A'), textBlock('B')]],
		['a text that is no map', [{ id: 'text', kind: 'text', text: 'A' }]],
		[
			'a row that is no map',
			[{ id: 'list', kind: 'list', title: {}, rows: [{ term: 'A', text: { en: { x: 'y' } } }] }]
		],
		['a script as a link', link('javascript:alert(1)')],
		['a script with a space', link(' javascript:alert(1)')],
		['data as a link', link('data:text/html,x')],
		['another site without a scheme', link('//evil.example')],
		['a backslash', link('/\\evil.example')],
		['a name before a host', link('https://bank.example@evil.example/')],
		['a script at a partner', row({ link: 'JaVaScRiPt:alert(1)' })],
		['an unknown tier', row({ tier: 'advertiser' })],
		['a file that is no id', [{ id: 'pict', kind: 'picture', file: "' or 1=1", alt: {}, caption: {} }]],
		[
			'a latitude beyond the pole',
			[{ id: 'mapp', kind: 'map', file: null, alt: {}, address: {}, latitude: 91, longitude: 0 }]
		],
		['sixty-one blocks', Array.from({ length: 61 }, (_, index) => textBlock('A', `text${index}`))]
	])('%s', async (_, blocks) => {
		const slug = `r-${Math.random().toString(36).slice(2, 12)}`;
		const { page = '' } = await pages.add(slug);
		expect(await pages.save(page, 1, blocks as Block[])).toEqual({ status: 'invalid' });
		expect((await pages.add(`${slug}-2`, { blocks: blocks as Block[] })).status).toBe('invalid');
	});

	test('files, people, sessions and tracks of another Summit', async () => {
		const foreign = writingPages(db.owner, other);
		const file = await foreign.file();
		const track = await readValue<string>(
			db.owner,
			`insert into public.tracks (summit_id, slug, name) values ($1, 'other', '{"original":"en","en":"Other"}') returning id`,
			[other.summit]
		);
		const page = await added('foreign');
		const theirs: Block[][] = [
			[{ id: 'pict', kind: 'picture', file, alt: {}, caption: {} }],
			[{ id: 'file', kind: 'files', title: {}, files: [{ file, label: {} }] }],
			[{ id: 'part', kind: 'partners', title: {}, rows: [{ name: 'A', link: '', tier: 'host', file }] }],
			[{ id: 'peop', kind: 'people', title: {}, people: [other.people.speaker.person] }],
			[{ id: 'peop', kind: 'people', title: {}, people: [world.people.delegate.person] }],
			[{ id: 'sess', kind: 'sessions', title: {}, sessions: [other.sessions.public.id], track: null }],
			[{ id: 'sess', kind: 'sessions', title: {}, sessions: [], track }]
		];
		for (const blocks of theirs) expect(await pages.save(page, 1, blocks)).toEqual({ status: 'invalid' });
		expect((await pages.draft(page))?.revision).toBe(1);
	});

	test('an address twice, one that is none, and a second page of a kind that the site shows', async () => {
		await added('once');
		expect((await pages.add('once')).status).toBe('taken');
		expect((await pages.add('No Address')).status).toBe('invalid');
		expect((await pages.add('about', { kind: 'about' })).status).toBe('ok');
		expect((await pages.add('about-2', { kind: 'about' })).status).toBe('taken');
		expect((await pages.add('x', { kind: 'advertisement' })).status).toBe('invalid');
		// The addresses of these pages are for them alone.
		expect((await pages.add('privacy')).status).toBe('invalid');
		const place = (slug: string, where: string, page: string) =>
			callAs<string>(db.owner, world.people.programme, 'public.save_page_place($1, $2, $3)', [page, slug, where]);
		const page = await added('moving');
		expect(await place('once', 'menu', page)).toBe('taken');
		expect(await place('moved', 'header', page)).toBe('invalid');
		expect(await place('moved', 'footer', page)).toBe('ok');
		expect(await place('elsewhere', 'footer', await pages.idOf('about'))).toBe('ok');
		expect(await pages.idOf('about')).toBeTruthy();
	});

	test('publishing what is not complete, with what is missing where', async () => {
		const page = await added('incomplete', [
			{ id: 'pict', kind: 'picture', file: await pages.file(), alt: {}, caption: {} },
			{ id: 'act1', kind: 'action', label: {}, to: '' },
			{ id: 'empty', kind: 'text', text: {} }
		]);
		expect(await pages.publish(page, 1)).toEqual({
			status: 'incomplete',
			faults: [
				{ block: 'pict', fault: 'alt' },
				{ block: 'act1', fault: 'label' },
				{ block: 'act1', fault: 'link' },
				{ block: 'empty', fault: 'text' }
			]
		});
		expect(await pages.read('incomplete')).toBeUndefined();
	});
});

test('pages move one place, and readers get them in that order', async () => {
	const own = await makeWorld(db.owner);
	const theirs = writingPages(db.owner, own);
	for (const slug of ['first', 'second', 'third']) await theirs.publishedPage(slug, [textBlock('A')]);
	const move = async (slug: string, by: number) =>
		callAs<string>(db.owner, own.people.programme, 'public.move_page($1, $2)', [await theirs.idOf(slug), by]);
	expect(await move('third', -1)).toBe('ok');
	expect(await theirs.listed()).toEqual(['first', 'third', 'second']);
	expect(await move('first', -1)).toBe('ok');
	expect(await move('first', 7)).toBe('not_found');
	expect(await theirs.listed()).toEqual(['first', 'third', 'second']);
});
