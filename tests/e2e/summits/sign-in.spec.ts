/* Signing in by a mailed code, and signing out. */
import { expect, test } from '../../fixtures/test.ts';
import { codeFor, askFor, typeCode, freshAddress } from '../../fixtures/mailed-codes.ts';

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
	const visitor = await (await browser.newContext()).newPage();
	await visitor.goto('/sign-in');
	await expect(visitor.getByLabel('Mail address')).toBeVisible();
	const posted = await visitor.request.post('/sign-in?/check', {
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
