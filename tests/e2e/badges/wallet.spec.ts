/* A delegate saves the badge in a wallet, without JavaScript and with it. */
import { readFileSync } from 'node:fs';
import { Sealer } from '../../../src/lib/people/sealing.ts';
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { stackVariable } from '../../fixtures/engines.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { jsonIn, unpackPass } from '../../fixtures/wallet-files.ts';
import { passType } from '../../fixtures/wallet-keys.ts';

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

test('a device that saved a pass follows it, as Apple’s protocol says', async ({ browser, request }) => {
	const { slug, people } = small.world;
	const page = await openPage(browser, people.delegate);
	const saved = await (await page.request.get(`/${slug}/me/badge/apple-wallet`)).body();
	const badge = String(jsonIn(await unpackPass(saved), 'pass.json')['serialNumber']);
	const token = new Sealer(stackVariable('SEALING_KEY')).hash(badge, 'wallet pass').toString('base64url');
	const headers = { authorization: `ApplePass ${token}` };
	const of = (name: string) => `/api/wallet/v1/devices/phone-of-a-test/registrations/${passType}${name}`;
	const add = (to: string, sent: object) => request.post(to, { data: { pushToken: 'a'.repeat(64) }, ...sent });

	expect((await add(of(`/${badge}`), { headers: { authorization: 'ApplePass another' } })).status()).toBe(401);
	expect((await add(of('/no-badge'), { headers })).status()).toBe(404);
	expect((await add(of(`/${badge}`), { headers, data: 'no json' })).status()).toBe(400);
	expect((await add(of(`/${badge}`), { headers })).status()).toBe(201);
	expect(await (await request.get(of(''))).json()).toMatchObject({ serialNumbers: [badge] });
	const latest = await request.get(`/api/wallet/v1/passes/${passType}/${badge}`, { headers });
	expect(latest.headers()).toMatchObject({
		'content-type': 'application/vnd.apple.pkpass',
		'cache-control': 'private, no-store'
	});
	const known = { ...headers, 'if-modified-since': latest.headers()['last-modified'] ?? '' };
	expect((await request.get(`/api/wallet/v1/passes/${passType}/${badge}`, { headers: known })).status()).toBe(304);
	expect((await request.post('/api/wallet/v1/log', { data: { logs: ['Nothing'] } })).status()).toBe(200);
	expect((await request.delete(of(`/${badge}`), { headers })).status()).toBe(200);
	expect((await request.get(of(''))).status()).toBe(204);
});
