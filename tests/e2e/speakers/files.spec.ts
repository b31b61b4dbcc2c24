/* Session files and portraits, from upload to those who may download them; and by HTTP what others may not. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import pg from 'pg';
import sharp from 'sharp';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { officeFile, pdf, windowsProgram } from '../../fixtures/documents.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, personKinds, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 180_000 });

let client: pg.Client;
let world: World;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
});
test.afterAll(() => client.end());

const partOf = (level: 'public' | 'closed') =>
	readValue<string>(client, 'select id from public.session_people where session_id = $1 and person_id = $2', [
		world.sessions[level].id,
		world.people.speaker.person
	]);
const named = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer });
const cookieOf = async (kind: PersonKind) =>
	(await openSession(variables, `${world.people[kind].account}@example.org`)).cookie;
const incoming = () => readdirSync(join(variables.FILES_DIR ?? '', 'incoming'));

/** Submits a form with a file as a browser without JavaScript does. */
function send(
	request: APIRequestContext,
	path: string,
	cookie: string,
	fields: Record<string, string>,
	name: string,
	buffer: Buffer
) {
	return request.post(`/${world.slug}${path}`, {
		headers: { cookie, origin: variables.ORIGIN ?? '', accept: 'text/html' },
		multipart: { ...fields, file: { name, mimeType: 'application/octet-stream', buffer } },
		maxRedirects: 0
	});
}

test('uploads slides with progress, keeps versions, and shows readers the selected one', async ({ browser }) => {
	const page = await openPage(browser, world.people.speaker);
	await page.goto(`/${world.slug}/speak/${await partOf('public')}/files`);
	await expect(page.getByText('No files yet')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	const file = page.getByLabel('File', { exact: true });
	const go = page.getByRole('button', { name: 'Upload', exact: true });
	// A program named as a PDF; chosen again until the page has loaded its script.
	await expect(async () => {
		await file.setInputFiles(named('Talk.pdf', windowsProgram));
		await go.click();
		await expect(page.getByRole('link', { name: /^This is a program/ })).toBeVisible({ timeout: 5_000 });
	}).toPass();
	await page.getByText('With the session', { exact: true }).click();
	await file.setInputFiles(named('Talk.pdf', pdf('one')));
	await go.click();
	await expect(page.getByText('The file is here.')).toBeVisible();
	await expect(page.getByRole('link', { name: 'Talk.pdf' }).first()).toBeVisible();

	// The second version, from a phone without JavaScript.
	const plain = await openPage(browser, world.people.speaker, {
		javaScriptEnabled: false,
		viewport: { width: 390, height: 844 }
	});
	await plain.goto(`/fr/${world.slug}/speak/${await partOf('public')}/files`);
	await plain
		.getByLabel(/^Nouveau fichier ou version/)
		.selectOption({ label: 'Une nouvelle version de «\u202fTalk.pdf\u202f»' });
	await plain.getByLabel('Fichier', { exact: true }).setInputFiles(named('Second.pdf', pdf('two')));
	await plain.getByRole('button', { name: 'Envoyer', exact: true }).click();
	await expect(plain.getByText('Le fichier est arrivé.')).toBeVisible();
	await plain.getByLabel('Fichier', { exact: true }).setInputFiles(named('Empty.pdf', Buffer.alloc(0)));
	await plain.getByRole('button', { name: 'Envoyer', exact: true }).click();
	await expect(plain.getByRole('link', { name: 'Ce fichier est vide.' })).toBeVisible();
	expect(await plain.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

	const reader = await openPage(browser, null);
	await reader.goto(`/${world.slug}/sessions/${world.sessions.public.code}`);
	const link = reader.getByRole('link', { name: 'Second.pdf' });
	await expect(link).toBeVisible();
	const got = await reader.request.get((await link.getAttribute('href')) ?? '');
	expect(await got.body()).toEqual(pdf('two'));

	// The speaker returns to the first version, and so do the readers.
	await page.getByText('All versions (2)').click();
	await page.getByRole('button', { name: /^Show this one.*Version 1$/ }).click();
	await expect(page.getByText('This version is the one that is shown.')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await reader.reload();
	await expect(reader.getByRole('link', { name: 'Talk.pdf' })).toBeVisible();

	const organiser = await openPage(browser, world.people.programme);
	await organiser.goto(`/${world.slug}/organise/agenda/files`);
	await expect(organiser.getByRole('row', { name: /Session closed/ })).toContainText('No slides yet');
	expect(await faultsOfPage(organiser)).toEqual([]);
	await organiser.getByRole('link', { name: /Session public/ }).click();
	await expect(organiser.getByText('Checked by type only: there is no scanner').first()).toBeVisible();
});

test('crops a portrait as chosen, by keyboard too, and shows it beside the name', async ({ browser }) => {
	const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#335577' } })
		.jpeg()
		.withExif({ IFD0: { Artist: 'CANARY-Camera' } })
		.toBuffer();
	const page = await openPage(browser, world.people.speaker);
	await page.goto(`/${world.slug}/speak/photo`);
	await expect(async () => {
		await page
			.getByLabel('Picture', { exact: true })
			.setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: picture });
		await expect(page.getByRole('slider', { name: 'Across' })).toBeVisible({ timeout: 5_000 });
	}).toPass();
	await page.getByRole('slider', { name: 'Across' }).focus();
	await page.keyboard.press('Home');
	await expect(page.getByRole('slider', { name: 'Across' })).toHaveValue('0');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: 'Use this picture' }).click();
	await expect(page.getByText('The portrait is saved.')).toBeVisible();
	const shown = page.getByRole('img', { name: /^Portrait of/ });
	await expect(shown).toBeVisible();

	const reader = await openPage(browser, null);
	await reader.goto(`/${world.slug}/sessions/${world.sessions.public.code}`);
	const source = (await reader.locator('main img').getAttribute('src')) ?? '';
	const got = await reader.request.get(source);
	expect([got.headers()['content-type'], (await got.body()).includes('CANARY')]).toEqual(['image/webp', false]);
	const { etag = '' } = got.headers();
	expect((await reader.request.get(source, { headers: { 'if-none-match': etag } })).status()).toBe(304);

	// Without JavaScript: the cached page has its own answer, and removing works too.
	const plain = await openPage(browser, world.people.speaker, { javaScriptEnabled: false });
	await plain.goto(`/${world.slug}/speak/photo`);
	const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(64)]);
	await plain
		.getByLabel('Picture', { exact: true })
		.setInputFiles({ name: 'me.heic', mimeType: 'image/heic', buffer: heic });
	await plain.getByRole('button', { name: 'Use this picture' }).click();
	await expect(plain.getByRole('link', { name: /^This is a HEIC picture/ })).toBeVisible();
	await plain.getByRole('button', { name: 'Remove the portrait' }).click();
	await expect(plain.getByText('The portrait is removed.')).toBeVisible();
	expect((await reader.request.get(source)).status()).toBe(404);
});

