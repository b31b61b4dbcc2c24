/*
 * Files as other systems write them: each file is imported completely, a second import of it changes nothing, and an
 * export can be imported again.
 */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { scheduleJson } from '#lib/calendar/schedule.ts';
import { scheduleXml } from '#lib/calendar/schedule-xml.ts';
import { countsOf, eventsOf, makeExchange, importDays, importZone } from '../../fixtures/exchanging.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set zone = $2, starts_on = $3, ends_on = $4 where id = $1`, [
		world.summit,
		importZone,
		importDays.startsOn,
		importDays.endsOn
	]);
	await db.owner.query(`update public.sessions set state = 'draft' where summit_id = $1`, [world.summit]);
});

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/schedules/${name}`, import.meta.url), 'utf8');
const files = [
	['congress-2014.xml', 3, 3],
	['bazaar-2018.xml', 3, 3],
	['bazaar-2026.xml', 2, 3],
	['remote-2020.json', 2, 1],
	['meadow-2019.json', 2, 2],
	['hub-2024.json', 1, 1]
] as const;

describe.each(files)('%s', (name, sessions, placed) => {
	test('is imported completely; a second import changes nothing, and the export can be imported again', async () => {
		const { plan, apply, exported } = makeExchange(db.owner, world);
		const first = await plan(fixture(name));
		expect(countsOf(first)).toEqual({ new: sessions });
		expect(await apply(first)).toBe('ok');
		expect(countsOf(await plan(fixture(name)))).toEqual({ same: sessions });
		const out = await exported();
		expect(eventsOf(out)).toHaveLength(placed);
		expect(countsOf(await plan(fixture(name)))).toEqual({ same: sessions });
		const shown = new Set(first.rows.filter(({ plan }) => plan.slots).map(({ title }) => title)).size;
		for (const text of [scheduleJson(out), scheduleXml(out)]) {
			const again = await plan(text);
			expect(again.rows.flatMap(({ changes }) => changes)).toEqual([]);
			expect(countsOf(again)['same']).toBeGreaterThanOrEqual(shown);
		}
	});

	test('changes one session when one title changed, found by the identifier of the other system', async () => {
		const { plan, apply, exported } = makeExchange(db.owner, world);
		await apply(await plan(fixture(name)));
		await exported();
		const before = /<title>(Keys|Late|Directly)[^<]*|"title": "(Lazy|Opening)[^"]*/.exec(fixture(name))?.[0] ?? '';
		const changed = await plan(fixture(name).replace(before, `${before}!`));
		expect(changed.rows.flatMap(({ changes }) => changes.map(({ field }) => field))).toEqual(['title']);
		expect(await apply(changed)).toBe('ok');
		expect(countsOf(await plan(fixture(name).replace(before, `${before}!`)))).toEqual({ same: sessions });
		const { rows } = await db.owner.query('select from private.imported_events where summit_id = $1', [world.summit]);
		expect(rows.length).toBeGreaterThanOrEqual(sessions);
	});
});

test('texts, people, links, files, pictures and licences are exported as they were imported', async () => {
	const { plan, apply, exported } = makeExchange(db.owner, world);
	for (const name of ['congress-2014.xml', 'remote-2020.json', 'hub-2024.json']) await apply(await plan(fixture(name)));
	const out = eventsOf(await exported()).filter(({ title }) => /harbour|Lazy|hub|locks/.test(title));
	expect(
		out.map(({ title, subtitle, abstract, description, room, persons, ...rest }) => ({
			title,
			texts: [subtitle, abstract, description],
			room,
			persons: persons.map((person) => [person.public_name, person.biography]),
			links: rest.links,
			attachments: rest.attachments,
			more: [rest.recording_license, rest.logo, rest.origin_url, rest.feedback_url, rest.do_not_record]
		}))
	).toEqual([
		{
			title: 'Opening of the hub',
			texts: ['', 'Glad you came.', ''],
			room: 'Saal 1',
			persons: [['Wren Alder', undefined]],
			links: [{ url: 'https://hub.example/notes', title: 'Notes' }],
			attachments: [{ url: 'https://hub.example/slides.pdf' }],
			more: ['', undefined, 'https://frab.example/talk/HQCCYH/', 'https://frab.example/talk/HQCCYH/feedback/', true]
		},
		{
			title: 'Opening of the harbour',
			texts: ['With a lamp', 'A welcome to all.', 'Where to find what, in all halls.\nAnd when.'],
			room: 'Saal Eins',
			persons: [
				['Wren Alder', undefined],
				['Tern Moss', undefined]
			],
			links: [{ url: 'https://lamp.example/', title: 'The lamp' }],
			attachments: [{ url: 'https://congress.example/system/attachments/6061/slides.pdf', title: 'Slides' }],
			more: [
				'CC BY 4.0',
				'https://congress.example/system/logos/6061/large/lamp.png?1418',
				'https://congress.example/2014/Fahrplan/events/6061.html',
				undefined,
				false
			]
		},
		{
			title: 'Lazy tests on real devices',
			texts: ['', 'First line.\nSecond line.', 'At length.\n\nIn two paragraphs.'],
			room: 'Studio One',
			persons: [
				['Wren Alder', undefined],
				['Tern', undefined]
			],
			links: [{ url: 'https://boats.example/', title: 'Boats' }],
			attachments: [{ url: 'https://remote.example/media/lazy.pdf' }],
			more: ['CC BY 4.0', undefined, 'https://remote.example/2020/talk/MJA8QY/', undefined, false]
		},
		{
			title: 'Keys & <locks>',
			texts: ['', '', 'Only a description.'],
			room: 'Saal Eins',
			persons: [['Robin Vale', undefined]],
			links: [],
			attachments: [],
			more: ['', undefined, undefined, undefined, true]
		}
	]);
});

test('links edited here are exported and imported as edited; an import is a draft until the next release', async () => {
	const { plan, apply, exported } = makeExchange(db.owner, world);
	const file = fixture('hub-2024.json');
	await apply(await plan(file));
	const publicLinks = async () => {
		const { rows } = await db.owner.query<{ origins: unknown }>(
			`select jsonb_path_query_array(public.read_public_feed($1), '$.events.*[*].origin') as origins`,
			[world.summit]
		);
		return JSON.stringify(rows[0]?.origins);
	};
	await exported();
	const released = await publicLinks();
	expect(released).toContain('https://hub.example/notes');
	// Changes from a file are in the feed after the next release, not before.
	const moved = file.replaceAll('https://hub.example/', 'https://moved.example/');
	await apply(await plan(moved.replaceAll('https://frab.example/', 'https://frab.moved.example/')));
	expect(await publicLinks()).toBe(released);
	const links = [
		{ url: 'https://slides.example/', title: 'Slides', kind: 'attachment' },
		{ url: 'https://notes.example/', title: 'Notes', kind: 'link' },
		{ url: 'https://moved.example/slides.pdf', title: '', kind: 'attachment' }
	];
	const { rows } = await db.owner.query<{ id: string; version: number }>(
		`select id, version from public.sessions where summit_id = $1 and links <> '[]'`,
		[world.summit]
	);
	const [saved] = await actAs<{ answer: { status: string } }>(
		db.owner,
		world.people.programme,
		'select public.save_session($1, $2, $3) as answer',
		[world.summit, rows[0]?.id, JSON.stringify({ links, version: rows[0]?.version })]
	);
	expect([rows.length, saved?.answer.status]).toEqual([1, 'ok']);
	const out = await exported();
	expect(eventsOf(out).map((event) => [event.links, event.attachments])).toContainEqual([
		[{ url: 'https://notes.example/', title: 'Notes' }],
		[{ url: 'https://slides.example/', title: 'Slides' }, { url: 'https://moved.example/slides.pdf' }]
	]);
	for (const text of [scheduleJson(out), scheduleXml(out)])
		expect((await plan(text)).rows.flatMap(({ changes }) => changes)).toEqual([]);
	// The first file would bring its own links back, and says so; a file without links keeps them.
	expect((await plan(file)).rows.flatMap(({ changes }) => changes.map(({ field }) => field))).toContain('links');
	const without = file.replace(/"(links|attachments)": \[[^\]]*\]/g, '"$1": []');
	expect((await plan(without)).rows.flatMap(({ changes }) => changes.map(({ field }) => field))).not.toContain('links');
});

test('other fields of a session in a file are readable by those who edit it', async () => {
	const { plan, apply } = makeExchange(db.owner, world);
	await apply(await plan(fixture('hub-2024.json')));
	const { rows } = await db.owner.query<{ session_id: string }>(
		'select session_id from private.imported_events where summit_id = $1',
		[world.summit]
	);
	const origins = async (who: PersonKind) =>
		(
			await actAs<{ origins: unknown }>(
				db.owner,
				world.people[who],
				'select public.read_session_origins($1) as origins',
				[rows[0]?.session_id]
			)
		)[0]?.origins;
	const given = {
		url: 'https://frab.example/talk/HQCCYH/',
		feedback_url: 'https://frab.example/talk/HQCCYH/feedback/',
		logo: '',
		license: ''
	};
	for (const who of ['programme', 'owner'] as const) expect(await origins(who)).toEqual([given]);
	for (const who of ['newcomer', 'delegate', 'speaker', 'finance', 'stage'] as const)
		expect(await origins(who)).toEqual([]);
});

test('a biography creates a person with it, and is exported with the session', async () => {
	const { plan, apply, exported } = makeExchange(db.owner, world);
	await apply(await plan(fixture('remote-2020.json')));
	const [event] = eventsOf(await exported());
	expect(event?.persons.map(({ public_name: name, biography }) => [name, biography])).toEqual([
		['Wren Alder', 'Builds boats.\nSails them.'],
		['Tern', undefined]
	]);
});
