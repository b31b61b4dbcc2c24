/* From the click on join to the first frame of a speaker who publishes, in a browser, twenty times. */
import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright';
import { browserOf } from '../fixtures/livekit.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { makeWorld } from '../fixtures/world.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';

const JOINS = 20;

/** Measures how long a viewer waits for the picture. */
export async function measureStage(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	await client.end();
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM_PATH ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined),
		args: [
			'--no-sandbox',
			'--use-fake-device-for-media-stream',
			'--use-fake-ui-for-media-stream',
			'--autoplay-policy=no-user-gesture-required'
		]
	});
	try {
		const address = `${stack.origin}/${world.slug}/live/plenary`;
		const speaker = (await browserOf(browser, stack.variables, world.people.speaker)).page;
		await speaker.goto(`${address}/backstage/${world.sessions.public.code}`);
		await speaker.getByRole('button', { name: 'Enter the green room' }).click();
		await speaker.getByRole('button', { name: 'Go on stage' }).click();
		await speaker.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
		const waits: number[] = [];
		for (let join = 0; join < JOINS; join++) {
			const { page } = await browserOf(browser, stack.variables, world.people.virtual);
			await page.goto(address);
			// As long as a person needs to find the button.
			await page.waitForTimeout(1500);
			waits.push(await firstFrame(page));
			await page.context().close();
		}
		print(`Join to first frame, ${JOINS} times`, [
			{ what: 'p50', value: ms(percentile(waits, 0.5)), aim: '500 ms' },
			{ what: 'p95', value: ms(percentile(waits, 0.95)), aim: '500 ms' }
		]);
	} finally {
		await browser.close();
	}
}

/** Clicks in the page and waits there, so that no remote control is measured. */
async function firstFrame(page: Page): Promise<number> {
	const button = page.getByRole('button', { name: 'Watch and listen' });
	await button.hover();
	return button.evaluate(
		(element: HTMLElement) =>
			new Promise<number>((done) => {
				const began = performance.now();
				const watched = new WeakSet<HTMLVideoElement>();
				const look = () => {
					for (const video of document.querySelectorAll('video')) {
						if (watched.has(video)) continue;
						watched.add(video);
						video.requestVideoFrameCallback(() => done(performance.now() - began));
					}
					requestAnimationFrame(look);
				};
				look();
				element.click();
			})
	);
}
