/* The shell of every page: signing in and out, languages, themes, refusals, headers, and what works without JavaScript. */
import AxeBuilder from '@axe-core/playwright';
import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test } from '../../fixtures/test.ts';

const variables = JSON.parse(process.env.E2E_VARIABLES ?? '{}') as Record<string, string>;

/** The slug of the Summit that "/" shows. */
async function currentSlug(request: APIRequestContext): Promise<string> {
	const html = await (await request.get('/talk')).text();
	return /href="\/([a-z0-9-]+)\/agenda"/.exec(html)?.[1] ?? '';
}

/** The code of the newest mail to an address. */
async function codeFor(request: APIRequestContext, address: string, beside?: string): Promise<string> {
	let code: string | undefined;
	await expect(async () => {
		const inbox = await request.get(`${variables['LOCAL_INBOX_URL']}/messages?to=${encodeURIComponent(address)}`);
		const mails = (await inbox.json()) as { at: string; text: string; subject: string }[];
		const newest = mails.sort((a, b) => b.at.localeCompare(a.at))[0];
		code = /\b\d{8}\b/.exec(`${newest?.subject} ${newest?.text}`)?.[0];
		expect(code).toMatch(/^\d{8}$/);
		expect(code).not.toBe(beside);
	}).toPass({ timeout: 20_000 });
	return code ?? '';
}

async function askFor(page: Page, address: string, next = '/account'): Promise<void> {
	await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
	await page.getByLabel('Mail address').fill(address);
	await page.getByRole('button', { name: 'Send me a code' }).click();
	await expect(page.getByRole('heading', { name: 'Enter the code', level: 1 })).toBeVisible();
}

