/*
 * Rule 5 on every path: each level and audience, for each kind of person, by each path that publishes agenda data. Over real HTTP against
 * the built site, without a browser: one table says who sees what, and every path must agree with it.
 */
import type { APIRequestContext } from '@playwright/test';
import pg from 'pg';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { makeKey } from '../../fixtures/integrating.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const held = ['public', 'listed', 'members', 'chatham_house', 'closed', 'grouped', 'draft'] as const;
type Held = (typeof held)[number];

/**
 * Who sees which sessions: by registration, by being listed, by taking part, by an organiser's role, or by a group. Of the closed group the
 * virtual participant is an alternate, the listed one a member whose term is over, the delegate a former member, and the one who waits for a
 * seat a member.
 */
const finds: Record<'visitor' | Exclude<PersonKind, 'focal'>, Held[]> = {
	visitor: ['public'],
	newcomer: ['public'],
	waiting: ['public'],
	delegate: ['public', 'listed', 'members', 'chatham_house'],
	virtual: ['public', 'listed', 'members', 'chatham_house', 'grouped'],
	listed: ['public', 'listed', 'members', 'chatham_house', 'closed'],
	speaker: ['public', 'listed', 'members', 'chatham_house', 'closed'],
	programme: ['public', 'listed', 'members', 'chatham_house', 'closed', 'grouped'],
	stage: ['public', 'listed', 'members', 'chatham_house', 'closed', 'grouped'],
	safeguarding: ['public', 'listed', 'members', 'chatham_house', 'closed', 'grouped'],
	owner: ['public', 'listed', 'members', 'chatham_house'],
	registration: ['public'],
	finance: ['public'],
	door: ['public']
};

/** Paths that depend on the reader; the others show everyone what a visitor sees. */
const own = ['/agenda?q=session', '/agenda?view=grid', '/agenda?level=closed&q=session'];
const everyones = [
	'',
	'/agenda.ics',
	'/schedule.json',
	'/schedule.xml',
	'/embed/agenda',
	'/embed/agenda?theme=dark',
	'/rooms/plenary'
];

let client: pg.Client;
let world: World;
let sessions: Record<Held, { id: string; code: string; title: string }>;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables['DATABASE_URL'] });
	await client.connect();
	world = await makeWorld(client);
	// A members-level session for those who are listed: everyone registered sees that it is held.
	const addSession = async (title: string, level: string) => {
		const { rows } = await client.query<{ id: string; code: string }>(
			`insert into public.sessions (summit_id, title, level, audience, state) values ($1, $2, $3, 'listed', 'confirmed') returning id, code`,
			[world.summit, JSON.stringify({ original: 'en', en: title }), level]
		);
		const { id = '', code = '' } = rows[0] ?? {};
		await client.query(
			`with slot as (insert into public.slots (session_id, summit_id, during)
				select $1, $2, tstzrange(max(upper(during)), max(upper(during)) + interval '30 minutes') from public.slots where summit_id = $2 returning id, during)
			insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $3, $2, during from slot`,
			[id, world.summit, world.room]
		);
		return { id, code, title };
	};
	sessions = {
		...world.sessions,
		listed: await addSession(`Session apart ${world.slug}`, 'members'),
		grouped: await addSession(`Session of the group ${world.slug}`, 'closed')
	};
	const chief = await makeCommunityOrganiser(client);
	const group = await createGroup(client, chief, 'closed');
	const { virtual, listed, delegate, waiting } = world.people;
	await putInGroup(client, virtual, group, 'alternate', { days: 0 });
	await putInGroup(client, listed, group, 'chair', { days: -1 });
	const former = await putInGroup(client, delegate, group, 'member');
	await client.query('update private.group_people set ended_at = now() where id = $1', [former]);
	await putInGroup(client, waiting, group, 'member');
	await client.query(
		'insert into private.session_groups (session_id, summit_id, group_id) select $1, $2, id from private.groups where code = $3',
		[sessions.grouped.id, world.summit, group]
	);
	await actAs(client, world.people.programme, 'select public.publish_release($1)', [world.summit]);
});
test.afterAll(() => client.end());

async function text(request: APIRequestContext, path: string, cookie: string): Promise<string> {
	const answer = await request.get(`/${world.slug}${path}`, { headers: { cookie }, maxRedirects: 0 });
	expect([path, answer.status()]).toEqual([path, 200]);
	return answer.text();
}

/** The sessions that a text names, by title or by code: neither may leak alone. */
const named = (words: string) =>
	held.filter((one) => words.includes(sessions[one].title) || words.includes(sessions[one].code));

