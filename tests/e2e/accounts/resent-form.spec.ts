/* A session that ends while somebody writes: what they wrote is still there, and is sent once they are signed in again. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { enter } from '../../fixtures/entering.ts';
import { value } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { givePart } from '../../fixtures/speaking.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeSomebody } from '../../fixtures/world.ts';

const small = useWorld();

const abstract = 'First line, with "quotes" & <b>signs</b>.\n\nSecond line.';

/** Writes on the page of texts and sends it without a session; gives back how to sign in again. */
async function sendSignedOut(page: Page, address: string): Promise<() => Promise<void>> {
	await page.goto(address);
	const cookies = await page.context().cookies();
	await page.getByLabel('What it is about (English)').fill(abstract);
	await page.context().clearCookies();
	await page.getByRole('button', { name: 'Save' }).click();
	return () => page.context().addCookies(cookies);
}

for (const javaScriptEnabled of [false, true]) {
	test(`${javaScriptEnabled ? 'with' : 'without'} script, a text that was sent too late is not lost`, async ({
		browser
	}) => {
		const { client, world } = small;
		const { slug, sessions } = world;
		const ana = await makeSomebody(client, 'Ana Writes');
		const part = await givePart(client, sessions.members.id, ana, 'speaker', 'confirmed');
		const saved = () =>
			value<string>(client, `select abstract ->> 'en' from public.sessions where id = $1`, [sessions.members.id]);
		const before = await saved();
		const page = await enter(browser, ana, { javaScriptEnabled, viewport: { width: 390, height: 844 } });
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
			// Still without a session it is the same page, and nothing is lost.
			await page.getByRole('button', { name: 'Send it again' }).click();
		}
		expect(await saved()).toBe(before);
		await signInAgain();
		await page.getByRole('button', { name: javaScriptEnabled ? 'Save' : 'Send it again' }).click();
		await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
		expect((await saved())?.replaceAll('\r\n', '\n')).toBe(abstract);
	});
}
