/* A delegate saves the badge in a wallet, without JavaScript and with it. */
import { readFileSync } from 'node:fs';
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { jsonIn, unpackPass } from '../../fixtures/wallet-files.ts';

const small = useWorld();

test('a confirmed delegate downloads the pass of their badge, without JavaScript', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.delegate, { javaScriptEnabled: false });
	await page.goto(`/fr/${slug}/me/badge`);
	await expect(page.getByText('Google Wallet l’envoie à Google')).toBeVisible();
	await expect(page.getByRole('link', { name: 'Ajouter à Google Wallet' })).toHaveAttribute(
		'href',
		`/fr/${slug}/me/badge/google-wallet`
	);
	const code = (await page.locator('.badge-code').textContent()) ?? '';
	const downloading = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Ajouter à Cartes Apple' }).click();
	const download = await downloading;
	expect(download.suggestedFilename()).toBe(`badge-${slug}.pkpass`);
	const pass = jsonIn(await unpackPass(readFileSync(await download.path())), 'pass.json');
	expect(pass['barcodes']).toMatchObject([{ format: 'PKBarcodeFormatQR', altText: code }]);
});

test('a person online has a badge without a door, and no pass', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.virtual);
	await page.goto(`/${slug}/me/badge`);
	await expect(page.getByText('Accredited, online.')).toBeVisible();
	await expect(page.getByRole('link', { name: /Wallet/ })).toHaveCount(0);
	expect((await page.request.get(`/${slug}/me/badge/apple-wallet`)).status()).toBe(404);
});

test('the page says when a pass could not be made', async ({ browser }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.delegate);
	await page.goto(`/${slug}/me/badge?wallet=failed`);
	await expect(page.getByRole('alert')).toContainText('The pass could not be made.');
	expect(await faultsInBothThemes(page)).toEqual([]);
});
