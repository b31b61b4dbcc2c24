/* Data retention: owners set periods and place holds, and the privacy page names the periods. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { runJob } from '../../fixtures/jobs.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const small = useWorld(({ client, world }) =>
	client.query(`update public.summits set state = 'closed' where id = $1`, [world.summit])
);

/** The needs of people of this Summit: as they wrote them, and as each team meets them. */
const countNeeds = () =>
	readValue<number>(
		small.client,
		`select (
			select count(*) from public.registration_needs as n
			join public.registrations as r on r.id = n.registration_id where r.summit_id = $1
		)::integer + (select count(*) from private.needs where summit_id = $1)::integer`,
		[small.world.summit]
	);

for (const script of [true, false])
	test(`an owner shortens a period, sees what it deletes, and sets it back${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, people } = small.world;
		const page = await openPage(browser, people.owner, { javaScriptEnabled: script });
		await page.goto(`/${slug}/organise/settings/retention`);
		await expect(page.getByRole('heading', { name: 'Data retention', level: 2 })).toBeVisible();
		const row = page.getByRole('row', { name: /^Access needs and notes/ });
		await expect(row).toContainText('30 days after the Summit is closed');
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('link', { name: 'Change: Access needs and notes' }).click();
		await page.getByLabel('Days').fill('400');
		await page.getByRole('button', { name: 'Change the period' }).click();
		await expect(page.getByText('Enter a whole number from 0 to 365.').first()).toBeVisible();
		await page.getByLabel('Days').fill('3');
		await page.getByRole('button', { name: 'Change the period' }).click();
		await expect(page.getByText(`${await countNeeds()} rows will be deleted`)).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Change the period in seven days' }).click();
		await expect(page.getByText('The period changes in seven days.')).toBeVisible();
		await expect(row).toContainText('3 days');
		await page.getByRole('link', { name: 'Change: Access needs and notes' }).click();
		await page.getByLabel('Days').fill('60');
		await page.getByRole('button', { name: 'Change the period' }).click();
		await expect(page.getByText('The period is changed.')).toBeVisible();
		await expect(row).toContainText('60 days after the Summit is closed (set here)');
		// What the public reads, at once and in every language.
		const visitor = await openPage(browser, null, { javaScriptEnabled: script });
		for (const [path, words] of [
			[`/${slug}/privacy`, '60 days after the Summit is closed'],
			[`/fr/${slug}/privacy`, '60 jours après la clôture du Sommet'],
			[`/es/${slug}/privacy`, '60 días después del cierre de la Cumbre'],
			[`/ar/${slug}/privacy`, 'بعد اختتام القمة'],
			['/privacy', '30 days after the Summit is closed']
		] as const) {
			await visitor.goto(path);
			const found = visitor.locator('dl > div').nth(1);
			await expect(found).toContainText(words);
		}
	});

for (const script of [true, false])
	test(`safeguarding places a hold on a person and a class, and ends one${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { slug, people, registrations } = small.world;
		const reference = await readValue<string>(
			small.client,
			'select reference from public.registrations where id = $1',
			[registrations.delegate]
		);
		const page = await openPage(browser, people.safeguarding, { javaScriptEnabled: script });
		await page.goto(`/${slug}/organise/settings/retention`);
		await expect(page.getByRole('link', { name: /^Change: / })).toHaveCount(0);
		await expect(page.getByRole('navigation', { name: 'Settings', exact: true }).getByRole('link')).toHaveText([
			'Data retention'
		]);
		await page.getByLabel('Everything about one person').check();
		await page.getByLabel(/^Reference of the person’s registration/).fill('NOBODY12');
		await page.getByLabel('Why').fill('The prosecutor asked for it.');
		await page.getByRole('button', { name: 'Place the hold' }).click();
		await expect(page.getByText('Nobody has a registration with this reference.').first()).toBeVisible();
		await page.getByLabel(/^Reference of the person’s registration/).fill(reference);
		await page.getByRole('button', { name: 'Place the hold' }).click();
		await expect(page.getByText('The hold is placed.')).toBeVisible();
		const holds = page.getByRole('table', { name: 'Legal holds' });
		await expect(holds).toContainText(`${people.delegate.name} (${reference})`);
		await page.getByLabel(/^Class of data/).selectOption('mails');
		await page.getByLabel('Why').fill('An audit needs them.');
		await page.getByRole('button', { name: 'Place the hold' }).click();
		await expect(page.getByRole('row', { name: /^Mails.*Held/ })).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'End the hold: Mails' }).click();
		await expect(page.getByText('The hold has ended.')).toBeVisible();
		await expect(holds.getByRole('row')).toHaveCount(2);
	});

