/*
 * Rule 7: a protected person goes all the way through the Summit under another name. Their own name and address are planted as canaries,
 * and then searched for wherever they must not be: every table outside auth, every page as every kind of person, feeds and exports, mail to
 * others, what Stripe and LiveKit store, the log, and the files on disk.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { putInGroup } from '../../fixtures/grouping.ts';
import { payAtStripe, speakOnLiveKit } from '../../fixtures/hidden-from-engines.ts';
import { makeKey } from '../../fixtures/integrating.ts';
import { takePartInCommunity } from '../../fixtures/hidden-in-community.ts';
import { useSampleSite } from '../../fixtures/sample-site.ts';
import { openSession, type Session } from '../../fixtures/sessions.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs } from '../../fixtures/world.ts';

const canary = randomBytes(5).toString('hex');
const realName = `Zoraida Canary${canary}`;
const address = `canary-${canary}@hidden.example`;
const alias = 'Marta Ilves';

const site = useSampleSite();

test.describe.configure({ mode: 'serial', timeout: 180_000 });

test('finds canaries where they are planted', async () => {
	// Another word than the canary: what was once in a table stays in the write-ahead log.
	const { rows } = await site.client.query<{ id: string; office: string }>(
		'select id, office from public.people limit 1'
	);
	const setOffice = (office: string | undefined) =>
		site.client.query('update public.people set office = $2 where id = $1', [rows[0]?.id, office]);
	await setOffice(`Planted ${canary.toUpperCase()}`);
	expect(await site.tablesWith(`planted ${canary}`)).toEqual(['public.people']);
	await setOffice(rows[0]?.office);
	expect(await site.tablesWith(canary)).toEqual([]);
});

// An owner enters their own address, an unknown one and a known one: the pages answer alike, and only its holder reads more.
async function inviteByAddress(owner: Session | null, person: Session): Promise<void> {
	if (!owner) throw new Error('no owner');
	const known = `reader-stage-${canary.slice(0, 4)}@example.org`;
	const answers = [];
	for (const [n, each] of [address, known, `nobody-${canary.slice(0, 4)}@example.org`].entries()) {
		const sent = await site.post(owner, `/${site.slug}/organise/roles?/invite`, {
			address: each,
			display_name: `As Written ${n}`,
			invited_role: 'door'
		});
		answers.push([sent.status, sent.headers.get('location')]);
	}
	expect(answers).toEqual(Array(3).fill([303, `/${site.slug}/organise/roles?done=invited`]));
	const roles = async () => site.read(`/${site.slug}/organise/roles`, owner);
	const before = await roles();
	for (const n of [0, 1, 2]) expect(before).toContain(`As Written ${n}`);
	expect(before.includes(alias)).toBe(false);
	const mine = await site.read('/account', person);
	const invitation = /name="invitation" value="([^"]+)"/.exec(mine)?.[1] ?? '';
	expect(mine).toContain('Door staff');
	expect(
		(await site.post(owner, '/account?/answer', { invitation, answer: 'accept' })).headers.get('location')
	).toContain('gone');
	const accepted = await site.post(person, '/account?/answer', { invitation, answer: 'accept' });
	expect(accepted.headers.get('location')).toContain('accepted');
	expect(await roles()).toContain(alias);
	const notified = async () =>
		(
			(await (await fetch(`${site.stack.variables.LOCAL_INBOX_URL}/messages`)).json()) as {
				to: string[];
				subject: string;
			}[]
		).filter(({ to, subject }) => to.includes(address) && subject.startsWith('Would you take on a role?')).length;
	await expect.poll(notified).toBe(1);
}

// Another system reads all that a key may open.
async function readByKey(owner: Session | null): Promise<void> {
	if (!owner) throw new Error('no owner');
	const { key } = await makeKey(site.client, { summit: site.summit, people: { owner: { ...owner, name: 'Owner' } } });
	const read = async (path: string) => {
		const answer = await fetch(`${site.stack.variables.ORIGIN}/api/v1${path}`, {
			headers: { authorization: `Bearer ${key}` }
		});
		return (await answer.json()) as { items: unknown[]; next: string | null };
	};
	for (const list of [
		'speakers',
		'sessions',
		'agenda',
		'registrations',
		'presence',
		'commitments',
		'documents',
		'members'
	]) {
		let rows = '';
		for (let next: string | null = ''; next !== null;) {
			const page: { items: unknown[]; next: string | null } = await read(
				`/${list}?limit=200${next && `&cursor=${next}`}`
			);
			rows += JSON.stringify(page.items);
			next = page.next;
		}
		expect([list, rows.includes(canary)]).toEqual([list, false]);
		if (list === 'speakers' || list === 'registrations') expect([list, rows.includes(alias)]).toEqual([list, true]);
	}
}

test('shows neither name nor address of a protected person who registers, is accredited and takes part', async ({
	browser
}) => {
	const person = await openSession(site.stack.variables, address);
	const member = (
		await site.client.query<{ id: string }>(
			`select member_id as id from public.summit_members as m where summit_id = $1 and sector = 'civil_society' and standing = 'active'
			and not exists (select from public.registrations as r where r.summit_id = $1 and r.member_id = m.member_id) limit 1`,
			[site.summit]
		)
	).rows[0]?.id;
	// Registering under another name creates another person id; the account stays.
	const personNow = async () =>
		(
			await site.client.query<{ id: string }>(
				`select person_id as id from public.account_people where account_id = $1 and relation = 'self'`,
				[person.account]
			)
		).rows[0]?.id ?? '';
	const version = async () =>
		String(
			(await site.client.query(`select version from public.registrations where person_id = $1`, [await personNow()]))
				.rows[0]?.version ?? 0
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
		const answer = await site.post(person, `/${site.slug}/register/${index + 1}`, {
			...fields,
			version: await version()
		});
		expect({ step: index + 1, status: answer.status }).toEqual({ step: index + 1, status: 303 });
	}
	const consents = await site.client.query<{ id: string }>('select id from public.consent_items where summit_id = $1', [
		site.summit
	]);
	const sent = await site.post(person, `/${site.slug}/register/5`, {
		version: await version(),
		code_of_conduct: 'on',
		...Object.fromEntries(consents.rows.map(({ id }) => [`consent_${id}`, 'on']))
	});
	expect(sent.status).toBe(303);
	const registration = (
		await site.client.query<{ id: string; state: string }>(
			'select id, state from public.registrations where person_id = $1',
			[await personNow()]
		)
	).rows[0];
	expect(registration?.state).toBe('submitted');

	// Their seat has a fee, so that Stripe receives data too.
	await site.client.query(`delete from public.fees where summit_id = $1 and mode = 'virtual'`, [site.summit]);
	await site.client.query(
		`insert into public.fees (summit_id, mode, amount, currency) select id, 'virtual', 4500, currency from public.summits where id = $1`,
		[site.summit]
	);
	const decided = await actAs<{ answer: { status: string }[] }>(
		site.client,
		await site.holderOf('registration'),
		`select public.decide_registrations(array[$1]::uuid[], 'accredit', '') as answer`,
		[registration?.id]
	);
	expect(decided[0]?.answer[0]?.status).toBe('awaiting_payment');
	await payAtStripe(site, { canary, alias }, person, registration?.id ?? '');

	// They speak at the live session, and the agenda is released with them in it.
	await site.client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state, consent_live)
		select session_id, summit_id, $2, 'speaker', 'confirmed', true from public.runs where summit_id = $1 and state = 'live' and level = 'public' limit 1`,
		[site.summit, await personNow()]
	);
	await actAs(site.client, await site.holderOf('programme'), 'select public.publish_release($1)', [site.summit]);
	const code = (
		await site.client.query<{ code: string }>('select code from public.people where id = $1', [await personNow()])
	).rows[0]?.code;
	const session = (
		await site.client.query<{ code: string; room: string }>(
			`select s.code, r.slug as room from public.runs join public.sessions as s on s.id = runs.session_id join public.rooms as r on r.id = runs.room_id
			where runs.summit_id = $1 and runs.state = 'live' and runs.level = 'public' limit 1`,
			[site.summit]
		)
	).rows[0];

	await speakOnLiveKit(site, { canary, alias }, browser, person, session?.room ?? '', code ?? '');

	const paths = [
		`/${site.slug}`,
		`/${site.slug}/agenda`,
		`/${site.slug}/agenda?q=canary${canary}`,
		`/${site.slug}/sessions/${session?.code}`,
		`/${site.slug}/speakers`,
		`/${site.slug}/speakers/${code}`,
		`/${site.slug}/agenda.ics`,
		`/${site.slug}/schedule.json`,
		`/${site.slug}/schedule.xml`,
		'/sitemap.xml',
		`/${site.slug}/live`,
		`/${site.slug}/live/${session?.room}`,
		`/${site.slug}/me`,
		`/${site.slug}/me/badge`,
		`/${site.slug}/delegation`,
		`/${site.slug}/speak`,
		`/${site.slug}/organise`,
		`/${site.slug}/organise/registrations`,
		`/${site.slug}/organise/registrations?q=${encodeURIComponent(alias)}`,
		`/${site.slug}/organise/registrations/${registration?.id}`,
		`/${site.slug}/organise/orders`,
		`/${site.slug}/organise/mail`,
		`/${site.slug}/organise/agenda`,
		...(await takePartInCommunity(
			site,
			{ account: person.account, person: await personNow(), name: alias },
			alias,
			member ?? ''
		))
	];
	const readers: [string, Session | null][] = [['visitor', null]];
	for (const role of ['owner', 'programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'community']) {
		const reader = await openSession(site.stack.variables, `reader-${role}-${canary.slice(0, 4)}@example.org`);
		await site.client.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, $2::public.organiser_role, $3)`,
			[reader.person, role, role === 'community' ? null : site.summit]
		);
		// Somebody of the group reads what its people write.
		if (role === 'stage') await putInGroup(site.client, { ...reader, name: role }, 'REFRDATA', 'chair');
		readers.push([role, reader]);
	}
	let aliasSeen = 0;
	for (const [who, reader] of readers) {
		for (const path of paths) {
			const page = await site.read(path, reader);
			expect({ who, path, leaks: page.includes(canary) && !path.includes(canary) }).toEqual({
				who,
				path,
				leaks: false
			});
			if (page.includes(alias)) aliasSeen += 1;
		}
	}
	expect(aliasSeen).toBeGreaterThan(20);
	await readByKey(new Map(readers).get('owner') ?? null);
	await inviteByAddress(new Map(readers).get('owner') ?? null, person);

	// Nor in any table outside auth; nor in what others were sent, what the engines store, and what was logged.
	expect(await site.tablesWith(realName)).toEqual([]);
	expect(await site.tablesWith(canary)).toEqual([]);
	const inbox = (await (await fetch(`${site.stack.variables.LOCAL_INBOX_URL}/messages`)).json()) as {
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
	expect(site.stack.output()).not.toContain(canary);
});

test('holds the name in no file of the data folder, including the write-ahead log', async () => {
	await site.client.query('checkpoint').catch(() => undefined);
	const entries = readdirSync(site.stack.dataFolder).map((entry) => join(site.stack.dataFolder, entry));
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
