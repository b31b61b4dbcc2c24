/*
 * Rule 7: a protected person goes all the way through the Summit under another name. Their own name and address are planted as canaries,
 * and then searched for wherever they must not be: every table outside auth, every page as every kind of person, feeds and exports, mail to
 * others, what Stripe and LiveKit store, the log, and the files on disk.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { RoomServiceClient } from 'livekit-server-sdk';
import pg from 'pg';
import { bareClient, joinBare, publishBare } from '../../fixtures/livekit.ts';
import { openSession, type Session } from '../../fixtures/sessions.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const canary = randomBytes(5).toString('hex');
const realName = `Zoraida Canary${canary}`;
const address = `canary-${canary}@hidden.example`;
const alias = 'Marta Ilves';

let stack: TestSummit;
let client: pg.Client;
let slug: string;
let summit: string;

test.describe.configure({ mode: 'serial', timeout: 180_000 });

test.beforeAll(async () => {
	stack = await startStack({ sample: true });
	client = new pg.Client({ connectionString: stack.variables.DATABASE_URL });
	await client.connect();
	const { rows } = await client.query<{ id: string; slug: string }>(
		`select id, slug from public.summits where state = 'live'`
	);
	({ id: summit = '', slug = '' } = rows[0] ?? {});
});
test.afterAll(async () => {
	await client?.end();
	await stack?.stop();
});

async function post(session: Session, path: string, fields: Record<string, string>): Promise<Response> {
	return fetch(stack.origin + path, {
		method: 'POST',
		redirect: 'manual',
		headers: { cookie: session.cookie, origin: stack.origin, accept: 'text/html' },
		body: new URLSearchParams(fields)
	});
}

async function read(path: string, session: Session | null): Promise<string> {
	const response = await fetch(stack.origin + path, { headers: session ? { cookie: session.cookie } : {} });
	return `${[...response.headers].map((header) => header.join(': ')).join('\n')}\n${await response.text()}`;
}

async function holderOf(role: string): Promise<TestPerson> {
	const { rows } = await client.query<{ account: string | null; person: string; name: string }>(
		`select l.account_id as account, p.id as person, p.display_name as name from public.role_grants as g
		join public.people as p on p.id = g.person_id left join public.account_people as l on l.person_id = p.id and l.relation = 'self'
		where g.role = $1::public.organiser_role and g.ended_at is null limit 1`,
		[role]
	);
	const holder = rows[0];
	if (!holder) throw new Error(`nobody holds ${role}`);
	return { ...holder, account: holder.account ?? (await accountFor(holder.person)) };
}

async function accountFor(person: string): Promise<string> {
	const { rows } = await client.query<{ id: string }>(
		`with made as (insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.org') returning id)
		insert into public.account_people (account_id, person_id, relation) select id, $1, 'self' from made returning account_id as id`,
		[person]
	);
	return rows[0]?.id ?? '';
}

/** Finds a text in the database, outside auth: "schema.table" of each table that holds it in any column. */
async function tablesWith(needle: string): Promise<string[]> {
	const { rows } = await client.query<{ name: string }>(
		`select format('%I.%I', n.nspname, c.relname) as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname not in ('auth', 'pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%'`
	);
	const found = [];
	for (const { name } of rows) {
		// Bytes are searched as hexadecimal, so that unsealed text in a bytea column is found too.
		const hit = await client
			.query(
				`select from ${name} as t where t::text ilike '%' || $1 || '%' or t::text ilike '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%' limit 1`,
				[needle]
			)
			// The job queue creates its own tables while the site starts, and drops some of them again.
			.catch((error: { code?: string }) => (error.code === '42P01' ? null : Promise.reject(error)));
		if (hit?.rowCount) found.push(name);
	}
	return found;
}

/** Checks what an outside service received: neither the person's identity, nor their displayed name, nor their id here. */
function namesNobody(engine: string, held: unknown, person: Session): void {
	const text = JSON.stringify(held);
	for (const [what, needle] of Object.entries({ canary, alias, account: person.account, person: person.person }))
		expect({ engine, what, leaks: text.toLowerCase().includes(needle.toLowerCase()) }).toEqual({
			engine,
			what,
			leaks: false
		});
}

