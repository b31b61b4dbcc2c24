/* The shell of every page: languages, themes, refusals, headers, and what works without JavaScript. */
import type { Page } from '@playwright/test';
import { faultsInBothThemes, faultsOfPage } from '../../fixtures/axe.ts';
import { sampleSlug } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';
import { codeFor, askFor, typeCode, freshAddress } from '../../fixtures/mailed-codes.ts';

/** Opens a page, and lets its script start only after `work`. */
async function beforeScript(page: Page, path: string, work: () => Promise<unknown>): Promise<void> {
	let release: () => void = () => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/_app/immutable/**/*.js', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto(path, { waitUntil: 'commit' });
	await work();
	release();
}

test('keeps what was typed before the script loaded', async ({ page }) => {
	const field = page.getByLabel('Mail address');
	await beforeScript(page, '/sign-in', () => field.fill('somebody@people.example'));
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

test('keeps what was chosen before the script loaded', async ({ page, request }) => {
	const address = freshAddress();
	await askFor(page, address);
	await typeCode(page, await codeFor(request, address));
	const field = page.getByLabel('Language of pages and mails');
	// Signed in.
	await expect(field).toBeVisible();
	await beforeScript(page, '/account', () => field.selectOption('fr'));
	// SvelteKit adds it once the script has taken over the page.
	await expect(page.locator('#svelte-announcer')).toBeAttached();
	await expect(field).toHaveValue('fr');
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
	expect(await faultsOfPage(page)).toEqual([]);
});

test.describe('languages', () => {
	test('have their code in the address, except English', async ({ page }) => {
		await page.goto(`/${sampleSlug}/talk`);
		await expect(page.locator('html')).toHaveAttribute('lang', 'en');
		await page.getByRole('navigation', { name: 'Language' }).getByRole('link', { name: 'العربية' }).click();
		await expect(page).toHaveURL(new RegExp(`/ar/${sampleSlug}/talk$`));
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
	const paths = [
		'/no-such-summit',
		`/${sampleSlug}/no-such-page`,
		`/${sampleSlug}/organise/agenda/no-such-session`,
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
	const address = freshAddress();
	await askFor(page, address, `/${sampleSlug}/organise`);
	await typeCode(page, await codeFor(request, address));
	await expect(page.getByRole('heading', { name: 'This page is not for you' })).toBeVisible();
	expect((await page.request.get(`/${sampleSlug}/organise`)).status()).toBe(403);
	expect((await page.request.get(`/${sampleSlug}/organise/__data.json`)).status()).toBe(403);
	const origin = new URL(page.url()).origin;
	expect(
		(
			await page.request.post(`/${sampleSlug}/organise/settings`, {
				form: {},
				headers: { origin, accept: 'text/html' }
			})
		).status()
	).toBe(403);
	expect(
		(
			await request.post(`/${sampleSlug}/organise/settings`, { form: {}, headers: { origin, accept: 'text/html' } })
		).status()
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
	// No other site learns of a code in an address.
	for (const path of ['/talk', '/certificates', '/certificates/ABCDEFGHJKMN'])
		expect([path, (await request.get(path)).headers()['referrer-policy']]).toEqual([path, 'same-origin']);
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
	expect([control, vary]).toEqual(['no-cache', 'accept-encoding, cookie, save-data']);
	expect((await request.get('/privacy', { headers: { 'if-none-match': etag } })).status()).toBe(304);
	expect((await request.get('/privacy', { headers: { cookie: 'gs-session=x' } })).headers()['etag']).not.toBe(etag);
});

test('reports the state of the process and its engines', async ({ request }) => {
	expect(await (await request.get('/healthz')).text()).toBe('ok');
	const ready = (await (await request.get('/readyz')).json()) as { engines: Record<string, { state: string }> };
	expect(Object.keys(ready.engines).sort()).toEqual([
		'erasures',
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

test('passes axe on signing out and on a page that is missing', async ({ page }) => {
	for (const path of ['/sign-out', '/no-such-summit']) {
		await page.goto(path);
		expect(await faultsInBothThemes(page), path).toEqual([]);
	}
});

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
