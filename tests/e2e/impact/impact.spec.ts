/* An impact report from its first words to what the public reads, takes along, and reads after a correction. */
import { openPage } from '../../fixtures/open-page.ts';
import { readPdf } from '../../fixtures/pdf.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { makeSurveyWorld } from '../../fixtures/surveying.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test('is written, released and corrected, and read by the public on a page, as PDF and as a table', async ({
	browser
}) => {
	const world = await makeSurveyWorld(db.client);
	await db.client.query(`update public.summits set state = 'closed', languages = '{en,ar}' where id = $1`, [
		world.summit
	]);
	const impact = `/${world.slug}/organise/impact`;
	// Without scripts: every form works as HTML has it.
	const organiser = await openPage(browser, world.people.programme, { javaScriptEnabled: false });
	const visitor = await openPage(browser, null);
	expect((await visitor.goto(`/${world.slug}/impact`))?.status()).toBe(404);

	await organiser.goto(impact);
	await expect(organiser.getByRole('heading', { level: 2, name: 'Advocacy' })).toBeVisible();
	await organiser.getByRole('link', { name: 'Edit: Introduction' }).click();
	// Somebody else saves a target meanwhile: nothing is overwritten, and nothing that was typed is lost.
	const other = await openPage(browser, world.second, { javaScriptEnabled: false });
	await other.goto(`${impact}/targets`);
	await other.getByLabel('Sessions held').fill('12');
	await other.getByRole('button', { name: 'Save targets' }).click();
	await expect(other.getByText('The draft is saved.')).toBeVisible();
	await organiser.getByLabel('Text (English)').fill('We met for two days.\n\nThe next report compares.');
	await organiser.getByRole('button', { name: 'Save text' }).click();
	await expect(organiser.getByText('Somebody else changed the draft meanwhile')).toBeVisible();
	await expect(organiser.getByLabel('Text (English)')).toHaveValue(/We met for two days/);
	await organiser.goto(`${impact}/texts/intro`);
	await organiser.getByLabel('Text (English)').fill('We met for two days.\n\nThe next report compares.');
	await organiser.getByLabel('Text (Arabic)').fill('اجتمعنا يومين.');
	await organiser.getByRole('button', { name: 'Save text' }).click();

	await organiser.getByRole('link', { name: 'Preview' }).click();
	await organiser.getByRole('button', { name: 'Release report' }).click();
	await expect(organiser.getByText('Read the preview and tick this box first.').first()).toBeVisible();
	await organiser.getByLabel('I have read the preview').check();
	await organiser.getByRole('button', { name: 'Release report' }).click();
	await expect(organiser.getByText('The report is released.')).toBeVisible();

	await visitor.goto(`/${world.slug}/impact`);
	await expect(visitor.getByText('We met for two days.')).toBeVisible();
	await expect(visitor.getByText('Target: 12')).toBeVisible();
	await visitor.getByText('Source and how counted').first().click();
	await expect(visitor.getByText('Breaks and closed sessions are not counted.')).toBeVisible();
	await expectWholePage(visitor);
	await expect(visitor.getByRole('contentinfo').getByRole('link', { name: 'Impact report' })).toBeVisible();

	const get = (path: string) => visitor.request.get(path);
	const [english, arabic] = [
		readPdf(await (await get(`/${world.slug}/impact.pdf`)).body()),
		readPdf(await (await get(`/ar/${world.slug}/impact.pdf`)).body())
	];
	expect(english.lang).toBe('en');
	expect(english.text).toContain('Impact report');
	expect(english.text).toContain('We met for two days.');
	expect(arabic.lang).toBe('ar');
	expect(arabic.text).toMatch(/[\u0600-\u06ff\ufb50-\ufeff]/);
	const table = await (await get(`/${world.slug}/impact.csv`)).text();
	expect(table.split('\r\n').find((line) => line.startsWith('sessions,'))).toContain('Sessions held');
	const frozen = (await (await get(`/${world.slug}/impact.json`)).json()) as { release: number; indicators: object[] };
	expect(frozen.release).toBe(1);
	expect(frozen.indicators.length).toBeGreaterThan(15);

	await organiser.goto(`${impact}/preview`);
	await organiser.getByLabel('What this release corrects').fill('A date.');
	await organiser.getByLabel('I have read the preview').check();
	await organiser.getByRole('button', { name: 'Release report' }).click();
	await visitor.goto(`/${world.slug}/impact`);
	await expect(visitor.getByText('This release corrects: A date.').first()).toBeVisible();
	await visitor.goto(`/${world.slug}/impact?release=1`);
	await expect(visitor.getByText('This is an earlier release.')).toBeVisible();
});