/** Pays as that person, from our button to Stripe's confirmation, and checks everything that Stripe then stores. */
async function payAtStripe(person: Session, registration: string): Promise<void> {
	const { STRIPE_API_URL: stripe, STRIPE_SECRET_KEY: key } = stack.variables;
	const order = (
		await client.query<{ id: string }>('select order_id as id from public.order_lines where registration_id = $1', [
			registration
		])
	).rows[0]?.id;
	const answer = await post(person, `/${slug}/me/pay`, { order: order ?? '' });
	expect(answer.status).toBe(303);
	const page = new URL(answer.headers.get('location') ?? '');
	expect(page.origin).toBe(new URL(stripe ?? '').origin);
	const id = page.pathname.split('/').at(-1) ?? '';
	expect((await fetch(`${stripe}/_test/sessions/${id}/pay`, { method: 'POST', body: '{}' })).status).toBe(200);
	await expect
		.poll(async () => (await client.query('select state from public.registrations where id = $1', [registration])).rows)
		.toEqual([{ state: 'confirmed' }]);
	const list = async (path: string) =>
		(await (await fetch(`${stripe}/v1/${path}`, { headers: { authorization: `Bearer ${key}` } })).json()) as {
			data: { id: string }[];
		};
	const held = {
		page: await (await fetch(page)).text(),
		sessions: await list('checkout/sessions?limit=100'),
		lines: await list(`checkout/sessions/${id}/line_items`),
		intents: await list('payment_intents?limit=100'),
		charges: await list('charges?limit=100'),
		events: await list('events?limit=100')
	};
	expect(held.sessions.data.map((session) => session.id)).toContain(id);
	expect([held.lines, held.intents, held.charges, held.events].map(({ data }) => data.length > 0)).toEqual(
		Array(4).fill(true)
	);
	namesNobody('stripe', held, person);
}

/** Goes on stage and joins with the pass that the site gives, and checks the pass and everything that LiveKit then stores. */
async function speakOnLiveKit(browser: Browser, person: Session, room: string, code: string): Promise<void> {
	const { LIVEKIT_URL = '', LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = stack.variables;
	const run = (
		await client.query<{ id: string }>(
			`select runs.id from public.runs join public.rooms as r on r.id = runs.room_id where runs.summit_id = $1 and runs.state = 'live' and r.slug = $2`,
			[summit, room]
		)
	).rows[0]?.id;
	await actAs(client, await holderOf('stage'), 'select public.set_on_stage($1, $2, true)', [run, code]);
	const passes: { status: string; url: string; token: string; publish: string[] }[] = [];
	for (const purpose of ['stage', 'green_room']) {
		let pass: (typeof passes)[number] | undefined;
		// LiveKit starts after the site.
		await expect
			.poll(async () => {
				const answer = await fetch(`${stack.origin}/${slug}/live/${room}/pass`, {
					method: 'POST',
					headers: { cookie: person.cookie, origin: stack.origin, 'content-type': 'application/json' },
					body: JSON.stringify({ purpose })
				});
				pass = (await answer.json()) as (typeof passes)[number];
				return pass.status;
			})
			.toBe('ok');
		if (pass) passes.push(pass);
	}
	const read = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
	namesNobody('livekit tokens', [passes.map(({ token }) => read(token)), passes], person);

	const speaker = await bareClient(browser, stack.variables, `/${slug}/live`);
	expect(await joinBare(speaker, passes[0] ?? { url: '', token: '' })).toBe(true);
	expect(await publishBare(speaker)).toBe(true);
	const service = new RoomServiceClient(LIVEKIT_URL.replace(/^ws/, 'http'), key, secret);
	const rooms = await service.listRooms();
	const participants = await Promise.all(rooms.map(({ name }) => service.listParticipants(name)));
	const held = JSON.parse(
		JSON.stringify([rooms, participants], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
	) as unknown;
	expect(participants.flat().some(({ tracks }) => tracks.length > 0)).toBe(true);
	namesNobody('livekit', held, person);
	await speaker.context().close();
}

test('finds canaries where they are planted', async () => {
	// Another word than the canary: what was once in a table stays in the write-ahead log.
	const { rows } = await client.query<{ id: string; office: string }>('select id, office from public.people limit 1');
	const setOffice = (office: string | undefined) =>
		client.query('update public.people set office = $2 where id = $1', [rows[0]?.id, office]);
	await setOffice(`Planted ${canary.toUpperCase()}`);
	expect(await tablesWith(`planted ${canary}`)).toEqual(['public.people']);
	await setOffice(rows[0]?.office);
	expect(await tablesWith(canary)).toEqual([]);
});

// An owner enters their own address, an unknown one and a known one: the pages answer alike, and only its holder reads more.
async function inviteByAddress(owner: Session | null, person: Session): Promise<void> {
	if (!owner) throw new Error('no owner');
	const known = `reader-stage-${canary.slice(0, 4)}@example.org`;
	const answers = [];
	for (const [n, each] of [address, known, `nobody-${canary.slice(0, 4)}@example.org`].entries()) {
		const sent = await post(owner, `/${slug}/organise/roles?/invite`, {
			address: each,
			display_name: `As Written ${n}`,
			invited_role: 'door'
		});
		answers.push([sent.status, sent.headers.get('location')]);
	}
	expect(answers).toEqual(Array(3).fill([303, `/${slug}/organise/roles?done=invited`]));
	const roles = async () => read(`/${slug}/organise/roles`, owner);
	const before = await roles();
	for (const n of [0, 1, 2]) expect(before).toContain(`As Written ${n}`);
	expect(before.includes(alias)).toBe(false);
	const mine = await read('/account', person);
	const invitation = /name="invitation" value="([^"]+)"/.exec(mine)?.[1] ?? '';
	expect(mine).toContain('Door staff');
	expect((await post(owner, '/account?/answer', { invitation, answer: 'accept' })).headers.get('location')).toContain(
		'gone'
	);
	const accepted = await post(person, '/account?/answer', { invitation, answer: 'accept' });
	expect(accepted.headers.get('location')).toContain('accepted');
	expect(await roles()).toContain(alias);
	const notified = async () =>
		(
			(await (await fetch(`${stack.variables.LOCAL_INBOX_URL}/messages`)).json()) as { to: string[]; subject: string }[]
		).filter(({ to, subject }) => to.includes(address) && subject.startsWith('Would you take on a role?')).length;
	await expect.poll(notified).toBe(1);
}

