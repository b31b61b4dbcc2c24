/* What a delegate decides alone after sending the registration: consents with the text as agreed, photographs, needs. */
import type { Browser } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { callAs, makeSummit, readValue, register } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useClient();
const phone = { viewport: { width: 390, height: 844 } };

test.describe.configure({ timeout: 240_000 });

const photographs = {
	label: { original: 'en', en: 'Photographs of me', fr: 'Des photographies de moi', ar: 'صور لي' },
	detail: { original: 'en', en: 'For the report.', fr: 'Pour le rapport.', ar: 'للتقرير.' }
};

/** A confirmed delegate in the hall whom the Summit asks for two consents. */
async function makeDelegate() {
	const made = await makeSummit(db.client, { hall: 5 });
	await db.client.query(
		`insert into public.consent_items (summit_id, key, label, detail, is_required, position)
		values ($1, 'photographs', $2, $3, false, 2)`,
		[made.summit, photographs.label, photographs.detail]
	);
	const who = await makePerson(db.client, 'Ama Mensah');
	const { id } = await register(db.client, who, made.summit, made.members[0] ?? '', 'in_person');
	// Asked for later than the registration was sent, and given at a desk.
	const privacy = await readValue<string>(
		db.client,
		`insert into public.consent_items (summit_id, key, label, is_required, position)
		values ($1, 'privacy', '{"original":"en","en":"How my data is used"}', true, 1) returning id`,
		[made.summit]
	);
	await db.client.query(
		`insert into public.consents (registration_id, person_id, item_id, given_at) values ($1, $2, $3, now())`,
		[id, who.person, privacy]
	);
	await callAs(db.client, made.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
	const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [made.summit]);
	const open = (browser: Browser, options: object = {}) => openPage(browser, who, { ...phone, ...options });
	const reword = (label: object) =>
		db.client.query(`update public.consent_items set label = $2 where summit_id = $1 and key = 'photographs'`, [
			made.summit,
			label
		]);
	const flags = () => readValue<string[]>(db.client, `select private.door_flags($1, $2)`, [who.person, id]);
	const agreed = () =>
		readValue(
			db.client,
			`select agreed_label from public.consents as c join public.consent_items as i on i.id = c.item_id
			where c.registration_id = $1 and i.key = 'photographs'`,
			[id]
		);
	return { ...made, who, id, slug, open, reword, flags, agreed };
}

