/*
 * The public site of a Summit: from the landing page to a speaker, with and without JavaScript; times in the reader's zone; what a stranger
 * must not see on any path; a personal agenda and its calendar; live events on an open page.
 */
import AxeBuilder from '@axe-core/playwright';
import type { APIRequestContext, Page } from '@playwright/test';
import pg from 'pg';
import { signInAs } from '../../fixtures/sample.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

const variables = JSON.parse(process.env.E2E_VARIABLES ?? '{}') as Record<string, string>;

/** The slug of the sample Summit. */
async function currentSlug(request: APIRequestContext): Promise<string> {
	return /href="\/([a-z0-9-]+)\/agenda"/.exec(await (await request.get('/')).text())?.[1] ?? '';
}

async function passesAxe(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
		.analyze();
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))])).toEqual([]);
}

/** The last day of the agenda: it has no "now" that depends on when the test runs. */
async function openLastDay(page: Page, slug: string, rest = ''): Promise<void> {
	await page.goto(`/${slug}/agenda${rest}`);
	await page.getByRole('navigation', { name: 'Days' }).getByRole('link').last().click();
	await expect(page.getByRole('navigation', { name: 'Days' }).getByRole('link').last()).toHaveAttribute(
		'aria-current',
		'page'
	);
}

test('leads a visitor from the landing page to the agenda, its filters, a session and its speaker', async ({
	page
}) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Global Summit');
	await expect(page.getByRole('heading', { name: 'Open to everyone' })).toBeVisible();
	await page.getByRole('link', { name: 'See the agenda' }).click();
	await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();

	await page.getByRole('combobox', { name: 'Language' }).selectOption('fr');
	await expect(page).toHaveURL(/[?&]language=fr/);
	await expect(page.getByText('Showing sessions in French, spoken or interpreted.')).toBeVisible();
	await page.getByRole('link', { name: 'Clear', exact: true }).first().click();
	await expect(page).not.toHaveURL(/language/);

	await page.getByRole('searchbox').fill('threat assessment');
	await page.getByRole('searchbox').press('Enter');
	const found = page
		.getByRole('main')
		.getByRole('listitem')
		.filter({ has: page.getByRole('heading', { level: 3 }) });
	await expect(found).not.toHaveCount(0);
	for (const title of await found.getByRole('heading', { level: 3 }).allTextContents())
		expect(title).toMatch(/threat/i);
	await found.first().getByRole('link').first().click();

	await expect(page.getByRole('heading', { level: 1 })).toContainText(/threat/i);
	const people = page
		.getByRole('main')
		.getByRole('listitem')
		.filter({ hasText: /^\s*(Speaker|Chair|Moderator|Respondent)/ });
	const name = (await people.first().getByRole('link').textContent()) ?? '';
	await people.first().getByRole('link').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
	await expect(page.getByRole('heading', { name: 'Sessions', level: 2 })).toBeVisible();
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('offers filters, search, days, layouts and zones as forms and links', async ({ page, request }) => {
		const slug = await currentSlug(request);
		await openLastDay(page, slug);
		const [hour] = await page
			.getByRole('heading', { level: 2 })
			.filter({ hasText: /^\d\d:\d\d\s*$/ })
			.allTextContents();
		expect(hour?.trim()).toMatch(/^\d\d:\d\d$/);
		await page.getByRole('link', { name: 'Rooms' }).click();
		await expect(page.getByRole('region', { name: 'Rooms' })).toBeVisible();
		await page.getByRole('link', { name: 'List' }).click();

		await page.getByRole('combobox', { name: 'Times also in' }).selectOption('Africa/Nairobi');
		await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
		await page.getByRole('button', { name: 'Show' }).click();
		await expect(page.getByText('Showing sessions in Arabic, spoken or interpreted.')).toBeVisible();
		await expect(
			page.getByRole('heading', { level: 2, name: /^\d\d:\d\d \d\d:\d\d.* in Nairobi$/ }).first()
		).toBeVisible();

		await page.getByRole('searchbox').fill('no such words anywhere');
		await page.getByRole('button', { name: 'Show' }).click();
		await expect(page.getByText('No session fits')).toBeVisible();
		await page.getByRole('main').getByRole('link', { name: 'Clear' }).first().click();
		await expect(page.getByText('No session fits')).toHaveCount(0);
	});

	test('marks a session and creates a calendar address by forms', async ({ page, request }) => {
		const slug = await currentSlug(request);
		await signInAs(page, 'Farid Haddad');
		await openLastDay(page, slug);
		const button = page.getByRole('button', { name: /in my agenda$/, pressed: false }).first();
		const title = ((await button.textContent()) ?? '').trim().replace(/: in my agenda$/, '');
		const same = page.getByRole('button', { name: `${title}: in my agenda` });
		await expect(same).toHaveAttribute('aria-pressed', 'false');
		await button.click();
		await expect(same).toHaveAttribute('aria-pressed', 'true');

		await page.goto(`/${slug}/me/agenda`);
		await expect(page.getByRole('link', { name: title })).toBeVisible();
		await page.getByRole('button', { name: /^Make an? (new )?address/ }).click();
		await expect(page.getByLabel('Address for your calendar')).toHaveValue(/\/calendar\/[A-Za-z0-9_-]{32}\.ics$/);
		await same.click();
		await expect(page.getByRole('link', { name: title })).toHaveCount(0);
	});
});

