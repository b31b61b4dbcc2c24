/*
 * A person under 18 registers: they name a guardian, who consents on their own page, and only then it is submitted; nobody sees who the
 * guardian is.
 */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { addConsents } from '../../fixtures/form.ts';
import {
	makeDrafts,
	makeSummit,
	register,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

let summit: RegisteringSummit & { slug: string };
let young: TestPerson;
let guardian: TestPerson;
let draft: string;
let reference: string;

test.beforeEach(async () => {
	const made = await makeSummit(db.client);
	await addConsents(db.client, made.summit);
	summit = {
		...made,
		slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit])
	};
	[young, guardian] = [await makePerson(db.client, 'Young Person'), await makePerson(db.client, 'Grown Guardian')];
	[draft = ''] = await makeDrafts(db.client, summit.summit, [young], () => summit.members[0] ?? '');
	await db.client.query(`update public.people set country = 'UY' where id = $1`, [young.person]);
	const { id } = await register(db.client, guardian, summit.summit, summit.members[0] ?? '');
	reference = await readValue(db.client, 'select reference from public.registrations where id = $1', [id]);
});

async function sendLastStep(page: Page): Promise<void> {
	await page.goto(`/${summit.slug}/register/5`);
	await page.getByRole('checkbox', { name: 'I have read how my data is used' }).check();
	await page.getByRole('checkbox', { name: 'I will follow the code of conduct' }).check();
	await page.getByRole('button', { name: 'Send my registration' }).click();
}

for (const script of [true, false]) {
	test(`names a guardian, who consents, and submits; ${script ? 'pages update automatically' : 'without JavaScript'}`, async ({
		browser
	}) => {
		const options = { javaScriptEnabled: script };
		const page = await openPage(browser, young, options);
		await page.goto(`/${summit.slug}/register/1`);
		await expect(page.getByLabel('Their mail address, or the reference')).toBeHidden();
		await page.getByRole('checkbox', { name: /^I am under 18 on/ }).check();
		await page.getByRole('button', { name: 'Save and continue' }).click();
		await expect(page.getByRole('link', { name: /^Enter a mail address, or a reference/ })).toBeVisible();
		await page.getByLabel('Their mail address, or the reference').fill(reference);
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Save and continue' }).click();
		await expect(page.getByRole('heading', { name: 'Your organisation', level: 1 })).toBeVisible();
		await sendLastStep(page);
		await expect(page.getByText('You are under 18: your guardian has to consent')).toBeVisible();
		await expect(page.getByText(`You named ${reference}.`)).toBeVisible();
		expect(await stateOf(db.client, draft)).toBe('draft');

		const desk = await openPage(browser, summit.organiser, options);
		await desk.goto(`/${summit.slug}/organise/registrations`);
		await desk.getByRole('link', { name: /^Waits for a guardian/ }).click();
		await desk.getByRole('link', { name: 'Young Person' }).click();
		await expect(desk.getByText(`They named ${reference}.`)).toBeVisible();
		if (script) expect(await faultsOfPage(desk)).toEqual([]);
		await expect(desk.getByText('Grown Guardian')).toHaveCount(0);

		const guardians = await openPage(browser, guardian, options);
		await guardians.goto(`/${summit.slug}/me`);
		await expect(guardians.getByText('Young Person names you as their guardian')).toBeVisible();
		if (script) expect(await faultsOfPage(guardians)).toEqual([]);
		await guardians.getByRole('button', { name: 'I am the guardian of Young Person and consent' }).click();
		await expect(guardians.getByText('Your consent is noted.')).toBeVisible();
		await desk.reload();
		await expect(desk.getByText('Under 18, with a guardian’s consent')).toBeVisible();
		await expect(desk.getByText('Grown Guardian')).toHaveCount(0);

		if (script)
			await expect(page.getByText('Your guardian has consented. You can send your registration.')).toBeVisible();
		await sendLastStep(page);
		await expect(page.getByText('Your registration was sent.')).toBeVisible();
		expect(await stateOf(db.client, draft)).toBe('submitted');
	});
}

test('answers alike for an unknown guardian', async ({ browser }) => {
	// Times are the venue's without JavaScript; with it they change during the page load.
	const page = await openPage(browser, young, { javaScriptEnabled: false });
	const words: string[] = [];
	// The page shows what was typed, which is the only difference.
	for (const typed of [reference, 'ABCD2345', 'nobody@example.org']) {
		await page.goto(`/${summit.slug}/register/1`);
		await page.getByRole('checkbox', { name: /^I am under 18 on/ }).check();
		await page.getByLabel('Their mail address, or the reference').fill(typed);
		await page.getByRole('button', { name: 'Save and continue' }).click();
		await expect(page.getByRole('heading', { name: 'Your organisation', level: 1 })).toBeVisible();
		await page.goto(`/${summit.slug}/me`);
		words.push((await page.getByRole('main').innerText()).replaceAll(typed, 'typed'));
	}
	expect(new Set(words).size).toBe(1);
});