test('gives each kind of person by HTTP what the rules allow, and not found for the rest', async ({ request }) => {
	const cookie = await cookieOf('programme');
	const has: Record<string, string[]> = {};
	const files: Record<string, string> = {};
	for (const level of ['public', 'members', 'chatham_house', 'closed', 'draft'] as const)
		for (const publication of ['session', 'stage']) {
			const path = `/organise/agenda/${world.sessions[level].id}/files?/upload`;
			const answer = await send(
				request,
				path,
				cookie,
				{ kind: 'slides', publication },
				`${level}.pptx`,
				officeFile('pptx')
			);
			expect([level, answer.status(), answer.headers()['location']?.endsWith('?done=uploaded')]).toEqual([
				level,
				303,
				true
			]);
			files[`${level} ${publication}`] = await readValue(
				client,
				'select id from private.session_files order by created_at desc limit 1'
			);
		}
	const unknown = await request.get(`/${world.slug}/files/00000000-0000-4000-8000-000000000000`);
	for (const kind of ['visitor', ...personKinds] as const) {
		const own = kind === 'visitor' ? '' : await cookieOf(kind);
		const found: string[] = [];
		for (const [name, id] of Object.entries(files)) {
			const answer = await request.get(`/${world.slug}/files/${id}`, { headers: { cookie: own } });
			if (answer.status() === 200) found.push(name);
			else expect([kind, name, answer.status()]).toEqual([kind, name, 404]);
			if (kind === 'visitor' && answer.status() === 404) {
				const plain = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '');
				expect(plain(await answer.text())).toBe(plain(await unknown.text()));
			}
		}
		has[kind] = found;
	}
	const all = Object.keys(files);
	const session = (...levels: string[]) => levels.map((level) => `${level} session`);
	const registered = session('public', 'members', 'chatham_house');
	const released = all.filter((name) => !name.startsWith('draft'));
	expect(has).toEqual({
		visitor: session('public'),
		newcomer: session('public'),
		delegate: registered,
		virtual: registered,
		waiting: session('public'),
		focal: session('public'),
		speaker: all.filter((name) => /^(?:public|closed)/.test(name) || registered.includes(name)),
		listed: [...registered, 'closed session'],
		programme: all,
		registration: session('public'),
		finance: session('public'),
		stage: all,
		door: session('public'),
		safeguarding: all,
		owner: all.filter((name) => !name.startsWith('closed'))
	});
	expect(released).toHaveLength(8);

	const id = files['public session'] ?? '';
	const whole = await request.get(`/${world.slug}/files/${id}`);
	expect(whole.headers()).toMatchObject({
		'content-disposition': `attachment; filename="public.pptx"; filename*=UTF-8''public.pptx`,
		'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
		'x-content-type-options': 'nosniff',
		'cache-control': 'private, no-store, no-transform',
		etag: `"${createHash('sha256').update(officeFile('pptx')).digest('hex')}"`
	});
	const part = await request.get(`/${world.slug}/files/${id}`, { headers: { range: 'bytes=2-5' } });
	expect([part.status(), await part.body()]).toEqual([206, officeFile('pptx').subarray(2, 6)]);
	expect((await request.get(`/${world.slug}/files/${id}`, { headers: { range: 'bytes=999999-' } })).status()).toBe(416);
	// Raised to closed, it is gone at once.
	await actAs(
		client,
		world.people.programme,
		`update public.sessions set level = 'closed', audience = 'listed' where id = $1`,
		[world.sessions.public.id]
	);
	expect((await request.get(`/${world.slug}/files/${id}`)).status()).toBe(404);
	await actAs(
		client,
		world.people.programme,
		`update public.sessions set level = 'public', audience = 'everyone' where id = $1`,
		[world.sessions.public.id]
	);
});