for (const script of [true, false]) {
	test(`changes consents, photographs and needs, and reads each effect${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, open, flags } = await makeDelegate();
		const page = await open(browser, { javaScriptEnabled: script });
		await page.goto(`/${slug}/me`);
		await page.getByRole('link', { name: 'My data' }).click();
		await expect(page.getByRole('heading', { name: 'My data', level: 1 })).toBeVisible();
		const required = page.getByRole('article').filter({ hasText: 'How my data is used' });
		await expect(required.getByText(/^Given on /)).toBeVisible();
		await expect(required.getByText('What you agreed to')).toBeVisible();
		await expect(required.getByRole('button')).toHaveCount(0);
		await expect(required.getByRole('link', { name: 'Withdraw' })).toBeVisible();

		const optional = page.getByRole('article').filter({ hasText: 'Photographs of me' });
		await expect(optional.getByText('Not given')).toBeVisible();
		await expect(optional.getByText('For the report.')).toBeVisible();
		await expect(page.getByText('You may be photographed.')).toBeVisible();
		await optional.getByRole('button', { name: 'Give consent: Photographs of me' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'You may be photographed.' })).toBeVisible();
		await expect(optional.getByText('What you agreed to')).toBeVisible();
		await optional.getByRole('button', { name: 'Withdraw consent: Photographs of me' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Nobody may photograph you.' })).toBeVisible();
		await expect(optional.getByText(/^Given on .+, withdrawn on /)).toBeVisible();
		await expect(page.getByText('This follows from the consent to photographs')).toBeVisible();
		expect(await flags()).toEqual(['no_photographs']);
		if (script) expect(await faultsOfPage(page)).toEqual([]);

		await optional.getByRole('button', { name: 'Give consent: Photographs of me' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'You may be photographed.' })).toBeVisible();
		expect(await flags()).toEqual([]);
		// The consent is the one place to answer, and the section about photographs leads to it.
		await expect(page.getByRole('button', { name: 'Ask not to be photographed' })).toHaveCount(0);
		await expect(page.getByText('This follows from the consent to photographs, which you have given.')).toBeVisible();
		await page.getByRole('link', { name: 'Change this consent' }).click();
		await expect(page).toHaveURL(/#consent-/);
		await optional.getByRole('button', { name: 'Withdraw consent: Photographs of me' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Nobody may photograph you.' })).toBeVisible();
		await page.goto(`/${slug}/me/badge`);
		await expect(page.getByText('No photographs')).toBeVisible();
		await page.goto(`/${slug}/me/data`);
		await optional.getByRole('button', { name: 'Give consent: Photographs of me' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'You may be photographed.' })).toBeVisible();

		await page.getByLabel('What do you need to take part fully?').fill('Sign language');
		await page.getByRole('button', { name: 'Save needs' }).click();
		await expect(page.getByText('Saved.')).toBeVisible();
		await expect(page.getByLabel('What do you need to take part fully?')).toHaveValue('Sign language');
		expect(await flags()).toEqual(['access_need']);

		await page.getByRole('button', { name: 'Ask to speak with safeguarding' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Safeguarding has been told' })).toBeVisible();
		// Until they have spoken, nobody is to photograph them.
		expect(await flags()).toEqual(expect.arrayContaining(['no_photographs']));
		await page.getByRole('button', { name: 'Take back my request to speak' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Your request is taken back.' })).toBeVisible();
		expect(await flags()).toEqual(['access_need']);
	});
}

test('takes another name, without JavaScript: everybody sees it at once, and the badge is a new one', async ({
	browser
}) => {
	const { slug, open, id } = await makeDelegate();
	const badge = () =>
		readValue<string>(
			db.client,
			`select badge_code from public.badges where registration_id = $1 and revoked_at is null`,
			[id]
		);
	const before = await badge();
	const page = await open(browser, { javaScriptEnabled: false });
	await page.goto(`/${slug}/me/data`);
	await page.getByText('Take part under another name').click();
	const form = page.locator('form[action="?/alias"]');
	await expect(form.getByLabel('Your own name')).toHaveValue('Ama Mensah');
	await form.getByLabel('Name to show').fill('Ama Mensah');
	await form.getByRole('button', { name: 'Take the other name' }).click();
	await expect(page.getByText('The other name is the same as your own.').first()).toBeVisible();
	await form.getByLabel('Name to show').fill('Marta Ilves');
	await form.getByRole('button', { name: 'Take the other name' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'You take part under another name now.' })).toBeVisible();
	expect(await badge()).not.toBe(before);
	expect(
		await readValue(
			db.client,
			`select p.display_name || ' ' || x.kind || ' ' || (x.real_name_sealed is not null)
			from public.registrations as r join public.people as p on p.id = r.person_id join private.protections as x on x.person_id = p.id
			where r.id = $1`,
			[id]
		)
	).toBe('Marta Ilves alias true');
	await page.getByRole('link', { name: 'Where your former name remains' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	expect(await page.content()).not.toContain('Mensah');
	// There is no second button: a change of the alias begins with safeguarding.
	await page.goto(`/${slug}/me/data`);
	await expect(page.getByText('You take part under another name. To change or end this')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Take the other name' })).toHaveCount(0);
});

test('keeps the text that was agreed to when an owner changes it, and asks for the new one', async ({ browser }) => {
	const { slug, open, reword, agreed } = await makeDelegate();
	const page = await open(browser);
	await page.goto(`/fr/${slug}/me/data`);
	await page.getByRole('button', { name: 'Donner le consentement' }).click();
	await expect(page.getByRole('button', { name: 'Retirer le consentement' })).toBeVisible();
	expect(await agreed()).toEqual({ original: 'fr', fr: photographs.label.fr });
	await reword({ ...photographs.label, fr: 'Des films de moi' });
	await expect(async () => {
		await page.goto(`/fr/${slug}/me/data`);
		await expect(page.getByText('Le texte a changé depuis.')).toBeVisible({ timeout: 1000 });
	}).toPass();
	await expect(page.getByText(photographs.label.fr)).toBeVisible();
	// The owner changes it once more while the page is open.
	await reword({ ...photographs.label, fr: 'Des films et des photographies' });
	await page.getByRole('button', { name: 'Accepter le nouveau texte' }).click();
	await expect(page.getByRole('alert')).toContainText('a changé entre-temps');
	expect(await agreed()).toEqual({ original: 'fr', fr: photographs.label.fr });
	await expect(async () => {
		await page.goto(`/fr/${slug}/me/data`);
		await expect(page.getByText('Des films et des photographies').first()).toBeVisible({ timeout: 1000 });
	}).toPass();
	await page.getByRole('button', { name: 'Accepter le nouveau texte' }).click();
	await expect(page.getByRole('button', { name: 'Accepter le nouveau texte' })).toHaveCount(0);
	expect(await agreed()).toEqual({ original: 'fr', fr: 'Des films et des photographies' });
});

for (const script of [true, false]) {
	test(`tells the second of two windows, which loses nothing${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, open } = await makeDelegate();
		const [first, second] = [
			await open(browser, { javaScriptEnabled: script }),
			await open(browser, { javaScriptEnabled: script })
		];
		for (const page of [first, second]) await page.goto(`/${slug}/me/data`);
		await first.getByLabel('What do you need to take part fully?').fill('From the first window');
		await first.getByRole('button', { name: 'Save needs' }).click();
		await expect(first.getByText('Saved.')).toBeVisible();
		await second.getByLabel('What do you need to take part fully?').fill('From the second window');
		await second.getByRole('button', { name: 'Save needs' }).click();
		await expect(second.getByText('nothing was saved here. The fields show what you wrote.')).toBeVisible();
		await expect(second.getByLabel('What do you need to take part fully?')).toHaveValue('From the second window');
		await second.getByRole('button', { name: 'Save needs' }).click();
		await expect(second.getByText('Saved.')).toBeVisible();
		// The first window still shows what it saved.
		await first.getByRole('button', { name: 'Give consent' }).click();
		await expect(first.getByRole('alert')).toContainText('so nothing was changed here');
		await expect(first.getByText('Not given')).toBeVisible();
		await expect(first.getByLabel('What do you need to take part fully?')).toHaveValue('From the second window');
		await first.getByRole('button', { name: 'Give consent' }).click();
		await expect(first.getByRole('button', { name: 'Withdraw consent' })).toBeVisible();
	});
}