test('shows neither name nor address of a protected person who registers, is accredited and takes part', async ({
	browser
}) => {
	const person = await openSession(stack.variables, address);
	const member = (
		await client.query<{ id: string }>(
			`select member_id as id from public.summit_members as m where summit_id = $1 and sector = 'civil_society' and standing = 'active'
			and not exists (select from public.registrations as r where r.summit_id = $1 and r.member_id = m.member_id) limit 1`,
			[summit]
		)
	).rows[0]?.id;
	// Registering under another name creates another person id; the account stays.
	const personNow = async () =>
		(
			await client.query<{ id: string }>(
				`select person_id as id from public.account_people where account_id = $1 and relation = 'self'`,
				[person.account]
			)
		).rows[0]?.id ?? '';
	const version = async () =>
		String(
			(await client.query(`select version from public.registrations where person_id = $1`, [await personNow()])).rows[0]
				?.version ?? 0
		);
	const steps: Record<string, string>[] = [
		{
			display_name: realName,
			office: '',
			country: 'UY',
			protection: 'alias',
			alias_name: alias,
			alias_office: 'Adviser',
			alias_affiliation: 'A member organisation'
		},
		{
			member: member ?? 'other',
			request_name: 'Unlisted Canopy',
			request_sector: 'civil_society',
			request_country: 'UY'
		},
		{ mode: 'virtual', 'languages[]': 'en' },
		{ access_needs: '', note: '', no_photographs: 'on' }
	];
	for (const [index, fields] of steps.entries()) {
		const answer = await post(person, `/${slug}/register/${index + 1}`, { ...fields, version: await version() });
		expect({ step: index + 1, status: answer.status }).toEqual({ step: index + 1, status: 303 });
	}
	const consents = await client.query<{ id: string }>('select id from public.consent_items where summit_id = $1', [
		summit
	]);
	const sent = await post(person, `/${slug}/register/5`, {
		version: await version(),
		code_of_conduct: 'on',
		...Object.fromEntries(consents.rows.map(({ id }) => [`consent_${id}`, 'on']))
	});
	expect(sent.status).toBe(303);
	const registration = (
		await client.query<{ id: string; state: string }>(
			'select id, state from public.registrations where person_id = $1',
			[await personNow()]
		)
	).rows[0];
	expect(registration?.state).toBe('submitted');

	// Their seat has a fee, so that Stripe receives data too.
	await client.query(`delete from public.fees where summit_id = $1 and mode = 'virtual'`, [summit]);
	await client.query(
		`insert into public.fees (summit_id, mode, amount, currency) select id, 'virtual', 4500, currency from public.summits where id = $1`,
		[summit]
	);
	const decided = await actAs<{ answer: { status: string }[] }>(
		client,
		await holderOf('registration'),
		`select public.decide_registrations(array[$1]::uuid[], 'accredit', '') as answer`,
		[registration?.id]
	);
	expect(decided[0]?.answer[0]?.status).toBe('awaiting_payment');
	await payAtStripe(person, registration?.id ?? '');

	// They speak at the live session, and the agenda is released with them in it.
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state, consent_live)
		select session_id, summit_id, $2, 'speaker', 'confirmed', true from public.runs where summit_id = $1 and state = 'live' and level = 'public' limit 1`,
		[summit, await personNow()]
	);
	await actAs(client, await holderOf('programme'), 'select public.publish_release($1)', [summit]);
	const code = (
		await client.query<{ code: string }>('select code from public.people where id = $1', [await personNow()])
	).rows[0]?.code;
	const session = (
		await client.query<{ code: string; room: string }>(
			`select s.code, r.slug as room from public.runs join public.sessions as s on s.id = runs.session_id join public.rooms as r on r.id = runs.room_id
			where runs.summit_id = $1 and runs.state = 'live' and runs.level = 'public' limit 1`,
			[summit]
		)
	).rows[0];

	await speakOnLiveKit(browser, person, session?.room ?? '', code ?? '');

	const paths = [
		`/${slug}`,
		`/${slug}/agenda`,
		`/${slug}/agenda?q=canary${canary}`,
		`/${slug}/sessions/${session?.code}`,
		`/${slug}/speakers`,
		`/${slug}/speakers/${code}`,
		`/${slug}/agenda.ics`,
		`/${slug}/schedule.json`,
		`/${slug}/schedule.xml`,
		'/sitemap.xml',
		`/${slug}/live`,
		`/${slug}/live/${session?.room}`,
		`/${slug}/me`,
		`/${slug}/me/badge`,
		`/${slug}/delegation`,
		`/${slug}/speak`,
		`/${slug}/organise`,
		`/${slug}/organise/registrations`,
		`/${slug}/organise/registrations?q=${encodeURIComponent(alias)}`,
		`/${slug}/organise/registrations/${registration?.id}`,
		`/${slug}/organise/orders`,
		`/${slug}/organise/mail`,
		`/${slug}/organise/agenda`
	];
	const readers: [string, Session | null][] = [['stranger', null]];
	for (const role of ['owner', 'programme', 'registration', 'finance', 'stage', 'door', 'safeguarding']) {
		const reader = await openSession(stack.variables, `reader-${role}-${canary.slice(0, 4)}@example.org`);
		await client.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, $2::public.organiser_role, $3)`,
			[reader.person, role, summit]
		);
		readers.push([role, reader]);
	}
	let aliasSeen = 0;
	for (const [who, reader] of readers) {
		for (const path of paths) {
			const page = await read(path, reader);
			expect({ who, path, leaks: page.includes(canary) && !path.includes(canary) }).toEqual({
				who,
				path,
				leaks: false
			});
			if (page.includes(alias)) aliasSeen += 1;
		}
	}
	expect(aliasSeen).toBeGreaterThan(10);
	await inviteByAddress(new Map(readers).get('owner') ?? null, person);

	// Nor in any table outside auth; nor in what others were sent, what the engines store, and what was logged.
	expect(await tablesWith(realName)).toEqual([]);
	expect(await tablesWith(canary)).toEqual([]);
	const inbox = (await (await fetch(`${stack.variables.LOCAL_INBOX_URL}/messages`)).json()) as {
		to: string[];
		subject: string;
		text: string;
		html: string;
	}[];
	const mailToThem = inbox.filter((mail) => mail.to.includes(address));
	expect(mailToThem.length).toBeGreaterThan(0);
	for (const mail of inbox) {
		const { to, ...content } = mail;
		expect(JSON.stringify(to.includes(address) ? [content.subject, content.text, content.html] : mail)).not.toContain(
			canary
		);
	}
	expect(stack.output()).not.toContain(canary);
});

test('holds the name in no file of the data folder, including the write-ahead log', async () => {
	await client.query('checkpoint').catch(() => undefined);
	const entries = readdirSync(stack.dataFolder).map((entry) => join(stack.dataFolder, entry));
	const search = (needle: string, folders: string[]) => {
		try {
			return execFileSync('grep', ['-rlaF', needle, ...folders], { encoding: 'utf8' })
				.trim()
				.split('\n');
		} catch {
			return [];
		}
	};
	expect(search(`Canary${canary}`, entries)).toEqual([]);
	// The address is in auth.users and on the envelope of their own mail, and in no other file.
	const elsewhere = search(address, entries).filter((file) => !/postgres|inbox|mail/.test(file));
	expect(elsewhere).toEqual([]);
});
