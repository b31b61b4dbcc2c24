/* A raised hand in the hall and at home: raised, called, heard while called, and silent afterwards. */
import type { Browser, Page, Route } from '@playwright/test';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { chooseQuality, pictureMenu } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();

const open = (browser: Browser, who: TestPerson | null, panel: string, options = {}): Promise<Page> =>
	stage.open(browser, who, `${stage.stagePath}?panel=${panel}`, options);

const item = (page: Page, words: string) => page.getByRole('listitem').filter({ hasText: words });

/** Whether the page plays audio of others at this moment. */
function isHeard(page: Page): Promise<boolean> {
	return page.evaluate(async () => {
		const context = new AudioContext();
		const analyser = context.createAnalyser();
		for (const audio of document.querySelectorAll('audio'))
			if (audio.srcObject instanceof MediaStream && audio.srcObject.getAudioTracks().length > 0)
				context.createMediaStreamSource(audio.srcObject).connect(analyser);
		const samples = new Float32Array(analyser.fftSize);
		let loudest = 0;
		for (const end = Date.now() + 1500; Date.now() < end && loudest < 0.02;) {
			analyser.getFloatTimeDomainData(samples);
			loudest = Math.max(loudest, ...samples.map(Math.abs));
			await new Promise((done) => setTimeout(done, 20));
		}
		await context.close();
		return loudest > 0.01;
	});
}

test('raises, calls, hears and sends back a hand; a person in the hall speaks at its microphone', async ({
	browser
}) => {
	const { virtual, delegate, listed } = stage.world.people;
	const host = await open(browser, stage.chair, 'hands');
	const caller = await open(browser, virtual, 'hands');
	const hall = await open(browser, delegate, 'hands');
	const viewer = await open(browser, listed, 'session');
	await hall.getByRole('button', { name: 'Raise your hand' }).click();
	await expect(hall.getByText('Your hand is up. You are number 1 of 1.')).toBeVisible();
	for (const page of [caller, viewer]) await page.getByRole('button', { name: 'Watch and listen' }).click();
	// From the toolbar of the video.
	await caller.getByRole('button', { name: /Hand.*Down/ }).click();
	await expect(caller.getByRole('button', { name: /Hand.*number 2/ })).toBeVisible();
	await expect(item(host, virtual.name)).toContainText('Elsewhere');
	await expect(item(host, delegate.name)).toContainText('In the hall');

	await item(host, delegate.name).getByRole('button', { name: 'Call' }).click();
	await expect(hall.getByText('You are called. Please speak at the microphone in the hall.')).toBeVisible();
	await expect(caller.getByRole('button', { name: /Hand.*number 1/ })).toBeVisible();
	await expect(item(viewer, delegate.name)).toBeVisible();
	await item(host, delegate.name).getByRole('button', { name: 'Send back' }).click();
	await expect(item(viewer, delegate.name)).toHaveCount(0);
	await expect(hall.getByRole('button', { name: 'Raise your hand' })).toBeVisible();

	expect(await isHeard(viewer)).toBe(false);
	await item(host, virtual.name).getByRole('button', { name: 'Call' }).click();
	await expect(caller.getByText('You are called. When your microphone is on, everyone hears you.')).toBeVisible();
	await expect(item(viewer, virtual.name)).toBeVisible();
	await expect.poll(() => isHeard(viewer), { timeout: 20_000 }).toBe(true);
	await item(host, virtual.name).getByRole('button', { name: 'Send back' }).click();
	await expect.poll(() => isHeard(viewer), { timeout: 20_000 }).toBe(false);
	await expect(caller.getByRole('button', { name: /Hand.*Down/ })).toBeVisible();
});

test('shows an error beside an act that failed, and keeps video and audio', async ({ browser }) => {
	const caller = await open(browser, stage.world.people.virtual, 'hands');
	await caller.getByRole('button', { name: 'Watch and listen' }).click();
	const raise = caller.getByRole('button', { name: /Hand.*Down/ });
	const away = { type: 'error', status: 503, error: { message: 'Try again in a few seconds.' } };
	for (const [answer, sentence] of [
		[(route: Route) => route.abort(), 'It was not sent: no answer came.'],
		[(route: Route) => route.fulfill({ status: 503, json: away }), 'Try again in a few seconds.']
	] as const) {
		await caller.route(/\?\/raise/, answer, { times: 1 });
		await raise.click();
		await expect(caller.getByRole('alert').filter({ hasText: sentence })).toBeVisible();
		await expect(pictureMenu(caller)).toBeVisible();
	}
	await raise.click();
	await expect(caller.getByRole('button', { name: /Hand.*number 1/ })).toBeVisible();
	await expect(caller.getByRole('alert').filter({ hasText: 'Try again' })).toHaveCount(0);
});

