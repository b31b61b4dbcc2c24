/* What organisers count and write, in a real browser: figures that link to their people, mail texts, and a message to a group. */
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { makeSummit, register, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { openSession, type Session } from '../../fixtures/sessions.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

interface Person extends Session {
	address: string;
}

let client: pg.Client;
let world: RegisteringSummit;
let slug: string;
let organiser: Person;
let delegates: Person[];

async function someone(name: string, locale = 'en'): Promise<Person> {
	const address = `reader-${randomUUID()}@example.org`;
	const session = await openSession(variables, address);
	await client.query(`update public.people set display_name = $2 where id = $1`, [session.person, name]);
	await client.query(`insert into public.person_preferences (person_id, locale) values ($1, $2)`, [
		session.person,
		locale
	]);
	return { ...session, address };
}

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeSummit(client, { members: 3 });
	slug = await readValue(client, `select slug from public.summits where id = $1`, [world.summit]);
	organiser = await someone('Emeka Organiser');
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		organiser.person,
		world.summit
	]);
	delegates = [await someone('Ana One'), await someone('Luc Deux', 'fr'), await someone('Zeynep Three', 'es')];
	for (const [n, { account, person }] of delegates.entries())
		await register(
			client,
			{ account, person, name: '' },
			world.summit,
			world.members[n % 2] ?? '',
			n === 2 ? 'virtual' : 'in_person'
		);
});
test.afterAll(() => client.end());

async function pageOf(browser: Browser, who: Person, options: BrowserContextOptions = {}): Promise<Page> {
	const context = await browser.newContext({ baseURL: variables.ORIGIN, ...options });
	await context.addCookies(who.cookies.map((cookie) => ({ ...cookie, url: variables.ORIGIN ?? '' })));
	return context.newPage();
}

test('links figures to their people; a published figure names no small group and is the same for all', async ({
	browser
}) => {
	const page = await pageOf(browser, organiser);
	await page.goto(`/${slug}/organise/figures`);
	expect(await faultsOfPage(page)).toEqual([]);
	await page
		.getByRole('row', { name: /^In the hall/ })
		.getByRole('link', { name: '2 In review' })
		.click();
	await expect(page).toHaveURL(
		/registrations\?tab=all&state=submitted&state=nominated&state=accredited&mode=in_person/
	);
	await expect(page.getByRole('link', { name: /Ana One/ }).first()).toBeVisible();
	await expect(page.getByRole('link', { name: /Luc Deux/ }).first()).toBeVisible();
	await expect(page.getByText('Zeynep Three')).toHaveCount(0);
	await page.goto(`/${slug}/organise/figures`);
	await expect(page.getByText('So few are confirmed that nothing can be released yet.')).toBeVisible();
});