test('answers an unknown time zone with the right status, for the whole agenda and a session', async ({ request }) => {
	const slug = await currentSlug(request);
	for (const path of [`/${slug}/agenda?zone=Mars/Base`, `/fr/${slug}/agenda?zone=%3Cscript%3E`]) {
		const answer = await request.get(path);
		expect(answer.status()).toBe(400);
		expect(await answer.text()).not.toContain('<script>“');
	}
	expect(await (await request.get(`/${slug}/agenda?zone=Mars/Base`)).text()).toContain(
		'There is no time zone called “Mars/Base”'
	);
});

test.describe('a reader in another zone', () => {
	test.use({ timezoneId: 'Africa/Nairobi' });

	test('shows both times, on the landing page, the agenda and the session', async ({ page, request }) => {
		const slug = await currentSlug(request);
		await page.goto('/');
		await expect(page.getByRole('figure').getByText(/^\d\d:\d\d where you are/)).toBeVisible();
		await openLastDay(page, slug);
		const heading = page.getByRole('heading', { level: 2, name: /in Nairobi$/ }).first();
		// Montevideo is three hours behind UTC, Nairobi three hours ahead.
		const [, here, there] =
			/^(\d\d):\d\d (\d\d):\d\d/.exec(((await heading.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()) ?? [];
		expect((Number(here) + 6) % 24).toBe(Number(there));
		await expect(page.getByRole('combobox', { name: 'Times also in' })).toHaveValue('');
		await page.getByRole('combobox', { name: 'Times also in' }).selectOption('Asia/Tokyo');
		await expect(page).toHaveURL(/zone=Asia\/Tokyo/);
		await expect(page.getByRole('heading', { level: 2, name: /in Tokyo$/ }).first()).toBeVisible();
	});
});

test('shows a time once where the reader’s zone is the venue’s', async ({ browser, request, baseURL }) => {
	const slug = await currentSlug(request);
	const context = await browser.newContext({ timezoneId: 'America/Montevideo', baseURL });
	const page = await context.newPage();
	await openLastDay(page, slug);
	await expect(page.getByRole('heading', { level: 2, name: /^\d\d:\d\d$/ }).first()).toBeVisible();
	await expect(page.getByText(/in Montevideo$/)).toHaveCount(0);
	await context.close();
});

test('lays the Arabic page out from right to left, and keeps the language in its links @phone', async ({
	page,
	request
}) => {
	const slug = await currentSlug(request);
	await page.goto('/ar');
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	await passesAxe(page);
	await page.getByRole('link', { name: 'الاطلاع على البرنامج' }).click();
	await expect(page).toHaveURL(`/ar/${slug}/agenda`);
	await expect(page.getByRole('heading', { level: 1, name: 'البرنامج' })).toBeVisible();
	await page.getByRole('button', { name: 'تصفية' }).click();
	await page.getByRole('combobox', { name: 'اللغة' }).selectOption('ar');
	await expect(page.getByText('تُعرض الجلسات')).toBeVisible();
	await passesAxe(page);
	await page.getByRole('heading', { level: 3 }).first().getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/ar/${slug}/sessions/`));
	await passesAxe(page);
});

for (const colorScheme of ['light', 'dark'] as const) {
	test(`passes axe on every page, ${colorScheme}`, async ({ page, request }) => {
		test.slow();
		const slug = await currentSlug(request);
		await page.emulateMedia({ colorScheme });
		await signInAs(page, 'Grace Wanjiru');
		for (const path of ['', '/agenda', '/agenda?view=grid', '/agenda?q=nothing+at+all', '/speakers', '/me/agenda']) {
			await page.goto(`/${slug}${path}`);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			await passesAxe(page);
		}
		await openLastDay(page, slug);
		await page.getByRole('heading', { level: 3 }).first().getByRole('link').click();
		await expect(page.getByRole('region', { name: 'When and where' })).toBeVisible();
		await passesAxe(page);
	});
}

test.describe('in a Summit of its own', () => {
	let client: pg.Client;
	let world: World;

	test.beforeAll(async () => {
		client = new pg.Client({ connectionString: variables['DATABASE_URL'] });
		await client.connect();
		world = await makeWorld(client);
	});
	test.afterAll(() => client.end());

	async function cookieOf(kind: keyof World['people']): Promise<string> {
		return (await openSession(variables, `${world.people[kind].account}@example.org`)).cookie;
	}

	test('hides what a stranger may not see: answers as for an unknown session, in every page and feed', async ({
		request
	}) => {
		const { slug, sessions } = world;
		const page = async (path: string, cookie = '') => request.get(path, { headers: { cookie }, maxRedirects: 0 });
		const listed = await cookieOf('listed');
		// A search covers every day: the sessions of this Summit may run past midnight.
		for (const path of [`/${slug}/agenda?q=session`, `/${slug}/sessions/${sessions.closed.code}`]) {
			const words = await (await page(path, listed)).text();
			expect(words.includes(sessions.closed.title), path).toBe(true);
		}
		const [unseen, unknown] = await Promise.all([
			page(`/${slug}/sessions/${sessions.closed.code}`),
			page(`/${slug}/sessions/ZZZZZZ`)
		]);
		expect([unseen.status(), unknown.status()]).toEqual([404, 404]);
		const plain = async (answer: typeof unseen) =>
			(await answer.text())
				.replaceAll(sessions.closed.code, 'CODE')
				.replaceAll('ZZZZZZ', 'CODE')
				.replace(/now:\d+/, 'now');
		expect(await plain(unseen)).toBe(await plain(unknown));
		const strangers = [
			'',
			'/agenda',
			'/agenda?view=grid',
			'/agenda?q=session',
			'/speakers',
			'/agenda.ics',
			'/schedule.json',
			'/schedule.xml'
		];
		for (const path of strangers) {
			const words = await (await page(`/${slug}${path}`)).text();
			for (const level of ['members', 'chatham_house', 'closed', 'draft'] as const) {
				expect(words.includes(sessions[level].title), `${path} ${level}`).toBe(false);
				expect(words.includes(sessions[level].code), `${path} ${level}`).toBe(false);
			}
		}
		for (const path of ['/agenda?q=session', '/agenda.ics', '/schedule.json', '/schedule.xml']) {
			const words = await (await page(`/${slug}${path}`)).text();
			expect(words.includes(sessions.public.title), path).toBe(true);
		}
		// The public files are the same for every reader.
		for (const path of ['/agenda.ics', '/schedule.json', '/schedule.xml']) {
			expect(await (await page(`/${slug}${path}`, listed)).text()).toBe(await (await page(`/${slug}${path}`)).text());
		}
		const words = await (await page(`/${slug}/agenda?q=session`, await cookieOf('delegate'))).text();
		expect([words.includes(sessions.members.title), words.includes(sessions.closed.title)]).toEqual([true, false]);
	});

	test('applies granted and revoked rights at once, although rows are cached for others', async ({ request }) => {
		const { slug, sessions, people, summit } = world;
		const cookie = await cookieOf('virtual');
		const sees = async () => {
			const words = await (await request.get(`/${slug}/agenda?q=session`, { headers: { cookie } })).text();
			return words.includes(sessions.closed.title);
		};
		expect(await sees()).toBe(false);
		await client.query(`insert into public.session_audiences (session_id, summit_id, person_id) values ($1, $2, $3)`, [
			sessions.closed.id,
			summit,
			people.virtual.person
		]);
		await client.query(`select private.publish_event('person:' || $1, 'rights')`, [people.virtual.person]);
		await expect.poll(sees).toBe(true);
		await client.query(`delete from public.session_audiences where person_id = $1`, [people.virtual.person]);
		await expect.poll(sees).toBe(false);
	});

	test('follows one’s agenda in a personal calendar; a replaced and an ended address are not found', async ({
		page,
		request,
		context
	}) => {
		const { slug, sessions, people } = world;
		const { cookies } = await openSession(variables, `${people.delegate.account}@example.org`);
		await context.addCookies(cookies.map((one) => ({ ...one, url: process.env.E2E_ORIGIN ?? '' })));
		await page.goto(`/${slug}/sessions/${sessions.members.code}`);
		await page.getByRole('button', { name: 'Add to my agenda' }).click();
		await expect(page.getByRole('button', { name: 'In my agenda' })).toHaveAttribute('aria-pressed', 'true');
		await page.goto(`/${slug}/me/agenda`);
		const address = page.getByLabel('Address for your calendar');
		await page.getByRole('button', { name: 'Make an address for my calendar' }).click();
		const first = await address.inputValue();

		const file = await request.get(first);
		expect(file.headers()['content-type']).toBe('text/calendar; charset=utf-8');
		const events = (await file.text()).match(/^SUMMARY:.*$/gm)?.map((line) => line.trim());
		expect(events).toEqual([`SUMMARY:${sessions.members.title}`]);
		const again = await request.get(first, { headers: { 'if-none-match': file.headers()['etag'] ?? '' } });
		expect([again.status(), (await again.body()).length]).toEqual([304, 0]);

		await page.getByRole('button', { name: 'Make a new address' }).click();
		await expect(address).not.toHaveValue(first);
		const second = await address.inputValue();
		expect([(await request.get(first)).status(), (await request.get(second)).status()]).toEqual([410, 200]);
		await page.getByRole('button', { name: 'End the address' }).click();
		await expect(page.getByRole('button', { name: 'Make an address for my calendar' })).toBeVisible();
		const ended = await request.get(second);
		expect([ended.status(), await ended.text()]).toEqual([
			410,
			'This calendar address was renewed or ended. Make a new one under “My agenda” and remove this one from your calendar.\n'
		]);
	});

	test('shows a release on an open page automatically, and a cancelled session as cancelled', async ({ page }) => {
		const { slug, sessions, people, summit } = world;
		await page.goto(`/${slug}/agenda`);
		const entry = page
			.getByRole('listitem')
			.filter({ has: page.getByRole('heading', { name: sessions.public.title }) });
		await expect(entry).toBeVisible();
		await expect(entry.getByText('Cancelled')).toHaveCount(0);
		await client.query(`update public.sessions set state = 'cancelled' where id = $1`, [sessions.public.id]);
		await actAs(client, people.programme, `select public.publish_release($1)`, [summit]);
		await expect(entry.getByText('Cancelled')).toBeVisible();
		await page.goto(`/${slug}/sessions/${sessions.public.code}`);
		await expect(page.getByRole('region', { name: 'When and where' }).getByText('Cancelled')).toBeVisible();
	});
});

test('sends the public files, and sends them again only after a change', async ({ request }) => {
	const slug = await currentSlug(request);
	const calendar = await request.get(`/ar/${slug}/agenda.ics`);
	expect((await calendar.text()).startsWith('BEGIN:VCALENDAR\r\n')).toBe(true);
	const { schedule } = (await (await request.get(`/${slug}/schedule.json`)).json()) as {
		schedule: { conference: { acronym: string; days: { rooms: Record<string, unknown[]> }[] } };
	};
	expect(schedule.conference.acronym).toBe(slug.replaceAll('-', '_').padStart(4, '_'));
	const events = schedule.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat());
	const xml = await (await request.get(`/${slug}/schedule.xml`)).text();
	expect(xml.match(/<event /g)).toHaveLength(events.length);
	expect(await (await request.get('/sitemap.xml')).text()).toContain(`/fr/${slug}/agenda</loc>`);
	expect(await (await request.get('/robots.txt')).text()).toMatch(/^Sitemap: http.*\/sitemap\.xml$/m);
	for (const path of [`/${slug}/agenda.ics`, `/${slug}/schedule.json`, `/${slug}/schedule.xml`, `/${slug}/agenda`]) {
		// Releases of other tests clear the cache; the file is then built again with a new date.
		await expect(async () => {
			const answer = await request.get(path);
			const again = await request.get(path, { headers: { 'if-none-match': answer.headers()['etag'] ?? '' } });
			expect([path, again.status()]).toEqual([path, 304]);
		}).toPass({ timeout: 15_000 });
	}
});