test('stores nothing of an upload that is too large, breaks off or is not allowed', async ({ request }) => {
	const path = `/speak/${await partOf('closed')}/files?/upload`;
	const cookie = await cookieOf('speaker');
	const count = () =>
		readValue<number>(
			client,
			'select count(*)::integer from private.stored_objects as o join private.file_versions as v on v.object_name = o.name join private.session_files as f on f.id = v.file_id where f.session_id = $1',
			[world.sessions.closed.id]
		);
	const before = await count();
	const large = await send(
		request,
		path,
		cookie,
		{ kind: 'handout' },
		'large.pdf',
		Buffer.concat([pdf(), Buffer.alloc(21_000_000)])
	);
	expect([large.status(), (await large.text()).includes('This file is larger than')]).toEqual([413, true]);
	for (const kind of ['delegate', 'listed', 'registration'] as const)
		expect((await send(request, path, await cookieOf(kind), { kind: 'slides' }, 'a.pdf', pdf())).status()).toBe(404);
	expect((await send(request, path, '', { kind: 'slides' }, 'a.pdf', pdf())).status()).toBe(401);
	const portrait = await request.post(`/${world.slug}/speak/photo?/save`, {
		headers: { cookie, origin: variables.ORIGIN ?? '', accept: 'text/html' },
		multipart: {
			person: world.people.speaker.person,
			picture: { name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(40_000_000) }
		}
	});
	expect([portrait.status(), (await portrait.text()).includes('This file is larger than')]).toEqual([413, true]);

	const { hostname, port } = new URL(variables.ORIGIN ?? '');
	const socket = connect(Number(port), hostname);
	const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`;
	socket.write(
		`POST /${world.slug}${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${variables.ORIGIN}\r\nCookie: ${cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n${head}`
	);
	socket.write(Buffer.alloc(600_000));
	await expect.poll(() => incoming().length, { timeout: 20_000 }).toBeGreaterThan(0);
	socket.destroy();
	await expect.poll(incoming, { timeout: 20_000 }).toEqual([]);
	expect(await count()).toBe(before);

	// Elsewhere a body without a length is counted while it arrives, and the connection ends.
	const chunked = connect(Number(port), hostname);
	const closed = new Promise<void>((done) => chunked.on('error', () => undefined).on('close', () => done()));
	chunked.write(
		`POST /sign-in?/ask HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${variables.ORIGIN}\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n`
	);
	for (let n = 0; n < 6; n += 1) chunked.write(`${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`);
	await closed;
});