for (const script of [true, false]) {
	test(`keeps an emergency contact, which the help desk opens on record${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, open, id, organiser } = await makeDelegate();
		const page = await open(browser, { javaScriptEnabled: script });
		await page.goto(`/${slug}/me/data`);
		await page.getByLabel('Their name').fill('Kofi Mensah');
		await page.getByLabel('Their telephone number').fill('my brother');
		await page.getByRole('button', { name: 'Save contact' }).click();
		await expect(page.getByText('Enter their telephone number in digits').first()).toBeVisible();
		await expect(page.getByLabel('Their name')).toHaveValue('Kofi Mensah');
		await page.getByLabel('Their telephone number').fill('+233 24 123 4567');
		await page.getByLabel('Who they are to you').fill('Brother');
		await page.getByRole('button', { name: 'Save contact' }).click();
		await expect(page.getByText('The emergency contact is saved.')).toBeVisible();
		await expect(page.getByLabel('Their telephone number')).toHaveValue('+233 24 123 4567');
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		const stored = await readValue<string>(
			db.client,
			`select encode(contact_sealed, 'escape') from private.emergency_contacts where registration_id = $1`,
			[id]
		);
		for (const part of ['Kofi', '4567', 'Brother']) expect(stored).not.toContain(part);

		const readings = () =>
			readValue<number>(
				db.client,
				`select count(*)::integer from audit.entries where table_name = 'emergency_contact.read' and row_id = $1`,
				[id]
			);
		const desk = await openPage(browser, organiser, { ...phone, javaScriptEnabled: script });
		await desk.goto(`/${slug}/organise/help-desk/${id}`);
		await desk.getByRole('link', { name: 'Open the emergency contact' }).click();
		await expect(desk.getByRole('heading', { name: 'Emergency contact', level: 1 })).toBeVisible();
		await expect(desk.getByText('Kofi Mensah')).toHaveCount(0);
		expect(await readings()).toBe(0);
		await desk.getByRole('button', { name: 'Open the emergency contact' }).click();
		await expect(desk.getByText('Kofi Mensah')).toBeVisible();
		await expect(desk.getByRole('link', { name: '+233 24 123 4567' })).toHaveAttribute('href', 'tel:+233241234567');
		expect(await readings()).toBe(1);
		if (script) expect(await faultsOfPage(desk)).toEqual([]);

		for (const label of ['Their name', 'Their telephone number', 'Who they are to you'])
			await page.getByLabel(label).fill('');
		await page.getByRole('button', { name: 'Save contact' }).click();
		await expect(page.getByText('No emergency contact is kept.')).toBeVisible();
		await desk.getByRole('button', { name: 'Open the emergency contact' }).click();
		await expect(desk.getByText('This person has named no emergency contact.')).toBeVisible();
		await expect(desk.getByText('Kofi Mensah')).toHaveCount(0);
	});
}

test('is reached from the privacy page and the former address, by those registered only', async ({ browser }) => {
	const { slug, open } = await makeDelegate();
	const page = await open(browser);
	await page.goto(`/${slug}/me/preferences`);
	await expect(page).toHaveURL(`/${slug}/me/data`);
	await page.goto(`/${slug}/privacy`);
	await page.getByRole('link', { name: 'My data' }).click();
	await expect(page.getByRole('heading', { name: 'My data', level: 1 })).toBeVisible();
	for (const who of [null, await makePerson(db.client, 'Somebody else')]) {
		const other = await openPage(browser, who);
		await other.goto(`/${slug}/privacy`);
		await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
		await expect(other.getByRole('link', { name: 'My data' })).toHaveCount(0);
		await other.goto(`/${slug}/me/data`);
		await expect(other).toHaveURL(who ? `/${slug}/me` : /sign-in/);
	}
});
