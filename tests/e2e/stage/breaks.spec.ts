/* A content note that changes while people watch, and the way out of a session that is too much. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

async function write(words: string) {
	const { sessions, people, summit } = stage.world;
	await stage.client.query(
		`update public.sessions set content_note = jsonb_build_object('original', 'en', 'en', $2::text) where id = $1`,
		[sessions.public.id, words]
	);
	await stage.act(people.programme, `select public.publish_release($1)`, [summit]);
}

const markQuietRoom = () =>
	stage.client.query(
		`insert into public.rooms (summit_id, slug, name, is_quiet_room, directions, hours)
		values ($1, 'quiet', '{"original":"en","en":"Tala"}', true, '{"original":"en","en":"level 2"}', '{"original":"en","en":"open all day"}')`,
		[stage.world.summit]
	);

test('pauses picture and sound until a viewer has read the new content note, and nobody else', async ({ browser }) => {
	const { people } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	const visitor = await stage.watch(browser, null);
	for (const page of [viewer, visitor]) await expectPlaying(page, people.speaker.name);
	await write('Abuse of a child is described.');
	for (const page of [viewer, visitor]) {
		const note = page.getByRole('alertdialog', { name: 'The content note of this session has changed' });
		await expect(note).toContainText('Abuse of a child is described.');
		await expect(note).toBeFocused();
		await expect(page.locator('video, audio')).toHaveCount(0);
	}
	expect(await faultsOfPage(viewer)).toEqual([]);
	// Who is on stage is told, and goes on.
	await expect(speaker.getByText('The content note of this session has changed')).toBeVisible();
	await expect(speaker.getByRole('alertdialog')).toHaveCount(0);
	await expectPlaying(speaker, people.speaker.name);
	for (const page of [viewer, visitor]) {
		await page.getByRole('button', { name: 'I have read it, continue' }).click();
		await expectPlaying(page, people.speaker.name);
	}
	await expect
		.poll(
			async () =>
				(
					await stage.client.query(`select private.has_confirmed_notice($1, $2) as has`, [
						people.virtual.person,
						stage.world.sessions.public.id
					])
				).rows[0]
		)
		.toEqual({ has: true });
	// Who comes back has read it, until it changes again.
	await viewer.reload();
	await expect(viewer.getByRole('button', { name: 'Watch and listen', exact: true })).toBeVisible();
	await write('Abuse of a child is described, and a drawing is shown.');
	await expect(viewer.getByRole('button', { name: 'I have read this. Watch and listen' })).toBeVisible();
	await visitor.getByRole('alertdialog').getByRole('link', { name: 'Leave and take a break' }).click();
	await expect(visitor.getByRole('heading', { level: 1, name: 'Take a break' })).toBeVisible();
});

test('leaves at once for a page without the content, with a way back and somebody to talk to', async ({ browser }) => {
	const { people, slug } = stage.world;
	await markQuietRoom();
	await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	const leave = viewer.getByRole('link', { name: 'Leave and take a break' });
	await expect(leave).toHaveCount(1);
	await leave.focus();
	await viewer.keyboard.press('Enter');
	await expect(viewer).toHaveURL(`${stage.stagePath}/break`);
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	const main = viewer.getByRole('main');
	await expect(main).toContainText('The session goes on without you');
	await expect(main).toContainText('Quiet room: Tala · level 2 · open all day');
	expect(await main.innerText()).not.toContain(people.speaker.name);
	expect(await faultsOfPage(viewer)).toEqual([]);
	await viewer.getByText('Report a concern').click();
	await viewer.getByLabel('What happened').fill('It was too much.');
	await viewer.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(viewer.getByText('It has been sent.')).toBeVisible();
	const { rows } = await stage.client.query(`select session_id from private.concerns where summit_id = $1`, [
		stage.world.summit
	]);
	expect(rows).toEqual([{ session_id: stage.world.sessions.public.id }]);
	await viewer.getByRole('link', { name: 'Return to the session' }).click();
	await expect(viewer).toHaveURL(stage.stagePath);
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(viewer, people.speaker.name);

	const plain = await stage.open(browser, people.delegate, undefined, { javaScriptEnabled: false });
	await plain.getByRole('link', { name: 'Leave and take a break' }).click();
	await expect(plain.getByRole('heading', { level: 1, name: 'Take a break' })).toBeVisible();
	for (const path of ['agenda', 'talk', 'accessibility', 'rooms/plenary', 'me']) {
		await plain.goto(`/${slug}/${path}`);
		await expect(plain.getByText('Tala')).toBeVisible();
	}
});

test('keeps the way out below the picture on a phone, in Arabic too', async ({ browser }) => {
	const phone = { viewport: { width: 390, height: 844 } };
	for (const [path, name] of [
		[stage.stagePath, 'Leave and take a break'],
		[`/ar${stage.stagePath}`, 'المغادرة وأخذ استراحة']
	] as const) {
		const page = await stage.open(browser, stage.world.people.virtual, path, phone);
		const leave = page.getByRole('link', { name });
		await expect(leave).toHaveCount(1);
		await expect(leave).toBeInViewport();
		await page.mouse.wheel(0, 2000);
		await expect(leave).toBeInViewport();
		await leave.click();
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		expect(await faultsOfPage(page)).toEqual([]);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(wide).toBe(0);
	}
});

test('pauses the sound of a phone in the hall until the new content note is read', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const phone = await stage.open(browser, people.delegate, `${stage.stagePath}/listen`, {
		viewport: { width: 390, height: 844 }
	});
	await phone.getByRole('button', { name: 'Listen', exact: true }).click();
	await expect(phone.locator('audio')).toHaveCount(1);
	await write('Abuse of a child is described.');
	const note = phone.getByRole('alertdialog');
	await expect(note).toContainText('Abuse of a child is described.');
	await expect(phone.locator('audio')).toHaveCount(0);
	await expect(note.getByRole('link', { name: 'Leave and take a break' })).toBeVisible();
	await phone.getByRole('button', { name: 'I have read it, continue' }).click();
	await expect(phone.locator('audio')).toHaveCount(1);
	await expect(note).toHaveCount(0);
});
