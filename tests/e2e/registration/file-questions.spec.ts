/* A delegate gives a file, with and without JavaScript; the role that the question names opens it, and the delegate sees that. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { pdf } from '../../fixtures/documents.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { callAs, makeSummit, readValue, register, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

let summit: RegisteringSummit & { slug: string };
let delegate: TestPerson;

test.beforeEach(async () => {
	const made = await makeSummit(db.client);
	await db.client.query(`update public.summits set languages = '{en,ar}' where id = $1`, [made.summit]);
	const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [made.summit]);
	summit = { ...made, slug };
	delegate = await makePerson(db.client, 'Ana Lima');
	const { id } = await register(db.client, delegate, made.summit, made.members[0] ?? '');
	await callAs(db.client, made.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
});

const letter = (inside = '') => ({ name: 'Ana’s letter.pdf', mimeType: 'application/pdf', buffer: pdf(inside) });

for (const script of [true, false]) {
	test(`gives, replaces and removes a file that one role opens; ${script ? 'with JavaScript' : 'without JavaScript'}`, async ({
		browser
	}) => {
		const desk = await openPage(browser, summit.organiser, { javaScriptEnabled: script });
		await desk.goto(`/${summit.slug}/organise/logistics/fields/new?form=logistics`);
		await desk.getByRole('link', { name: 'A file', exact: true }).click();
		await desk.getByLabel('Question (English)').fill('Letter of accreditation');
		await desk.getByLabel('What for (English)').fill('To accredit you.');
		await desk.getByText(/^Question in other languages/).click();
		await desk.getByLabel('Question (Arabic)').fill('خطاب الاعتماد');
		await desk.getByLabel('Must be answered').check();
		await expect(desk.getByText('Files are always stored encrypted.')).toBeVisible();
		if (script) expect(await faultsOfPage(desk)).toEqual([]);
		await desk.getByRole('button', { name: 'Save the question' }).click();
		await expect(desk.getByText('The question is saved.')).toBeVisible();
		await desk.goto(`/${summit.slug}/organise/logistics/fields/new?form=logistics&kind=text`);
		await desk.getByLabel('Question (English)').fill('Flight');
		await desk.getByLabel('What for (English)').fill('To fetch you.');
		await desk.getByRole('button', { name: 'Save the question' }).click();
		await expect(desk.getByText('The question is saved.')).toBeVisible();

		const page = await openPage(browser, delegate, { javaScriptEnabled: script });
		await page.goto(`/${summit.slug}/me/logistics`);
		const field = page.getByLabel('Letter of accreditation', { exact: true });
		const save = page.getByRole('button', { name: 'Save', exact: true });
		// A wrong file is refused beside its field; what was typed is saved.
		await page.getByLabel('Flight').fill('QX 100');
		await field.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF') });
		await save.click();
		await expect(page.getByText(/^This is none of PDF, /).first()).toBeVisible();
		await expect(page.getByLabel('Flight')).toHaveValue('QX 100');
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await field.setInputFiles({ ...letter(), buffer: Buffer.alloc(10_500_000, 32) });
		await save.click();
		await expect(page.getByText(/^This file is larger than 10/).first()).toBeVisible();
		await field.setInputFiles(letter('first'));
		if (script) {
			// The upload shows its progress; stopped, it keeps what is chosen.
			const held = (url: URL) => url.pathname.endsWith('/me/logistics');
			await page.route(held, (route) => (route.request().method() === 'POST' ? undefined : route.fallback()));
			await save.click();
			await expect(page.getByRole('progressbar')).toBeVisible();
			expect(await faultsOfPage(page)).toEqual([]);
			await page.getByRole('button', { name: 'Stop', exact: true }).click();
			await expect(page.getByText('Stopped. Nothing was kept.')).toBeVisible();
			await page.unroute(held);
		}
		await save.click();
		await expect(page.getByText('Your answers are saved.')).toBeVisible();
		await expect(page.getByText('You have answered all that we need.')).toBeVisible();
		await field.setInputFiles(letter('second'));
		await save.click();
		const own = page.getByRole('link', { name: 'Ana’s letter.pdf' });
		await expect(own).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		const address = (await own.getAttribute('href')) ?? '';
		await expect
			.poll(async () => (await (await page.request.get(address)).body()).toString('latin1'))
			.toContain('second');

		// The role opens it under a neutral name; another role, another person and an unknown file get the same 404.
		await desk.goto(`/${summit.slug}/organise/logistics/fields`);
		await desk
			.getByRole('listitem')
			.filter({ hasText: 'Letter of accreditation' })
			.getByRole('link', { name: 'Read them' })
			.click();
		if (script) expect(await faultsOfPage(desk)).toEqual([]);
		const open = (await desk.getByRole('link', { name: 'Open the file' }).getAttribute('href')) ?? '';
		await page.goto('/account/data');
		await expect(page.getByText('Nobody did so far.')).toBeVisible();
		const file = await desk.request.get(open);
		expect((await file.body()).toString('latin1')).toContain('second');
		const headers = file.headers();
		expect(headers['content-type']).toBe('application/pdf');
		expect(headers['content-disposition']).toMatch(/^attachment; filename="letter_of_accreditation-[A-Z0-9]+\.pdf"/i);
		expect(headers['x-content-type-options']).toBe('nosniff');
		expect(headers['cache-control']).toContain('no-store');
		const other = await makePerson(db.client, 'Programme');
		await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
			other.person,
			summit.summit
		]);
		const programme = await openPage(browser, other, { javaScriptEnabled: script });
		expect((await programme.request.get(open)).status()).toBe(404);
		expect((await programme.request.get(address)).status()).toBe(404);
		expect((await desk.request.get(address)).status()).toBe(404);
		expect((await desk.request.get(`${open}X`)).status()).toBe(404);

		// The person learns of the one reading.
		await page.reload();
		await expect(page.getByText('Your answers in the logistics form')).toHaveCount(1);

		// The list says whether it was given, and filters by it.
		const field_id = open.split('/').at(-2) ?? '';
		await desk.goto(`/${summit.slug}/organise/registrations?column=${field_id}&answer=${field_id}:given`);
		await expect(desk.getByRole('row', { name: /Ana Lima.*Given/ })).toBeVisible();
		await desk.goto(`/${summit.slug}/organise/registrations?answer=${field_id}:missing`);
		await expect(desk.getByRole('row', { name: /Ana Lima/ })).toHaveCount(0);

		await page.goto(`/${summit.slug}/me/logistics`);
		await page.getByLabel('Remove the file: Letter of accreditation').check();
		await save.click();
		await expect(page.getByText('Still missing: Letter of accreditation.')).toBeVisible();
		await expect(own).toHaveCount(0);
		expect((await page.request.get(address)).status()).toBe(404);
	});
}
