/*
 * Certificates of attendance: created by a participant, in the hall or at home, verified by their code, revoked; and nothing to see without
 * the code.
 */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readPdf } from '../../fixtures/pdf.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const small = useWorld();

async function open(browser: Browser, who: TestPerson, path: string, options: object = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(path);
	return page;
}
const attend = (who: TestPerson, minutes: number, kind: string) =>
	small.client.query(
		`insert into public.presence (summit_id, person_id, session_id, kind, entered_at, left_at)
		values ($1, $2, $3, $4, now() - $5 * interval '1 minute', now())`,
		[small.world.summit, who.person, small.world.sessions.public.id, kind, minutes]
	);
const offer = () =>
	small.client.query(
		`insert into public.certificate_settings (summit_id, basis, threshold, issuer_name, signatory_name, signatory_office, statement)
		values ($1, 'minutes', 45, 'The Secretariat', 'Ines Carvalho', 'Executive Director', '{"original":"en","en":"With thanks.","ar":"مع الشكر."}')`,
		[small.world.summit]
	);

test('issues a certificate above the organisers’ threshold under one’s own name, and verifies it by code until it is revoked', async ({
	browser
}) => {
	const { virtual, registration } = small.world.people;
	const organise = `/${small.world.slug}/organise/certificates`;
	const office = await open(browser, registration, organise, { javaScriptEnabled: false });
	await office.getByLabel('At least').fill('45');
	await office.getByLabel('Issued by').fill('The Secretariat');
	await office.getByLabel('Signed by').fill('Ines Carvalho');
	await office.getByLabel('Their office').fill('Executive Director');
	await office.getByRole('button', { name: 'Save' }).click();
	await expect(office.getByText('Saved.')).toBeVisible();
	await attend(virtual, 30, 'stream');
	const own = `/${small.world.slug}/me/certificate`;
	const page = await open(browser, virtual, own);
	await expect(page.getByText('It takes 45 minutes in sessions.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Make the certificate' })).toHaveCount(0);
	await attend(virtual, 60, 'door');
	await page.reload();
	await expect(page.getByText('It carries your own name:')).toContainText(virtual.name);
	// Nor under another name that the form sends along.
	await page.locator('form[action="?/make"]').evaluate((form) => {
		const name = document.createElement('input');
		form.append(Object.assign(name, { type: 'hidden', name: 'name', value: 'Zoë Ångström, PhD' }));
	});
	await page.getByLabel('Language of the certificate').selectOption('fr');
	await page.getByRole('button', { name: 'Make the certificate' }).click();
	await expect(page.getByText('Your certificate is ready.')).toBeVisible();
	const code = /Code: ([A-Z0-9\u2011]{14})/.exec((await page.textContent('main')) ?? '')?.[1] ?? '';
	const href = (await page.getByRole('link', { name: 'Download it (PDF)' }).getAttribute('href')) ?? '';
	const pdf = readPdf(await (await page.request.get(href)).body());
	expect(pdf).toMatchObject({ pages: 1, lang: 'fr' });
	for (const words of ['Attestation de participation', virtual.name, 'Ines Carvalho', code])
		expect(pdf.text).toContain(words);
	expect((await (await open(browser, small.world.people.delegate, '/')).request.get(href)).status()).toBe(404);
	const anybody = await (await browser.newContext()).newPage();
	await anybody.goto('/certificates');
	await anybody.getByLabel('Code of the certificate').fill(code.toLowerCase());
	await anybody.getByRole('button', { name: 'Check' }).click();
	await expect(anybody.getByText('This certificate is valid')).toBeVisible();
	await expect(anybody.getByText(virtual.name)).toBeVisible();
	expect(await anybody.content()).not.toContain('Ångström');
	// The database stores none of its contents in plain text.
	const { rows } = await small.client.query(
		`select encode(content_sealed, 'escape') as kept from private.certificates where person_id = $1`,
		[virtual.person]
	);
	expect(JSON.stringify(rows)).not.toContain(virtual.name);
	await office.goto(organise);
	await office.getByText('Valid: revoke it').click();
	await office.getByLabel('Why').fill('Issued in error');
	await office.getByRole('button', { name: 'Revoke', exact: true }).click();
	await expect(office.getByText('its code shows that it is no longer valid')).toBeVisible();
	await anybody.reload();
	await expect(anybody.getByText('This certificate is no longer valid')).toBeVisible();
	expect(await anybody.content()).not.toContain('Ångström');
	expect((await open(browser, small.world.people.programme, organise)).url()).toContain(organise);
	expect((await (await open(browser, small.world.people.programme, '/')).goto(organise))?.status()).toBe(403);
});

test('names the session on a speaker’s certificate, and shows nothing for a wrong code', async ({ browser }) => {
	await offer();
	await small.client.query(
		`update public.runs set state = 'ended', started_at = now() - interval '2 hours', ended_at = now() where session_id = $1`,
		[small.world.sessions.public.id]
	);
	const page = await open(browser, small.world.people.speaker, `/${small.world.slug}/me/certificate`);
	await expect(page.getByText(small.world.sessions.public.title)).toBeVisible();
	await expect(page.getByText(small.world.sessions.closed.title)).toHaveCount(0);
	await page.getByRole('button', { name: 'Make the certificate' }).click();
	await page.getByRole('link', { name: 'Check a certificate' }).click();
	await expect(page.getByText('This certificate is valid')).toBeVisible();
	await expect(page.getByText(small.world.sessions.public.title)).toBeVisible();
	await page.goto('/certificates/AAAABBBBCCCC');
	await expect(page.getByText('There is no certificate with this code')).toBeVisible();
});

test('passes axe on a phone in Arabic', async ({ browser }) => {
	await offer();
	await attend(small.world.people.delegate, 60, 'door');
	await small.client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k')`,
		[small.world.people.delegate.person]
	);
	const look = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;
	const { people, slug } = small.world;
	const own = await open(browser, people.delegate, `/ar/${slug}/me/certificate`, look);
	await own.locator('section form button').last().click();
	await expect(own.locator('section strong')).toBeVisible();
	const check = (await own.locator('a[href*="/certificates/"]').getAttribute('href')) ?? '';
	const office = await open(browser, people.registration, `/ar/${slug}/organise/certificates`, look);
	const shown = await (await browser.newContext(look)).newPage();
	await shown.goto(check);
	await expectWholePage(shown);
	for (const page of [own, office]) {
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		expect(await faultsOfPage(page)).toEqual([]);
	}
});