test('edits a mail text, refuses it with the place of its error, sends a test in its language, and restores the default', async ({
	browser
}) => {
	const page = await pageOf(browser, organiser);
	await page.goto(`/${slug}/organise/mail/templates`);
	await page
		.getByRole('row', { name: /^Offer of a seat/ })
		.getByRole('link', { name: /Français/ })
		.click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Offer of a seat');
	expect(await faultsOfPage(page)).toEqual([]);
	const text = page.getByLabel(/^Text/);
	const body = await text.inputValue();
	await page.getByLabel(/^Subject/).fill('Une place pour vous à {sommet}');
	await text.fill(body.replace('{until}', 'demain'));
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('link', { name: /In the subject, \{sommet\} is not known in this mail/ })).toBeVisible();
	await expect(page.getByRole('link', { name: /\{until\} is missing/ })).toBeVisible();
	await page.getByLabel(/^Subject/).fill('Une place pour vous à {summit}');
	await text.fill(`Bonne nouvelle.\n\n${body}`);
	// The preview follows the typing, and says before saving what is wrong; the button works without JavaScript too.
	await expect(page.frameLocator('iframe').getByText('Bonne nouvelle.')).toBeVisible();
	await text.fill(`Bonne nouvelle {sommet}.\n\n${body}`);
	await expect(page.getByText('Correct this before saving')).toBeVisible();
	await expect(page.getByRole('status').getByText(/\{sommet\}/)).toBeVisible();
	await text.fill(`Bonne nouvelle.\n\n${body}`);
	await expect(page.getByText('Correct this before saving')).toBeHidden();
	await page.getByRole('button', { name: 'Preview' }).click();
	await expect(page.frameLocator('iframe').getByText('Bonne nouvelle.')).toBeVisible();
	await page.getByRole('button', { name: 'Send me a test' }).click();
	await expect(page.getByText('A test is on its way to your own address.')).toBeVisible();
	const tried = await receiveMail(organiser.address, ({ subject }) => /^Essai\s: Une place pour vous/.test(subject));
	expect(tried.text).toContain('Ceci est un essai avec des données fictives.');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved. Mails from now on have these words.')).toBeVisible();
	await expect(page.getByRole('link', { name: 'Version 1' })).toBeVisible();

	const offer = (who: Person) =>
		client.query(`select private.enqueue_mail($1, 'offer_made', $2, $3)`, [
			who.person,
			{ mode: 'in_person', until: '2031-05-01T08:30:00Z' },
			world.summit
		]);
	const [english, french] = delegates as [Person, Person];
	await offer(french);
	await offer(english);
	const ours = await receiveMail(english.address, ({ subject }) => subject.startsWith('A seat has come free'));
	const theirs = await receiveMail(french.address, ({ subject }) => subject.startsWith('Une place pour vous'));
	expect(ours.text).not.toContain('Bonne nouvelle');
	expect(theirs.text).toContain('Bonne nouvelle.');
	expect(theirs.text).toContain('Vous recevez ce message parce que');

	await page.getByText('Compare with the default text').click();
	await expect(page.getByText('{button:', { exact: false }).last()).toBeVisible();
	await page.getByRole('button', { name: 'Restore default' }).click();
	await expect(page.getByText('Mails from now on have the default text again.')).toBeVisible();
	await offer(french);
	await receiveMail(
		french.address,
		({ text: written }) => written !== theirs.text && /place en salle|salle/.test(written)
	);
});