test('shows each kind of person exactly the sessions of the table, on every path', async ({ request }) => {
	test.setTimeout(180_000);
	for (const [who, found] of Object.entries(finds)) {
		const kind = who === 'visitor' ? null : (who as PersonKind);
		const cookie = kind ? (await openSession(variables, `${world.people[kind].account}@example.org`)).cookie : '';
		const ways = await Promise.all(own.map(async (path) => [path, named(await text(request, path, cookie))] as const));
		const [search, , closed] = ways.map(([, seen]) => seen);
		expect([who, search]).toEqual([who, held.filter((one) => found.includes(one))]);
		expect([who, closed]).toEqual([
			who,
			held.filter((one) => (one === 'closed' || one === 'grouped') && found.includes(one))
		]);
		// The grid shows one day: it must contain nothing that the reader may not see, on any day.
		for (const [path, seen] of ways)
			expect([who, path, seen.filter((one) => !found.includes(one))]).toEqual([who, path, []]);
		for (const path of everyones)
			expect([who, path, named(await text(request, path, cookie)).filter((one) => one !== 'public')]).toEqual([
				who,
				path,
				[]
			]);
		for (const one of held) {
			const expected = found.includes(one) || (kind === 'speaker' && one === 'draft') ? 200 : 404;
			for (const way of ['', '.ics']) {
				const answer = await request.get(`/${world.slug}/sessions/${sessions[one].code}${way}`, {
					headers: { cookie }
				});
				const wanted = one === 'draft' ? 404 : expected;
				expect([who, one, way, answer.status()]).toEqual([who, one, way, wanted]);
				if (wanted === 404) expect((await answer.text()).includes(sessions[one].title)).toBe(false);
				else expect((await answer.text()).includes(sessions[one].title.slice(0, 20)), `${who} ${one}${way}`).toBe(true);
				// The group of the session is named to its people alone, and in no calendar.
				expect([who, one, way, (await answer.text()).includes('A closed group')]).toEqual([
					who,
					one,
					way,
					one === 'grouped' && way === '' && kind === 'virtual'
				]);
			}
		}
		// A speaker's page names only the sessions that its reader may see.
		const { rows } = await client.query<{ code: string }>('select code from public.people where id = $1', [
			world.people.speaker.person
		]);
		const speaker = named(await text(request, `/speakers/${rows[0]?.code}`, cookie));
		expect([who, speaker]).toEqual([
			who,
			held.filter((one) => found.includes(one) && (one === 'public' || one === 'closed'))
		]);
	}
});

test('shows in a calendar link, the sitemap and the REST views what the reader may see, and no more in page heads', async ({
	request
}) => {
	for (const kind of ['delegate', 'virtual', 'listed', 'speaker', 'registration'] as const) {
		const found = finds[kind];
		for (const one of held)
			await client.query(
				'insert into public.agenda_marks (person_id, session_id) values ($1, $2) on conflict do nothing',
				[world.people[kind].person, sessions[one].id]
			);
		const token = `${kind}${'x'.repeat(32)}`.slice(0, 32);
		await client.query(
			`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', sha256(convert_to($1, 'UTF8')), $2, $3)
			on conflict (token_hash) do update set person_id = excluded.person_id, summit_id = excluded.summit_id`,
			[token, world.people[kind].person, world.summit]
		);
		const answer = await request.get(`/calendar/${token}.ics`);
		expect([kind, named((await answer.text()).replaceAll(/\r\n /g, ''))]).toEqual([
			kind,
			held.filter((one) => found.includes(one))
		]);
	}
	const rest = await request.get(`${variables['SUPABASE_URL']}/rest/v1/agenda_sessions_v1?summit=eq.${world.slug}`, {
		headers: { apikey: variables['SUPABASE_PUBLISHABLE_KEY'] ?? '' }
	});
	expect(named(await rest.text())).toEqual(['public']);
	const sitemap = await (await request.get('/sitemap.xml')).text();
	expect(named(sitemap).filter((one) => one !== 'public')).toEqual([]);
	// The link preview of a visitor is in the page of a visitor, and of nobody else.
	const preview = (page: string) => [...page.matchAll(/<meta property="og:[a-z_:]+" content="([^"]*)"/g)].join('\n');
	for (const path of ['', '/agenda', `/sessions/${sessions.public.code}`]) {
		expect([path, preview(await text(request, path, '')).includes('/share.png')]).toEqual([path, true]);
		const { cookie } = await openSession(variables, `${world.people.listed.account}@example.org`);
		expect([path, preview(await text(request, path, cookie))]).toEqual([path, '']);
	}
	expect(named(preview(await text(request, `/sessions/${sessions.public.code}`, '')))).toEqual(['public']);
	for (const one of ['members', 'chatham_house', 'closed', 'draft'] as const) {
		const page = await (await request.get(`/${world.slug}/sessions/${sessions[one].code}`)).text();
		expect([one, preview(page), page.includes('rel="canonical"')]).toEqual([one, '', false]);
	}
	const head = (page: string) => page.slice(0, page.indexOf('</head>'));
	expect(named(head(await text(request, `/sessions/${sessions.public.code}`, '')))).toEqual(['public']);
	const unseen = await request.get(`/${world.slug}/sessions/${sessions.closed.code}`);
	expect(named(head(await unseen.text()).replaceAll(`/sessions/${sessions.closed.code}`, ''))).toEqual([]);
});

