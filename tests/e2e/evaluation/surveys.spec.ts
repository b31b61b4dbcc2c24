/* A survey from its first question to its results; answers are sent as nobody, also those that waited for a network. */
import { openPage } from '../../fixtures/open-page.ts';
import { inTurn } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { answerBlind, makeSurveyWorld, openForm, publishSurvey } from '../../fixtures/surveying.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 180_000 });

test('is written, answered once by each, and shown in groups after its end', async ({ browser }) => {
	const world = await makeSurveyWorld(db.client);
	const surveys = `/${world.slug}/organise/surveys`;
	const organiser = await openPage(browser, world.people.programme, { javaScriptEnabled: false });

	await organiser.goto(`${surveys}/new?kind=summit`);
	await organiser.getByLabel('Title (English)').fill('How was the Summit?');
	await organiser.getByLabel('Opens').fill('2020-01-01T08:00');
	await organiser.getByLabel('Closes').fill('2099-12-31T20:00');
	await organiser.getByRole('button', { name: 'Save survey' }).click();
	await expect(organiser.getByRole('heading', { level: 1, name: 'How was the Summit?' })).toBeVisible();
	for (const [kind, label] of [
		['Scale from 1 to 5', 'It was useful'],
		['Yes or no', 'Would you come again?'],
		['Several lines of text', 'Anything else?']
	] as const) {
		await organiser.getByRole('link', { name: 'Add question' }).click();
		await organiser.getByRole('link', { name: kind }).click();
		await organiser.getByLabel('Question (English)').fill(label);
		await organiser.getByRole('button', { name: 'Save question' }).click();
	}
	await organiser.getByRole('link', { name: 'Add question' }).click();
	await organiser.getByRole('link', { name: 'Several lines of text' }).click();
	await organiser.getByLabel('Question (English)').fill('Why not?');
	await organiser.getByText('Only after an answer to another question').click();
	await organiser.getByRole('group', { name: 'Would you come again?' }).getByLabel('No').check();
	await organiser.getByRole('button', { name: 'Save question' }).click();
	await organiser.getByRole('button', { name: 'Publish survey' }).click();
	await expect(organiser.getByText('Open', { exact: true })).toBeVisible();
	const survey = new URL(organiser.url()).pathname.split('/').at(-1) ?? '';

	const [first, second, ...others] = world.delegates;
	if (!first || !second) throw new Error('no delegates');
	const page = await openPage(browser, first);
	const cookies: (string | undefined)[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/answers')) void request.allHeaders().then(({ cookie }) => cookies.push(cookie));
	});
	await page.goto(`/${world.slug}/surveys/${survey}`);
	await expect(page.getByText('Nobody can see which answers are yours.')).toBeVisible();
	await expectWholePage(page);
	await expect(page.getByLabel('Why not?')).toHaveCount(0);
	await page.getByRole('group', { name: 'Would you come again?' }).getByLabel('No').check();
	await page.getByLabel('Why not?').fill('It was too far away');
	await page.getByLabel('Anything else?').fill('More time');
	await page.getByRole('group', { name: 'It was useful' }).getByLabel('4 – agree').check();
	await page.getByRole('button', { name: 'Send answers' }).click();
	await expect(page.getByText('Your answers were received')).toBeVisible();
	expect(cookies).toEqual([undefined]);
	await page.reload();
	await expect(page.getByText('You have answered this survey')).toBeVisible();

	// Without a network they wait on the device, and are sent once.
	const away = await openPage(browser, second);
	await away.goto(`/${world.slug}/surveys/${survey}`);
	await expect(away.getByText('Nobody can see which answers are yours.')).toBeVisible();
	await away.context().setOffline(true);
	await away.getByRole('group', { name: 'It was useful' }).getByLabel('4 – agree').check();
	await away.getByRole('button', { name: 'Send answers' }).click();
	await expect(away.getByText('kept on this device')).toBeVisible();
	await away.context().setOffline(false);
	await expect(away.getByText('Your answers were received')).toBeVisible();

	// Without script the page says what is promised, and each question with the answer after which it is asked.
	const [third, ...rest] = others;
	const plain = await openPage(browser, third ?? first, { javaScriptEnabled: false });
	await plain.goto(`/${world.slug}/surveys/${survey}`);
	await expect(plain.getByText('You rely on the server')).toBeVisible();
	await plain.getByRole('button', { name: 'Send answers' }).click();
	await expect(plain.getByText('Please answer at least one question').first()).toBeVisible();
	await plain.getByRole('group', { name: 'Would you come again?' }).getByLabel('Yes').check();
	await plain.getByRole('button', { name: 'Send answers' }).click();
	await expect(plain.getByText('You have answered this survey')).toBeVisible();

	const collection = (await openForm(world, first, survey))?.collection ?? '';
	await inTurn(rest, (who, n = rest.indexOf(who)) =>
		answerBlind(world, who, collection, { it_was_useful: [n < 3 ? '4' : '5'], would_you_come_again: ['yes'] })
	);
	await organiser.goto(`${surveys}/${survey}/results/${collection}`);
	await expect(organiser.getByText('The results are shown after that')).toBeVisible();
	await organiser.goto(`${surveys}/${survey}`);
	await organiser.getByRole('button', { name: 'End survey now' }).click();
	await organiser.getByRole('link', { name: 'Show results' }).click();
	const useful = organiser.getByRole('table', { name: 'It was useful' });
	await expect(useful.getByRole('row', { name: '4 – agree' })).toContainText('5');
	await expect(organiser.getByText('Average: 4.5')).toBeVisible();
	// One of eleven would not come again: neither count is shown, and nothing that was asked of that person.
	const again = organiser
		.locator('section')
		.filter({ has: organiser.getByRole('heading', { name: 'Would you come again?' }) });
	await expect(again).toContainText('The counts are not shown');
	await expect(again.getByRole('table')).toHaveCount(0);
	await expect(organiser.getByText('It was too far away')).toHaveCount(0);
	await organiser.getByRole('button', { name: 'Agree to release' }).click();
	await expect(organiser.getByText('You have agreed. A second person decides.')).toBeVisible();
	const reader = await openPage(browser, world.people.programme);
	await reader.goto(organiser.url());
	await expectWholePage(reader);

	// Feedback on sessions has a sheet for each of them.
	const { rows } = await db.client.query<{ id: string }>(
		`insert into private.surveys (summit_id, kind, title, opens_at, closes_at, hours, published_at, smallest_group)
		values ($1, 'session', '{"original":"en","en":"How was the session?"}', now(), now() + interval '2 days', 48, now(), 5)
		returning id`,
		[world.summit]
	);
	await reader.goto(`${surveys}/${rows[0]?.id}/sheets`);
	await expectWholePage(reader);
});

test('is answered by script and found after the Summit is closed and archived', async ({ browser }) => {
	const world = await makeSurveyWorld(db.client);
	const survey = await publishSurvey(world);
	const [first, second] = world.delegates;
	if (!first || !second) throw new Error('no delegates');
	for (const [state, who, from] of [
		['closed', first, 'me'],
		['archived', second, 'archived']
	] as const) {
		await db.client.query('update public.summits set state = $2 where id = $1', [world.summit, state]);
		const page = await openPage(browser, who);
		await page.goto(`/${world.slug}/me`);
		await expect(page).toHaveURL(`/${world.slug}/${from}`);
		await expect(page.getByRole('main').getByRole('link', { name: 'Recordings' })).toBeVisible();
		await page.locator(`main a[href$="/surveys/${survey}"]`).click();
		await expect(page.getByText('Nobody can see which answers are yours.')).toBeVisible();
		await page.getByRole('group', { name: 'It was useful' }).getByLabel('5').check();
		await page.getByRole('button', { name: 'Send answers' }).click();
		await expect(page.getByText('Your answers were received')).toBeVisible();
	}
});