async function typeCode(page: Page, code: string): Promise<void> {
	await page.getByLabel('Code from the mail').fill(code);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

function freshAddress(): string {
	return `person-${crypto.randomUUID()}@people.example`;
}

const wrong = (code: string) => String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');

for (const script of [true, false]) {
	test.describe(script ? 'signing in' : 'signing in without JavaScript', () => {
		test.use({ javaScriptEnabled: script });

		test('signs in by a mailed code, and goes on to the requested page', async ({ page, request, context }) => {
			const address = freshAddress();
			await page.goto('/account');
			await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
			await page.getByRole('button', { name: 'Send me a code' }).click();
			await expect(page.getByRole('region', { name: 'One thing needs your attention' })).toBeVisible();
			await expect(page.getByLabel('Mail address')).toHaveAttribute('aria-invalid', 'true');

			await askFor(page, address.toUpperCase());
			const code = await codeFor(request, address);
			await typeCode(page, 'abc');
			await expect(
				page.getByRole('link', { name: 'Enter the digits of the code in the mail: eight or twelve.' })
			).toBeVisible();
			await typeCode(page, wrong(code));
			await expect(page.getByRole('link', { name: /^This is not the code that we sent/ })).toBeVisible();
			await typeCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
			await expect(page).toHaveURL(/\/account$/);
			await expect(page.getByRole('heading', { name: 'Account and settings', level: 1 })).toBeVisible();

			const session = (await context.cookies()).filter(({ name }) => name.startsWith('gs-session'));
			expect(session.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual(
				session.map(() => ({ httpOnly: true, sameSite: 'Lax' }))
			);
			expect(session.length).toBeGreaterThan(0);
		});
	});
}

test('invalidates a code after five wrong tries, in another browser, and after use', async ({
	page,
	request,
	browser
}) => {
	const address = freshAddress();
	await askFor(page, address);
	const code = await codeFor(request, address);

	// Another browser has another challenge: its wrong tries do not count here, and this code does not work there.
	const stranger = await (await browser.newContext()).newPage();
	await stranger.goto('/sign-in');
	await expect(stranger.getByLabel('Mail address')).toBeVisible();
	const posted = await stranger.request.post('/sign-in?/check', {
		form: { code },
		headers: { origin: new URL(page.url()).origin, accept: 'text/html' }
	});
	expect(posted.status()).toBe(422);
	expect(await posted.text()).toContain('older than ten minutes');

	for (let miss = 0; miss < 4; miss++) {
		await typeCode(page, wrong(code));
		await expect(page.getByRole('link', { name: /^This is not the code that we sent/ })).toBeVisible();
	}
	await typeCode(page, wrong(code));
	await expect(page.getByRole('link', { name: /^This code is no longer valid/ })).toBeVisible();
	await typeCode(page, code);
	await expect(page.getByRole('link', { name: /^This code is no longer valid/ })).toBeVisible();
});

test('sends no second code at once', async ({ page }) => {
	await askFor(page, freshAddress());
	await page.getByRole('button', { name: 'Send another code' }).click();
	await expect(
		page.getByRole('link', { name: /^Too many attempts for now\. Try again in \d+ seconds\.$/ })
	).toBeVisible();
});

test('ends the session of every device on signing out everywhere', async ({ browser, request }) => {
	const address = freshAddress();
	const first = await (await browser.newContext()).newPage();
	await askFor(first, address);
	const firstCode = await codeFor(request, address);
	await typeCode(first, firstCode);
	await expect(first.getByRole('heading', { name: 'Account and settings', level: 1 })).toBeVisible();

	await first.getByRole('button', { name: 'Sign out everywhere' }).click();
	await expect(first.getByText('You are signed out on every device.')).toBeVisible();
	await first.goto('/account');
	await expect(first).toHaveURL(/\/sign-in/);
});

test('keeps what was typed before the script loaded', async ({ page }) => {
	let release: () => void = () => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/_app/immutable/**/*.js', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto('/sign-in', { waitUntil: 'commit' });
	const field = page.getByLabel('Mail address');
	await field.fill('somebody@people.example');
	release();
	// Escape closes the menu only once the script runs.
	const menu = page.getByRole('banner').locator('summary').filter({ visible: true });
	await expect(async () => {
		await menu.focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Escape');
		await expect(
			page.getByRole('banner').getByRole('link', { name: 'Français' }).filter({ visible: true })
		).toHaveCount(0, { timeout: 500 });
	}).toPass();
	await expect(field).toHaveValue('somebody@people.example');
});

test('changes and saves the language in settings', async ({ page, request }) => {
	const address = freshAddress();
	await askFor(page, address);
	await typeCode(page, await codeFor(request, address));
	await page.getByLabel('Language of pages and mails').selectOption('fr');
	await page.getByLabel(/^Time zone/).selectOption('Africa/Nairobi');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page).toHaveURL(/\/fr\/account\?saved$/);
	await expect(page.getByRole('status').filter({ hasText: 'Enregistré.' })).toBeVisible();
	await expect(page.getByLabel(/^Fuseau horaire/)).toHaveValue('Africa/Nairobi');
	expect(await new AxeBuilder({ page }).analyze().then(({ violations }) => violations.map(({ id }) => id))).toEqual([]);
});

test.describe('languages', () => {
	test('have their code in the address, except English', async ({ page, request }) => {
		const slug = await currentSlug(request);
		await page.goto(`/${slug}/talk`);
		await expect(page.locator('html')).toHaveAttribute('lang', 'en');
		await page.getByRole('navigation', { name: 'Language' }).getByRole('link', { name: 'العربية' }).click();
		await expect(page).toHaveURL(new RegExp(`/ar/${slug}/talk$`));
		await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('تحدَّث إلى شخص');
	});

	test('redirect /en/… to the bare address', async ({ request }) => {
		const response = await request.get('/en/privacy?x=1', { maxRedirects: 0 });
		expect([response.status(), response.headers()['location']]).toEqual([308, '/privacy?x=1']);
		expect((await request.get('/en', { maxRedirects: 0 })).headers()['location']).toBe('/');
	});

	test('load the Naskh font for Arabic only', async ({ page }) => {
		const fonts: string[] = [];
		page.on('request', (asked) => asked.resourceType() === 'font' && fonts.push(asked.url()));
		await page.goto('/privacy', { waitUntil: 'networkidle' });
		expect(fonts.filter((url) => url.includes('naskh'))).toEqual([]);
		expect(fonts.some((url) => url.includes('source-sans-3-latin-wght'))).toBe(true);
		await page.goto('/ar/privacy', { waitUntil: 'networkidle' });
		expect(fonts.some((url) => url.includes('naskh'))).toBe(true);
	});
});

test.describe('the theme', () => {
	for (const script of [true, false]) {
		test.describe(script ? 'with JavaScript' : 'without JavaScript', () => {
			test.use({ javaScriptEnabled: script });
			test('is chosen and remembered', async ({ page }) => {
				await page.goto('/sign-in');
				const theme = page.getByRole('contentinfo').getByRole('group', { name: 'Appearance' });
				await theme.getByRole('button', { name: 'Dark' }).click();
				await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
				await page.goto('/accessibility');
				await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
				await theme.getByRole('button', { name: 'As on this device' }).click();
				await expect(page.locator('html')).not.toHaveAttribute('data-theme');
			});
		});
	}
});

test('answers alike for unknown and hidden pages, within the page frame', async ({ page, request }) => {
	const slug = await currentSlug(request);
	const paths = [
		'/no-such-summit',
		`/${slug}/no-such-page`,
		`/${slug}/organise/agenda/no-such-session`,
		'/no-such-summit/agenda',
		'/fr/no-such-summit'
	];
	for (const path of paths) {
		const response = await page.goto(path);
		expect([path, response?.status()]).toEqual([path, 404]);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(
			path.startsWith('/fr') ? 'Page introuvable' : 'Page not found'
		);
		// Its assets load, whatever the depth of the address.
		const files = await page
			.locator('link[rel="stylesheet"], link[rel="modulepreload"]')
			.evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
		expect(files.length).toBeGreaterThan(0);
		for (const file of files) expect([path, file, (await request.get(file)).status()]).toEqual([path, file, 200]);
		await expect(page).toHaveURL(new RegExp(`${path}$`));
	}
	await page.getByRole('navigation', { name: 'Langue' }).getByRole('link', { name: 'Español' }).click();
	await expect(page).toHaveURL(/\/es\/no-such-summit$/);
});

test('refuses what a role does not allow, in pages, data and actions', async ({ page, request }) => {
	const slug = await currentSlug(request);
	const address = freshAddress();
	await askFor(page, address, `/${slug}/organise`);
	await typeCode(page, await codeFor(request, address));
	await expect(page.getByRole('heading', { name: 'This page is not for you' })).toBeVisible();
	expect((await page.request.get(`/${slug}/organise`)).status()).toBe(403);
	expect((await page.request.get(`/${slug}/organise/__data.json`)).status()).toBe(403);
	const origin = new URL(page.url()).origin;
	expect(
		(
			await page.request.post(`/${slug}/organise/settings`, { form: {}, headers: { origin, accept: 'text/html' } })
		).status()
	).toBe(403);
	expect(
		(await request.post(`/${slug}/organise/settings`, { form: {}, headers: { origin, accept: 'text/html' } })).status()
	).toBe(401);
});

test('sends the security headers with every answer', async ({ request }) => {
	for (const path of ['/', '/privacy', '/sign-in', '/no-such-summit']) {
		const headers = (await request.get(path)).headers();
		expect([
			path,
			headers['x-content-type-options'],
			headers['cross-origin-opener-policy'],
			headers['referrer-policy']
		]).toEqual([path, 'nosniff', 'same-origin', 'strict-origin-when-cross-origin']);
		const policy = headers['content-security-policy'] ?? '';
		expect([path, policy.includes("default-src 'self'"), policy.includes("frame-ancestors 'none'")]).toEqual([
			path,
			true,
			true
		]);
		expect([path, /script-src[^;]*unsafe-inline/.test(policy)]).toEqual([path, false]);
		expect(headers['permissions-policy']).toContain('camera=()');
	}
});

test('refuses bodies and forms from other origins', async ({ request, baseURL }) => {
	const elsewhere = await request.post('/sign-in?/ask', {
		form: { address: 'a@b.example' },
		headers: { origin: 'https://evil.example' }
	});
	expect(elsewhere.status()).toBe(403);
	const huge = await request.post('/sign-in?/ask', {
		form: { address: 'a'.repeat(700_000) },
		headers: { origin: new URL(baseURL ?? '').origin, accept: 'text/html' }
	});
	expect(huge.status()).toBe(413);
});

test('sends live events only to those who may receive them', async ({ request }) => {
	expect((await request.get('/api/events?topics=person:11111111-1111-4111-8111-111111111111')).status()).toBe(404);
	expect((await request.get('/api/events?topics=outbox')).status()).toBe(400);
});

test('caches a signed-out reader’s page, and answers 304 to a matching request', async ({ request }) => {
	const first = await request.get('/privacy', { headers: { 'accept-encoding': 'br' } });
	const { etag = '', 'cache-control': control, vary } = first.headers();
	expect([control, vary]).toEqual(['no-cache', 'accept-encoding, cookie']);
	expect((await request.get('/privacy', { headers: { 'if-none-match': etag } })).status()).toBe(304);
	expect((await request.get('/privacy', { headers: { cookie: 'gs-session=x' } })).headers()['etag']).not.toBe(etag);
});

test('reports the state of the process and its engines', async ({ request }) => {
	expect(await (await request.get('/healthz')).text()).toBe('ok');
	const ready = (await (await request.get('/readyz')).json()) as { engines: Record<string, { state: string }> };
	expect(Object.keys(ready.engines).sort()).toEqual([
		'events',
		'files',
		'livekit',
		'mail',
		'postgres',
		'scanner',
		'stripe',
		'supabase'
	]);
	expect(['postgres', 'files', 'scanner'].map((name) => ready.engines[name]?.state)).toEqual(['ready', 'ready', 'off']);
});

for (const scheme of ['light', 'dark'] as const) {
	test(`passes axe in ${scheme}`, async ({ page }) => {
		await page.emulateMedia({ colorScheme: scheme });
		for (const path of [
			'/sign-in',
			'/talk',
			'/privacy',
			'/accessibility',
			'/sign-out',
			'/ar/talk',
			'/no-such-summit'
		]) {
			await page.goto(path);
			const { violations } = await new AxeBuilder({ page }).analyze();
			expect([path, violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`)]).toEqual([path, []]);
		}
	});
}

test('brings a keyboard to the content first, and opens the menu @phone', async ({ page }) => {
	await page.goto('/sign-in');
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('main')).toBeFocused();
	const menu = page.getByRole('banner').locator('summary').filter({ visible: true });
	await menu.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('banner').getByRole('link', { name: 'Agenda' }).filter({ visible: true })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(menu).toBeFocused();
	await expect(page.getByRole('banner').getByRole('link', { name: 'Français' }).filter({ visible: true })).toHaveCount(
		0
	);
});

test('signs one person in from six browsers at the same moment', async ({ playwright, baseURL }) => {
	const browsers = await Promise.all(Array.from({ length: 6 }, () => playwright.request.newContext({ baseURL })));
	const person =
		/name="person" value="([0-9a-f-]+)"/.exec((await (await browsers[0]?.get('/sample'))?.text()) ?? '')?.[1] ?? '';
	const origin = new URL(baseURL ?? '').origin;
	const answers = await Promise.all(
		browsers.map((browser) =>
			browser.post('/sample', { form: { person, next: '/account' }, headers: { origin, accept: 'text/html' } })
		)
	);
	expect(answers.map((answer) => [answer.status(), new URL(answer.url()).pathname])).toEqual(
		Array(6).fill([200, '/account'])
	);
	await Promise.all(browsers.map((browser) => browser.dispose()));
});
