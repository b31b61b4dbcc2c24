/* A document from the draft to the search: submitted, sent back, reviewed, published and found, without JavaScript. */
import { randomUUID } from 'node:crypto';
import { makeCommunityOrganiser } from '../../fixtures/grouping.ts';
import { makeReviewers, publish } from '../../fixtures/library.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useClient();
const base = '/community/library';

test.describe.configure({ timeout: 120_000 });

test('is submitted, sent back, reviewed, published and found', async ({ browser }) => {
	const world = await makeWorld(db.client);
	const reviewer = await makeCommunityOrganiser(db.client);
	const word = `Zephyr${randomUUID().slice(0, 8)}`;

	const focal = await openPage(browser, world.people.focal, { javaScriptEnabled: false });
	await focal.goto(`${base}/own/new`);
	await focal.getByLabel('Title (English)').fill(`${word} evaluations`);
	await focal.getByLabel('Summary (English)').fill('What hotlines learned in a year.');
	await focal.getByLabel('Kind').selectOption('Briefing');
	await focal.getByLabel('Date of the document').fill('2026-03-01');
	await focal.getByLabel('Licence').selectOption('CC BY 4.0');
	await focal.getByRole('button', { name: 'Save draft' }).click();
	await expect(focal.getByRole('heading', { level: 1, name: word })).toBeVisible();
	await focal.getByLabel('File', { exact: true }).setInputFiles({
		name: 'lessons.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('Lessons of a year.')
	});
	await focal.getByRole('button', { name: 'Add file' }).click();
	await expect(focal.getByRole('link', { name: 'lessons.txt' })).toBeVisible();
	await focal.getByRole('button', { name: 'Submit document' }).click();
	await expect(focal.getByText('The secretariat reviews it.')).toBeVisible();

	const secretariat = await openPage(browser, reviewer, { javaScriptEnabled: false });
	await secretariat.goto(`${base}/own`);
	await secretariat.getByRole('link', { name: word }).click();
	await secretariat.getByLabel('What should change').fill('Please name the source.');
	await secretariat.getByRole('button', { name: 'Send back' }).click();
	await focal.reload();
	await expect(focal.getByText('Please name the source.')).toBeVisible();
	await focal.getByRole('button', { name: 'Submit document' }).click();

	const visitor = await openPage(browser, null, { viewport: { width: 390, height: 844 } });
	const searched = `${base}?q=${encodeURIComponent(`${word} evaluation`)}`;
	await visitor.goto(searched);
	await expect(visitor.getByRole('status').filter({ hasText: '0 results' })).toBeVisible();
	await secretariat.reload();
	await secretariat.getByRole('button', { name: 'Accept document' }).click();
	await secretariat.getByRole('button', { name: 'Publish document' }).click();
	await expect(secretariat.getByRole('link', { name: 'As readers see it' })).toBeVisible();

	await visitor.goto(searched);
	await expect(visitor.locator('mark').first()).toHaveText(word);
	await expectWholePage(visitor);
	await visitor.getByRole('link', { name: word }).click();
	await expect(visitor.getByRole('heading', { level: 1, name: word })).toBeVisible();
	const [download] = await Promise.all([
		visitor.waitForEvent('download'),
		visitor.getByRole('link', { name: 'lessons.txt' }).click()
	]);
	expect(download.suggestedFilename()).toBe('lessons.txt');
});

test('a next version is begun, keeps what is typed while a file is added, and is discarded', async ({ browser }) => {
	const world = await makeWorld(db.client);
	const { code } = await publish(await makeReviewers(db.client), world.people.focal);
	const focal = await openPage(browser, world.people.focal);
	await focal.goto(`${base}/own/${code}`);
	await focal.getByLabel('What this version changes').fill('A second edition.');
	await focal.getByRole('button', { name: 'Save draft' }).click();
	await expect(focal.getByText('Version 2', { exact: false }).first()).toBeVisible();
	await focal.getByLabel('Title (English)').fill('Reports within an hour');
	await focal.getByLabel('Kind').selectOption('Toolkit');
	await focal.getByLabel('File', { exact: true }).setInputFiles({
		name: 'second.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('Lessons of two years.')
	});
	await focal.getByRole('button', { name: 'Add file' }).click();
	await expect(focal.getByRole('link', { name: 'second.txt' })).toBeVisible();
	await expect(focal.getByLabel('Title (English)')).toHaveValue('Reports within an hour');
	await expect(focal.getByLabel('Kind').locator('option:checked')).toHaveText('Toolkit');
	await focal.getByRole('button', { name: 'Save draft' }).click();
	await expect(focal.getByRole('heading', { level: 1, name: 'Reports within an hour' })).toBeVisible();
	await focal.getByText('Discard this version').first().click();
	await focal.getByRole('button', { name: 'Discard this version' }).click();
	await expect(focal.getByRole('heading', { level: 1, name: 'Reports within a day' })).toBeVisible();
	await expect(focal.getByRole('heading', { name: 'Begin the next version' })).toBeVisible();
	await focal.goto(`${base}/${code}`);
	await expect(focal.getByRole('heading', { level: 1, name: 'Reports within a day' })).toBeVisible();
});
