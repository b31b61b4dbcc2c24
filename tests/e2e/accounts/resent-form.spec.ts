/* A session ends while a person fills in a form: the form is kept, and is sent after they sign in again. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { givePart } from '../../fixtures/speaking.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const small = useWorld();

const abstract = 'First line, with "quotes" & <b>signs</b>.\n\nSecond line.';

/** Submits a text without a session; returns a function that signs in again. */
async function sendSignedOut(page: Page, address: string): Promise<() => Promise<void>> {
	await page.goto(address);
	const cookies = await page.context().cookies();
	await page.getByLabel('What it is about (English)').fill(abstract);
	await page.context().clearCookies();
	await page.getByRole('button', { name: 'Save' }).click();
	return () => page.context().addCookies(cookies);
}

for (const javaScriptEnabled of [false, true]) {
	test(`keeps a text that was sent after sign-out, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		browser
	}) => {
		const { client, world } = small;
		const { slug, sessions } = world;
		const ana = await makePerson(client, 'Ana Writes');
		const part = await givePart(client, sessions.members.id, ana, 'speaker', 'confirmed');
		const saved = () =>
			readValue<string>(client, `select abstract ->> 'en' from public.sessions where id = $1`, [sessions.members.id]);
		const before = await saved();
		const page = await openPage(browser, ana, { javaScriptEnabled, viewport: { width: 390, height: 844 } });
		const signInAgain = await sendSignedOut(page, `/${slug}/speak/${part}/texts`);
		if (javaScriptEnabled) {
			await expect(page.getByText('your session has ended')).toBeVisible();
			await expect(page.getByLabel('What it is about (English)')).toHaveValue(abstract);
			expect(await faultsOfPage(page)).toEqual([]);
		} else {
			await expect(page.getByRole('heading', { name: 'Sign in, then send it again' })).toBeVisible();
			await expect(page.getByRole('blockquote').filter({ hasText: 'Second line.' })).toHaveText(
				abstract.replace('\n\n', ' '),
				{ useInnerText: false }
			);
			// Still without a session, the page shows the same text.
			await page.getByRole('button', { name: 'Send it again' }).click();
		}
		expect(await saved()).toBe(before);
		await signInAgain();
		await page.getByRole('button', { name: javaScriptEnabled ? 'Save' : 'Send it again' }).click();
		await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
		expect((await saved())?.replaceAll('\r\n', '\n')).toBe(abstract);
	});
}
