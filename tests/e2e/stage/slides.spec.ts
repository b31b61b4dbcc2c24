/* Slides as pages of a PDF, and the stage desk with all rooms. */
import type { Browser, Page } from '@playwright/test';
import { renderPdf } from '../../../src/lib/files/server/pdf.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();
const slide = (page: Page, number: number) => page.getByRole('img', { name: `Page ${number} of 3` });

/** The speaker uploads a PDF of three pages on the page of their session. */
async function bringSlides(browser: Browser): Promise<void> {
	const { people, sessions, slug } = stage.world;
	const words = [1, 2, 3].map((number) => `= Slide ${number}\n#lorem(40)`).join('\n#pagebreak()\n');
	const buffer = await renderPdf(`#set page(paper: "presentation-16-9")\n${words}`, { lang: 'en', title: 'Slides' });
	const { rows } = await stage.client.query<{ id: string }>(
		`select id from public.session_people where session_id = $1 and person_id = $2`,
		[sessions.public.id, people.speaker.person]
	);
	const page = await stage.open(browser, people.speaker, `/${slug}/speak/${rows[0]?.id}/files`, {
		javaScriptEnabled: false
	});
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name: 'Figures.pdf', mimeType: 'application/pdf', buffer });
	await page.getByRole('button', { name: 'Upload', exact: true }).click();
	await expect(page.getByText('The file is here.')).toBeVisible();
}

test('shows everyone the slide that a speaker turns to, beside the speaker', async ({ browser }) => {
	const { people } = stage.world;
	await bringSlides(browser);
	const speaker = await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	await speaker.getByRole('button', { name: 'Show: Figures.pdf' }).click();
	await expect(slide(viewer, 1)).toBeVisible();
	await expect
		.poll(() => slide(viewer, 1).evaluate((image: HTMLImageElement) => image.naturalWidth))
		.toBeGreaterThan(1000);
	await expectPlaying(viewer, people.speaker.name);
	await speaker.getByRole('button', { name: 'Next page' }).click();
	await expect(slide(viewer, 2)).toBeVisible();
	await speaker.keyboard.press('PageUp');
	await expect(slide(viewer, 1)).toBeVisible();
	// Two presses turn two slides, however quick.
	await speaker.keyboard.press('PageDown');
	await speaker.keyboard.press('PageDown');
	await expect(slide(viewer, 3)).toBeVisible();
	// A captioner sees the slide, too.
	const captioner = await stage.open(browser, people.stage, `${stage.stagePath}/captions/en`);
	await captioner.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(slide(captioner, 3)).toBeVisible();
	// A slide is loaded once, and permission is checked again: a person who may no longer watch gets none.
	const address = await slide(viewer, 3).getAttribute('src');
	const answer = await viewer.request.get(address ?? '');
	expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/webp']);
	expect((await answer.body()).length).toBeLessThan(100_000);
	await stage.act(stage.chair, `select public.lock_entry($1, 'people')`, [stage.world.run]);
	expect((await viewer.request.get(address ?? '')).status()).toBe(404);
	await speaker.getByRole('button', { name: 'Stop showing slides' }).click();
	await expect.poll(async () => (await speaker.request.get(address ?? '')).status()).toBe(404);
});

test('shows stage organisers every room with its warnings, and lets them act on it', async ({ browser }) => {
	const { people, slug } = stage.world;
	const path = `/${slug}/live/desk`;
	const desk = await stage.open(browser, people.stage, path);
	const room = desk.getByRole('article', { name: stage.world.sessions.public.title });
	await expect(room.getByText('No host is here.')).toBeVisible();
	await expect(room.getByText('nobody on stage is connected')).toBeVisible();
	const host = await stage.open(browser, stage.chair, stage.backstagePath);
	await host.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(room.getByText('Chair · in the green room')).toBeVisible({ timeout: 20_000 });
	await expect(room.getByText('No host is here.')).toHaveCount(0);
	await room.getByRole('button', { name: 'Pause' }).click();
	await expect(room.getByRole('button', { name: 'Go on', exact: true })).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	for (const who of [people.delegate, people.programme, stage.chair]) {
		const { page, context } = await browserOf(browser, variables, who);
		expect((await page.goto(path))?.status()).toBe(403);
		await context.close();
	}
});
