/*
 * Links of sessions: who writes them, what is refused, and that readers see the links of released sessions that they
 * may see.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionLink } from '#lib/agenda/links.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { textsOf } from '../../fixtures/speaking.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, organiserRoles, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

type Level = keyof World['sessions'];
const paper: SessionLink = { url: 'https://a.example/paper.pdf?x=1#page', title: 'The paper', kind: 'attachment' };
const page: SessionLink = { url: 'http://b.example/@name', title: '', kind: 'link' };
const versionOf = (level: Level) =>
	readValue<number>(db.owner, 'select version from public.sessions where id = $1', [world.sessions[level].id]);
const draftOf = (level: Level) =>
	readValue<unknown>(db.owner, 'select links from public.sessions where id = $1', [world.sessions[level].id]);
const save = async (who: PersonKind, links: unknown, level: Level = 'public') =>
	(
		await callAs<{ status: string }>(db.owner, world.people[who], 'public.save_session($1, $2, $3)', [
			world.summit,
			world.sessions[level].id,
			JSON.stringify({ links, version: await versionOf(level) })
		])
	).status;
const publish = () => callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
const read = async (who: PersonKind | null, level: Level) =>
	(
		await actAs<{ links: unknown }>(
			db.owner,
			who && world.people[who],
			`select public.read_session($1, $2) -> 'links' as links`,
			[world.summit, world.sessions[level].code]
		)
	)[0]?.links;

describe('an organiser', () => {
	test('of the programme or an owner saves links in order, and a save without links keeps them', async () => {
		expect(await save('programme', [paper, page])).toBe('ok');
		expect(await draftOf('public')).toEqual([paper, page]);
		expect(await save('owner', [page, paper])).toBe('ok');
		expect(await save('programme', undefined)).toBe('ok');
		expect(await draftOf('public')).toEqual([page, paper]);
		expect(await save('programme', [])).toBe('ok');
		expect(await draftOf('public')).toEqual([]);
	});

	test('of another kind cannot save links, nor can anybody else, nor can writes that bypass the functions', async () => {
		for (const kind of personKinds.filter((one) => one !== 'programme' && one !== 'owner')) {
			expect([kind, await save(kind, [paper])]).toEqual([kind, 'not_allowed']);
			await actAs(db.owner, world.people[kind], 'update public.sessions set links = $2 where id = $1', [
				world.sessions.public.id,
				JSON.stringify([paper])
			]);
		}
		expect(await draftOf('public')).toEqual([]);
		// Owners do not see closed sessions.
		expect(await save('owner', [paper], 'closed')).toBe('unknown');
	});
});

const url = (address: string) => [{ ...page, url: address }];
const title = (words: string) => [{ ...page, title: words }];
test.each<[string, unknown]>([
	['a script', url('javascript:alert(1)')],
	['a script in capitals', url('JavaScript:alert(1)')],
	['a script after a space', url(' https://a.example/')],
	['data', url('data:text/html,<script>1</script>')],
	['a file', url('file:///etc/passwd')],
	['no scheme', url('//a.example')],
	['no host', url('https:///x')],
	['a user before the host', url('https://bank.example@evil.example/')],
	['a backslash before the host', url('https://bank.example\\@evil.example/')],
	['a space', url('https://a.example/ x')],
	['a line break', url('https://a.example/\nx')],
	['a quote', url('https://a.example/"x')],
	['a bracket', url('https://a.example/<x')],
	['a letter that looks like another', url('https://\u0430.example/')],
	['a sign that turns the direction', url('https://a.example/\u202egpj')],
	['a long address', url(`https://a.example/${'x'.repeat(2000)}`)],
	['no address', [{ title: 'x', kind: 'link' }]],
	['an address that is a number', [{ ...page, url: 5 }]],
	['a line break in the text', title('a\nb')],
	['a control character in the text', title('a\u0007b')],
	['a sign that turns the direction in the text', title('a\u202eb')],
	['a long text', title('x'.repeat(301))],
	['no text', [{ url: page.url, kind: 'link' }]],
	['another kind', [{ ...page, kind: 'script' }]],
	['no kind', [{ url: page.url, title: '' }]],
	['another field', [{ ...page, onclick: 'x' }]],
	['no link', ['https://a.example/']],
	['no list', page],
	['nothing', null],
	['101 links', Array.from({ length: 101 }, (_, at) => ({ ...page, url: `https://a.example/${at}` }))],
	[
		'too much in all',
		Array.from({ length: 12 }, (_, at) => ({ ...page, url: `https://a.example/${at}${'x'.repeat(1900)}` }))
	]
])('refuses %s from organisers, from speakers and in direct writes', async (_, links) => {
	const { programme, speaker } = world.people;
	expect(await save('programme', links)).toBe('invalid');
	const part = await partOf();
	const texts = JSON.stringify({ ...textsOf('Title'), links });
	expect(
		await callAs(db.owner, speaker, 'public.save_session_texts($1, $2, $3)', [part, texts, await versionOf('public')])
	).toEqual({ status: 'invalid', faults: ['links'] });
	await expect(
		actAs(db.owner, programme, 'update public.sessions set links = $2 where id = $1', [
			world.sessions.public.id,
			JSON.stringify(links)
		])
	).rejects.toThrow(/check constraint/);
	expect(await draftOf('public')).toEqual([]);
});

const partOf = () =>
	readValue<string>(db.owner, `select id from public.session_people where session_id = $1 and person_id = $2`, [
		world.sessions.public.id,
		world.people.speaker.person
	]);

describe('a speaker', () => {
	const saveTexts = async (more: object, who: PersonKind = 'speaker') =>
		(
			await callAs<{ status: string }>(db.owner, world.people[who], 'public.save_session_texts($1, $2, $3)', [
				await partOf(),
				JSON.stringify({ ...textsOf(world.sessions.public.title), ...more }),
				await versionOf('public')
			])
		).status;

	test('writes the links of their session with its texts; other participants cannot', async () => {
		expect(await saveTexts({ links: [page, paper] })).toBe('ok');
		expect(await saveTexts({})).toBe('same');
		expect(await draftOf('public')).toEqual([page, paper]);
		for (const kind of personKinds.filter((one) => one !== 'speaker'))
			expect([kind, await saveTexts({ links: [] }, kind)]).toEqual([kind, 'not_found']);
		expect(await draftOf('public')).toEqual([page, paper]);
	});

	test('suggests links after the deadline: an accepted suggestion replaces them, unless only texts were changed', async () => {
		await db.owner.query(
			`insert into private.speaker_settings (summit_id, texts_due_at) values ($1, now() - interval '1 minute')`,
			[world.summit]
		);
		const { programme } = world.people;
		const accept = async () => {
			const [open] = await callAs<{ id: string; version: number; texts: { links: unknown } }[]>(
				db.owner,
				programme,
				'public.list_text_suggestions($1)',
				[world.summit]
			);
			const done = await callAs(db.owner, programme, 'public.decide_text_suggestion($1, true, $2)', [
				open?.id,
				open?.version
			]);
			return [open?.texts.links, done];
		};
		expect(await saveTexts({ links: [paper] })).toBe('suggested');
		expect(await draftOf('public')).toEqual([]);
		expect(await save('programme', [page])).toBe('ok');
		expect(await accept()).toEqual([[paper], 'ok']);
		expect(await draftOf('public')).toEqual([paper]);
		expect(await saveTexts({ abstract: { original: 'en', en: 'Other' } })).toBe('suggested');
		expect(await save('programme', [page])).toBe('ok');
		expect(await accept()).toEqual([[paper], 'ok']);
		expect(await draftOf('public')).toEqual([page]);
	});
});

describe('readers', () => {
	test('see the links of the release, and those of the draft after the next release', async () => {
		await save('programme', [paper]);
		for (const who of [null, 'delegate', 'programme'] as const) expect(await read(who, 'public')).toEqual([]);
		const change = () =>
			readValue<string>(db.owner, 'select change from private.draft_changes($1, $2)', [
				world.summit,
				world.sessions.public.id
			]);
		expect(await change()).toBe('changed');
		await publish();
		expect(await change()).toBe('none');
		await save('programme', [page]);
		for (const who of [null, 'delegate', 'programme'] as const) expect(await read(who, 'public')).toEqual([paper]);
		const [log] = await actAs<{ kinds: unknown }>(
			db.owner,
			null,
			`select jsonb_path_query_array(public.read_changelog($1), '$.changes[*].kinds') as kinds`,
			[world.summit]
		);
		expect(log?.kinds).toEqual([['texts']]);
	});

	test('see links of sessions that they may see, on the page, in the feed and by REST alike', async () => {
		const levels = ['public', 'members', 'chatham_house', 'closed'] as const;
		for (const level of levels) await save('programme', [{ ...page, title: level }], level);
		await publish();
		const seen = async (who: PersonKind | null) => {
			const titles: string[] = [];
			for (const level of levels)
				titles.push(...(((await read(who, level)) as SessionLink[] | null) ?? []).map((link) => link.title));
			return titles;
		};
		expect(await seen(null)).toEqual(['public']);
		expect(await seen('newcomer')).toEqual(['public']);
		expect(await seen('delegate')).toEqual(['public', 'members', 'chatham_house']);
		for (const role of organiserRoles.filter((one) => one === 'programme' || one === 'stage' || one === 'safeguarding'))
			expect(await seen(role)).toEqual([...levels]);
		for (const who of [null, 'newcomer', 'delegate', 'programme'] as const) {
			const rows = await actAs<{ title: string }>(
				db.owner,
				who && world.people[who],
				`select links #>> '{0,title}' as title from public.agenda_sessions_v1 where summit = $1 and links <> '[]'`,
				[world.slug]
			);
			expect(rows.map((row) => row.title).sort()).toEqual((await seen(who)).toSorted());
		}
		const [feed] = await actAs<{ links: unknown }>(
			db.owner,
			world.people.programme,
			`select jsonb_path_query_array(public.read_public_feed($1), '$.events.*[*].origin.links[*].title') as links`,
			[world.summit]
		);
		expect(feed?.links).toEqual(['public']);
	});
});