test('other organisers do not see the page, and safeguarding does not change periods', async ({ browser }) => {
	const { slug, people } = small.world;
	const organiser = await openPage(browser, people.registration);
	expect((await organiser.goto(`/${slug}/organise/settings/retention`))?.status()).toBe(403);
	const lead = await openPage(browser, people.safeguarding);
	expect((await lead.goto(`/${slug}/organise/settings/retention/needs`))?.status()).toBe(403);
	const owner = await openPage(browser, people.owner);
	for (const path of ['sign_in', 'nothing'])
		expect((await owner.goto(`/${slug}/organise/settings/retention/${path}`))?.status()).toBe(404);
});

test('a held person reads that the erasure waits for a legal duty, and can stop it', async ({ browser }) => {
	const { summit, people } = small.world;
	const { person } = people.delegate;
	await small.client.query(
		`insert into private.legal_holds (via_summit_id, person_id, reason) values ($1, $2, 'Nobody but us reads this.')`,
		[summit, person]
	);
	await small.client.query(`insert into private.erasure_requests (person_id, due_at) values ($1, now())`, [person]);
	const page = await openPage(browser, people.delegate);
	for (const [path, words] of [
		['/ar/account/data', 'المحو مؤجل بسبب واجب قانوني'],
		['/fr/account/data', 'L’effacement attend en raison d’une obligation légale'],
		['/es/account/data', 'El borrado espera por una obligación legal'],
		['/account/data', 'The erasure waits for a legal duty']
	] as const) {
		await page.goto(path);
		await expect(page.getByText(words)).toBeVisible();
	}
	await expect(page.getByText('Nobody but us reads this.')).toHaveCount(0);
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: 'Stop the erasure' }).click();
	await expect(page.getByText('The erasure was stopped. Nothing was erased.')).toBeVisible();
});

test('the worker deletes what is due, and the page reports it', async ({ browser }) => {
	test.setTimeout(150_000);
	const { summit, slug, people } = small.world;
	await small.client.query(
		`update private.retention_clocks set started_at = now() - interval '31 days' where summit_id = $1`,
		[summit]
	);
	const needs = await countNeeds();
	// A round has ended within the last hour; the job begins another.
	await small.client.query('delete from private.last_retention_round');
	await runJob(small.client, 'sweep_retention');
	const isRoundOver = () => readValue(small.client, 'select exists (select from private.last_retention_round)');
	await expect.poll(isRoundOver, { timeout: 100_000 }).toBe(true);
	expect(await countNeeds()).toBe(0);
	// The rows, and the sealed values that the audit kept of them.
	const reported = await readValue<number>(
		small.client,
		`select sum(rows)::integer from private.retention_reports where summit_id = $1 and class = 'needs'`,
		[summit]
	);
	expect(reported).toBeGreaterThan(needs);
	const page = await openPage(browser, people.owner);
	await page.goto(`/${slug}/organise/settings/retention`);
	await expect(
		page.getByRole('table', { name: 'What was deleted' }).getByRole('row', { name: /Access needs and notes/ })
	).toContainText(String(reported));
});