test('sends a message to its group once, each in their language, and reports the result; also without JavaScript', async ({
	browser
}) => {
	// One reader has answered a question whose answer a message may insert.
	await client.query(
		`with field as (
			insert into public.logistics_fields (summit_id, key, label, purpose, kind, choices, is_sealed, in_mail, form)
			values ($1, 'hotel', '{"original":"en","en":"Your hotel"}', '{"original":"en","en":"To plan"}', 'choice',
				'[{"key":"harbour","label":{"original":"en","en":"Harbour Hotel"}},{"key":"garden","label":{"original":"en","en":"Garden"}}]',
				false, true, 'registration')
			returning id
		) insert into private.logistics_answers (registration_id, field_id, value)
		select r.id, field.id, '{harbour}' from field, public.registrations as r where r.summit_id = $1 and r.person_id = $2`,
		[world.summit, delegates[0]?.person]
	);
	const page = await pageOf(browser, organiser, { javaScriptEnabled: false });
	await page.goto(`/${slug}/organise/mail/group`);
	await page.getByRole('link', { name: 'Write a message' }).click();
	await page.getByRole('checkbox', { name: 'Sent', exact: true }).check();
	await page.getByRole('button', { name: 'Count' }).click();
	await expect(page.getByRole('main').getByRole('status')).toHaveText(/^3 people: /);
	await page.getByLabel('Subject (English)').fill('News of {summit}');
	await page
		.getByLabel('Text (English)')
		.fill('The doors open at eight.\n\n{if hall}\nBring your {badge}.\n\n{button: Look}');
	await page.getByRole('button', { name: 'Save and look at it' }).click();
	await expect(page.getByText(/In paragraph 2, \{badge\} is not known in this mail/).first()).toBeVisible();
	await page
		.getByLabel('Text (English)')
		.fill('The doors open at eight.\nYou stay at {answer:hotel}.\n\n{if hall}\nBring your badge.\n\n{button: Look}');
	await expect(page.getByRole('listitem').filter({ hasText: '{answer:hotel}' })).toContainText('Your hotel');
	await page.locator('summary', { hasText: 'Français' }).click();
	await page.getByLabel(/^Subject \(Français\)/).fill('Nouvelles de {summit}');
	await page.getByLabel(/^Text \(Français\)/).fill('Les portes ouvrent à huit heures.');
	await page.getByRole('button', { name: 'Save and look at it' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('News of {summit}');
	const draft = page.url();
	const again = await pageOf(browser, organiser, { javaScriptEnabled: false });
	await again.goto(draft);
	const watching = await pageOf(browser, organiser);
	await watching.goto(draft);
	await expect(watching.getByRole('button', { name: 'Send to 3 people' })).toBeVisible();
	await expect(watching.frameLocator('iframe').first().getByText('You stay at [Your hotel].')).toBeVisible();
	expect(await faultsOfPage(watching)).toEqual([]);
	// The message as one of them reads it, in their language.
	await page.getByRole('link', { name: 'Luc Deux' }).click();
	await expect(page.getByRole('link', { name: 'Luc Deux' })).toHaveAttribute('aria-current', 'true');
	await expect(page.getByRole('status').filter({ hasText: 'reads it in' })).toContainText('Français');
	await page.getByLabel('Another one, by reference').fill('NOBODY22');
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	await expect(page.getByText('Nobody of the reference NOBODY22 gets this message.')).toBeVisible();
	await page.getByRole('button', { name: 'Send to 3 people' }).click();
	await expect(page.getByText('It is on its way, a few a minute.')).toBeVisible();
	// Other organisers see it being sent; a window that still shows the draft sends it to nobody twice.
	await expect(watching.getByRole('link', { name: /^Everybody/ })).toBeVisible();
	await again.getByRole('button', { name: 'Send to 3 people' }).click();
	await expect(again.getByText('It had been sent already; nobody gets it twice.')).toBeVisible();

	const [english, french, spanish] = delegates as [Person, Person, Person];
	const mails = await Promise.all([
		receiveMail(english.address, ({ subject }) => subject === 'News of Summit'),
		receiveMail(french.address, ({ subject }) => subject === 'Nouvelles de Summit'),
		receiveMail(spanish.address, ({ subject }) => subject === 'News of Summit')
	]);
	expect(mails.map(({ text }) => text.includes('Bring your badge.'))).toEqual([true, false, false]);
	expect(mails.map(({ text }) => text.includes('You stay at Harbour Hotel.'))).toEqual([true, false, false]);
	expect(mails.map(({ text }) => text.includes('You stay at'))).toEqual([true, false, false]);
	expect(mails[0]?.text).toContain(
		'You get this mail because you registered for Summit; its organisers write to a group'
	);
	expect(mails[1]?.text).toContain('Les portes ouvrent');
	await expect(async () => {
		await page.goto(draft);
		await expect(page.getByRole('link', { name: /^Sent\s*3$/ })).toBeVisible({ timeout: 1000 });
	}).toPass({ timeout: 30_000 });
	await expect(page.getByRole('row', { name: /Luc Deux Français Sent/ })).toBeVisible();
	expect(await page.content()).not.toMatch(/reader-[0-9a-f-]{36}@/);
	expect(await faultsOfPage(watching)).toEqual([]);
	const inbox = (await (
		await fetch(`${variables.LOCAL_INBOX_URL}/messages?to=${encodeURIComponent(english.address)}`)
	).json()) as { subject: string }[];
	expect(inbox.filter(({ subject }) => subject === 'News of Summit')).toHaveLength(1);

	// A second message to the same group within minutes asks for confirmation.
	await page.goto(`/${slug}/organise/mail/group/new?counted=yes&state=submitted`);
	await page.getByLabel('Subject (English)').fill('Once more');
	await page.getByLabel('Text (English)').fill('And again.');
	await page.getByRole('button', { name: 'Save and look at it' }).click();
	await page.getByRole('button', { name: 'Send to 3 people' }).click();
	await expect(page.getByText(/Emeka Organiser sent a message to 3 of these people/).first()).toBeVisible();
	await page.getByLabel('Send it although another message has just gone to these people').check();
	await page.getByRole('button', { name: 'Send to 3 people' }).click();
	await expect(page.getByText('It is on its way, a few a minute.')).toBeVisible();
});

test('is open to registration organisers only', async ({ browser }) => {
	const [delegate] = delegates as [Person];
	const page = await pageOf(browser, delegate);
	for (const path of [
		'figures',
		'figures/released',
		'figures/export/csv',
		'mail/templates',
		'mail/templates/offer_made',
		'mail/group',
		'mail/group/new'
	])
		expect([path, (await page.goto(`/${slug}/organise/${path}`))?.status()]).toEqual([path, 403]);
});
