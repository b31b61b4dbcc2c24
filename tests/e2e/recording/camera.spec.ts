/* The list of the camera and photo crew in a browser: a wish takes effect while the page is open, and an area is marked. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

test('shows a change of a wish at once, by place and public name, and names nobody of the hall', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	const crew = await stage.open(browser, people.stage, `/${slug}/live/desk/camera`, {
		viewport: { width: 390, height: 844 }
	});
	await expect(crew.getByRole('heading', { name: 'Camera and photo crew' })).toBeVisible();
	await expect(crew.getByText('People who wear it are in no photograph')).toBeVisible();
	const now = crew.getByRole('region', { name: 'Now' });
	await expect(now.getByText(`Speaker: ${people.speaker.name}`)).toHaveCount(0);
	expect(await faultsOfPage(crew)).toEqual([]);

	const speaker = await stage.open(browser, people.speaker, `/${slug}/me/data`);
	await speaker.getByRole('button', { name: 'Ask not to be photographed' }).click();
	await expect(speaker.getByText('The list of the camera and photo crew follows at once.').first()).toBeVisible();
	// Sooner than the page reads the counts again.
	await expect(now.getByText(`Speaker: ${people.speaker.name}`)).toBeVisible({ timeout: 10_000 });
	await speaker.getByRole('button', { name: 'Allow photographs again' }).click();
	await expect(now.getByText(`Speaker: ${people.speaker.name}`)).toHaveCount(0, { timeout: 10_000 });

	const delegate = await stage.open(browser, people.delegate, `/${slug}/me/data`);
	await delegate.getByRole('button', { name: 'Ask not to be photographed' }).click();
	await expect(delegate.getByText('Nobody may photograph you.').first()).toBeVisible();
	await expect(crew.getByText('Badges for the hall with the sign: fewer than 5')).toBeVisible();
	await expect(crew.getByText(people.delegate.name)).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false])
	test(`marks an area that the desk shows too ${javaScriptEnabled ? 'with' : 'without'} script`, async ({
		browser
	}) => {
		const { people, slug } = stage.world;
		const crew = await stage.open(browser, people.programme, `/${slug}/live/desk/camera`, { javaScriptEnabled });
		const now = crew.getByRole('region', { name: 'Now' });
		await now.getByText('Mark an area').click();
		await now.getByLabel('Area that no camera shows').fill('Left block, rows 1 to 3');
		await now.getByRole('button', { name: 'Save the area' }).click();
		await expect(crew.getByText('Saved. Every list of the crew shows it now.')).toBeVisible();
		await expect(now.getByText('Do not point a camera here: Left block, rows 1 to 3')).toBeVisible();
		const host = await stage.open(browser, stage.chair, stage.backstagePath);
		await expect(host.getByText('Do not point a camera here: Left block, rows 1 to 3')).toBeVisible();
		const [made] = await stage.act(people.stage, `select public.make_hall_code($1, 'plenary') ->> 'code' as code`, [
			stage.world.summit
		]);
		const hall = await stage.open(browser, null, `/${slug}/live/plenary/hall`, { javaScriptEnabled });
		await expect(hall.getByText('Do not point a camera here')).toHaveCount(0);
		await hall.getByLabel('Code of the hall').fill(String(made?.['code']));
		await hall.getByRole('button', { name: 'Use this browser for the hall' }).click();
		await expect(hall.getByText('Do not point a camera here: Left block, rows 1 to 3')).toBeVisible();
		const desk = await stage.open(browser, people.stage, `/${slug}/live/desk`);
		await expect(desk.getByText('Do not point a camera here: Left block, rows 1 to 3')).toBeVisible();
	});

test('is read in Arabic, printed on one page, and closed to everybody else', async ({ browser }) => {
	const { people, slug } = stage.world;
	const crew = await stage.open(browser, people.stage, `/ar/${slug}/live/desk/camera`);
	await expect(crew.getByRole('heading', { name: 'فريق الكاميرا والتصوير' })).toBeVisible();
	await expect(crew.getByText('لا صور ولا كاميرا ولا تسجيل في هذه الجلسة').first()).toBeVisible();
	expect(await faultsOfPage(crew)).toEqual([]);
	const printed = await crew.pdf({ format: 'A4' });
	expect(printed.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
	const other = await stage.open(browser, people.door, `/${slug}`);
	const answer = await other.goto(`/${slug}/live/desk/camera`);
	expect(answer?.status()).toBe(403);
});