test('hears a captions-only reader when called, and returns to captions when sent back', async ({ browser }) => {
	const { virtual } = stage.world.people;
	const host = await open(browser, stage.chair, 'hands');
	const caller = await open(browser, virtual, 'hands');
	await caller.getByRole('button', { name: 'Watch and listen' }).click();
	await chooseQuality(caller, 'Captions only');
	const reads = caller.getByText('Picture and sound are off, to save data.');
	await expect(reads).toBeVisible();
	const viewer = await open(browser, stage.world.people.listed, 'session');
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await caller.getByRole('button', { name: 'Raise your hand' }).click();
	await item(host, virtual.name).getByRole('button', { name: 'Call' }).click();
	await expect(pictureMenu(caller)).toContainText('Sound only');
	await expect.poll(() => isHeard(viewer), { timeout: 20_000 }).toBe(true);
	await item(host, virtual.name).getByRole('button', { name: 'Send back' }).click();
	await expect(reads).toBeVisible();
	await expect(pictureMenu(caller)).toContainText('Captions only');
});

test('brings a person under 18 on stage once their guardian has consented, and names them to the host alone', async ({
	browser
}) => {
	const { people, registrations, slug } = stage.world;
	const { virtual: young, delegate: guardian, listed } = people;
	await stage.client.query(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[registrations.virtual, registrations.delegate]
	);
	const host = await open(browser, stage.chair, 'hands');
	const caller = await open(browser, young, 'hands');
	const viewer = await open(browser, listed, 'session');
	await expect(
		caller.getByText('You are under 18: you can raise your hand once your guardian has agreed')
	).toBeVisible();
	await expect(caller.getByRole('button', { name: 'Raise your hand' })).toHaveCount(0);

	const own = await stage.open(browser, guardian, `/${slug}/me`);
	await own.getByRole('checkbox', { name: 'May be called on stage after raising a hand' }).check();
	await own.getByRole('button', { name: `Save for ${young.name}` }).click();
	await expect(own.getByText('Saved. This applies from now on.')).toBeVisible();
	await expect(own.getByRole('checkbox', { name: 'May be called on stage after raising a hand' })).toBeChecked();
	await expect(own.getByRole('checkbox', { name: 'May be recorded on stage' })).not.toBeChecked();

	await caller.getByRole('button', { name: 'Raise your hand' }).click();
	await item(host, young.name).getByRole('button', { name: 'Call' }).click();
	await expect(caller.getByText('You are called. When your microphone is on, everyone hears you.')).toBeVisible();
	await expect(item(viewer, 'A participant')).toBeVisible();
	await expect(viewer.getByText(young.name)).toHaveCount(0);
	await expect(item(host, young.name)).toContainText('Speaking');

	// Consent withdrawn, they are off the stage at once.
	await own.getByRole('checkbox', { name: 'May be called on stage after raising a hand' }).uncheck();
	await own.getByRole('button', { name: `Save for ${young.name}` }).click();
	await expect(item(viewer, 'A participant')).toHaveCount(0);
	await expect(
		caller.getByText('You are under 18: you can raise your hand once your guardian has agreed')
	).toBeVisible();
});

test('lets a person who spoke from the floor withdraw recording consent, on stage and on the session’s page', async ({
	browser
}) => {
	const { people, sessions, run, slug } = stage.world;
	await stage.client.query(`update public.sessions set is_recorded = true where id = $1`, [sessions.public.id]);
	const caller = await open(browser, people.listed, 'hands');
	await caller.getByRole('checkbox', { name: /record/i }).check();
	await caller.getByRole('button', { name: 'Raise your hand' }).click();
	await expect(caller.getByText(/Your hand is up/)).toBeVisible();
	const agreed = async () =>
		(
			await stage.client.query(`select from private.floor_consents where run_id = $1 and person_id = $2`, [
				run,
				people.listed.person
			])
		).rowCount;
	expect(await agreed()).toBe(1);
	const host = await open(browser, stage.chair, 'hands');
	await item(host, people.listed.name).getByRole('button', { name: 'Call' }).click();
	await caller.getByRole('button', { name: 'Take my consent back' }).click();
	await expect(caller.getByRole('button', { name: 'Take my consent back' })).toHaveCount(0);
	expect(await agreed()).toBe(0);

	await stage.client.query(`insert into private.floor_consents (run_id, person_id) values ($1, $2)`, [
		run,
		people.listed.person
	]);
	const page = await stage.open(browser, people.listed, `/${slug}/sessions/${sessions.public.code}`);
	await expect(page.getByRole('heading', { name: 'You agreed to be recorded' })).toBeVisible();
	await page.getByRole('button', { name: 'Take my consent back' }).click();
	await expect(page.getByRole('heading', { name: 'You agreed to be recorded' })).toHaveCount(0);
	expect(await agreed()).toBe(0);
	const other = await stage.open(browser, people.delegate, `/${slug}/sessions/${sessions.public.code}`);
	await expect(other.getByRole('button', { name: 'Take my consent back' })).toHaveCount(0);
});
