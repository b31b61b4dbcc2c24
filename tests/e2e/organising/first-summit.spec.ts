/* The guided set-up: from an owner without a Summit to open registration and a first published agenda. */
import { randomBytes } from 'node:crypto';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { setUpFirstSummit } from '../../fixtures/first-summit.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useClient();
let owner: TestPerson;

test.beforeAll(async () => {
	owner = await makePerson(db.client, 'First Owner');
	await db.client.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [owner.person]);
});

const newSlug = () => `first-${randomBytes(4).toString('hex')}`;

for (const javaScriptEnabled of [true, false]) {
	test(`opens registration with a first agenda, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ browser }) => {
		test.setTimeout(120_000);
		const summit = { name: 'Summit of the Harbours', slug: newSlug(), session: `Opening ${newSlug()}` };
		const page = await openPage(browser, owner, { javaScriptEnabled });
		await page.goto('/organise/new');
		await setUpFirstSummit(page, summit);
		await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Set-up/ })).toHaveCount(0);
		// A visitor reads the agenda, and somebody who signs in gets the form.
		const visitor = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
		await visitor.goto(`/${summit.slug}/agenda`);
		await expect(visitor.getByRole('link', { name: summit.session }).first()).toBeVisible();
		await visitor.goto(`/${summit.slug}/talk`);
		await expect(visitor.getByRole('link', { name: 'safeguarding@summit.example' })).toBeVisible();
		const delegate = await openPage(browser, await makePerson(db.client, 'New Delegate'));
		await delegate.goto(`/${summit.slug}/register`);
		await delegate.getByRole('link', { name: 'Begin' }).click();
		await expect(delegate.getByLabel('Name on your badge')).toBeVisible();
	});
}