test('marks the language of a title and of notes that are not in the reader’s language, on every page', async ({
	request
}) => {
	const { members } = sessions;
	const note = 'Accounts of harm, in words alone';
	await client.query(
		`update public.sessions set content_note = jsonb_build_object('original', 'en', 'en', $2::text), interpreted = '{fr,ar}' where id = $1`,
		[members.id, note]
	);
	await actAs(client, world.people.programme, 'select public.publish_release($1)', [world.summit]);
	const { cookie } = await openSession(variables, `${world.people.delegate.account}@example.org`);
	await actAs(client, world.people.delegate, 'select public.mark_session($1, true)', [members.id]);
	const read = async (path: string) => {
		const answer = await request.get(`/ar/${world.slug}${path}`, { headers: { cookie } });
		// The list of changes, which a reader has who was here before, shows titles alone.
		return (await answer.text()).replace(/<section id="changes".*?<\/section>/s, '');
	};
	for (const path of ['/agenda?q=session', '/agenda?view=grid', '/me/agenda', '/rooms/plenary', '/embed/agenda']) {
		const title = path === '/rooms/plenary' || path === '/embed/agenda' ? sessions.public.title : members.title;
		const page = await read(path);
		const shown = page.indexOf(`>${title}</`);
		const tag = page.slice(page.lastIndexOf('<', shown), shown);
		// The text is marked as English and runs left to right; the language name beside it is for the reader.
		expect([path, shown > 0, / lang="en"/.test(tag), / dir="ltr"/.test(tag)]).toEqual([path, true, true, true]);
		expect([path, page.slice(shown, shown + 400).includes('الإنجليزية')]).toEqual([path, true]);
		if (title === members.title) expect([path, page.includes('تنبيه بشأن المحتوى')]).toEqual([path, true]);
	}
	const page = await read(`/sessions/${members.code}`);
	expect(page).toContain(`<h1 lang="en" dir="ltr"`);
	expect(page).toContain(note);
	expect(page.includes('الإنجليزية')).toBe(true);
});

test('shows a bookmark on that entry and to that reader only, and applies a change of rights at once', async ({
	request
}) => {
	const cookies = await Promise.all(
		(['delegate', 'virtual'] as const).map(
			async (kind) => (await openSession(variables, `${world.people[kind].account}@example.org`)).cookie
		)
	);
	await client.query('delete from public.agenda_marks where person_id = any ($1)', [
		[world.people.delegate.person, world.people.virtual.person]
	]);
	const pressed = async (cookie: string) => {
		const page = await text(request, '/agenda?level=members&level=public', cookie);
		return [...page.matchAll(/name="unmark" value="([A-Z0-9]+)"/g)].map(([, code]) => code);
	};
	const [mine = '', other = ''] = cookies;
	await expect.poll(() => pressed(mine)).toEqual([]);
	await actAs(client, world.people.delegate, 'select public.mark_session($1, true)', [sessions.public.id]);
	await expect.poll(() => pressed(mine)).toEqual([sessions.public.code]);
	expect(await pressed(other)).toEqual([]);
	await actAs(client, world.people.delegate, 'select public.mark_session($1, false)', [sessions.public.id]);
	await expect.poll(() => pressed(mine)).toEqual([]);
	// Both read one fragment, each under their own name; a name that contains HTML stays text.
	await client.query(`update public.people set display_name = 'Ann <b>&amp; Co' where id = $1`, [
		world.people.virtual.person
	]);
	const called = async (cookie: string) => {
		const page = await text(request, '/agenda', cookie);
		return [world.people.delegate.name, 'Ann &lt;b>&amp;amp; Co'].filter((name) => page.includes(`>${name}</bdi`));
	};
	await expect.poll(() => called(other)).toEqual(['Ann &lt;b>&amp;amp; Co']);
	expect(await called(mine)).toEqual([world.people.delegate.name]);
	expect(await called(other)).toEqual(['Ann &lt;b>&amp;amp; Co']);
	const sees = async () => (await text(request, '/agenda', other)).includes(sessions.closed.title);
	await client.query(`insert into public.session_audiences (session_id, summit_id, person_id) values ($1, $2, $3)`, [
		sessions.closed.id,
		world.summit,
		world.people.virtual.person
	]);
	const searched = async () => (await text(request, '/agenda?q=session', other)).includes(sessions.closed.title);
	await expect.poll(searched).toBe(true);
	await client.query('delete from public.session_audiences where person_id = $1', [world.people.virtual.person]);
	await expect.poll(searched).toBe(false);
	expect(await sees()).toBe(false);
});

test('shows a key of the API, whatever it may read, what a visitor sees', async ({ request }) => {
	const { key } = await makeKey(client, world);
	const headers = { authorization: `Bearer ${key}` };
	for (const path of ['agenda', 'sessions', 'speakers', 'commitments', 'documents', 'presence/counts', 'checkpoints']) {
		const answer = await request.get(`/api/v1/${path}`, { headers });
		expect([path, answer.status()]).toEqual([path, 200]);
		const seen = named(await answer.text());
		expect([path, seen]).toEqual([
			path,
			['agenda', 'sessions', 'speakers', 'presence/counts'].includes(path) ? ['public'] : []
		]);
	}
});
