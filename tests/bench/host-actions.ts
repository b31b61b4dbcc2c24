/* The time from a host's act to its effect on a viewer's page: another layout, a muted microphone, a locked room. */
import type { Browser, Page } from 'playwright';
import { browserOf } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { actAs, makeWorld, type World } from '../fixtures/world.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const TIMES = 15;

/** Measures layout, mute and lock, to their effect on a page. */
export async function measureHostActions(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	const browser = await launchMedia();
	const act = (sql: string, ...values: unknown[]) => actAs(client, world.people.stage, sql, [world.run, ...values]);
	try {
		const page = await openPages(browser, stack, world);
		const { rows } = await client.query<{ code: string }>(`select code from public.people where id = $1`, [
			world.people.speaker.person
		]);
		const code = rows[0]?.code;
		const layout = (name: string) => act(`select public.set_stage_layout($1, $2)`, name);
		const microphone = (on: boolean) => act(`select public.allow_microphone($1, $2, $3)`, code, on);
		const lock = (whom: string | null) => act(`select public.lock_entry($1, $2)`, whom);
		const [layouts, mutes, locks]: [number[], number[], number[]] = [[], [], []];
		for (let turn = 0; turn < TIMES; turn++) {
			layouts.push(await until(page, '.screen .equal', true, () => layout('panel')));
			layouts.push(await until(page, '.screen .equal', false, () => layout('speaker')));
			mutes.push(await until(page, 'audio', false, () => microphone(false)));
			await microphone(true);
			await page.locator('audio').first().waitFor({ state: 'attached' });
			locks.push(await until(page, 'video', false, () => lock('people')));
			await lock(null);
			await page.getByRole('button', { name: 'Watch and listen' }).or(page.locator('video')).first().waitFor();
			if ((await page.locator('video').count()) === 0)
				await page
					.getByRole('button', { name: 'Watch and listen' })
					.click({ timeout: 5000 })
					.catch(() => undefined);
			await page.locator('video').first().waitFor({ state: 'attached' });
			await page.locator('audio').first().waitFor({ state: 'attached' });
		}
		print(`A host’s act to its effect on a viewer’s page, ${TIMES} times`, [
			...spread('layout', layouts),
			...spread('microphone taken away', mutes),
			...spread('entry locked, picture gone', locks)
		]);
	} finally {
		await browser.close();
		await client.end();
	}
}

async function openPages(browser: Browser, stack: TestSummit, world: World): Promise<Page> {
	const address = `${stack.origin}/${world.slug}/live/plenary`;
	const speaker = (await browserOf(browser, stack.variables, world.people.speaker)).page;
	await speaker.goto(`${address}/backstage/${world.sessions.public.code}`);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await speaker.getByRole('button', { name: 'Go on stage' }).click();
	await speaker.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
	const { page } = await browserOf(browser, stack.variables, world.people.delegate);
	await page.goto(address);
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await page.getByLabel(`Picture of ${world.people.speaker.name}`).waitFor();
	await page.locator('audio').first().waitFor({ state: 'attached' });
	return page;
}

/** Milliseconds from the act until the page has such an element, or has none; checked in the page, each frame. */
async function until(page: Page, selector: string, isThere: boolean, act: () => Promise<unknown>): Promise<number> {
	const seen = page.evaluate(
		([what, wanted]) =>
			new Promise<number>((done, refuse) => {
				const end = Date.now() + 20_000;
				const look = setInterval(() => {
					if (Date.now() > end) refuse(new Error(`${what} did not change.`));
					else if ((document.querySelector(what) !== null) !== wanted) return;
					else done(Date.now());
					clearInterval(look);
				}, 4);
			}),
		[selector, isThere] as const
	);
	const began = Date.now();
	await act();
	return (await seen) - began;
}

function spread(what: string, waits: number[]): Figure[] {
	return [
		{ what: `${what}, p50`, value: ms(percentile(waits, 0.5)), aim: '1000 ms' },
		{ what: `${what}, p95`, value: ms(percentile(waits, 0.95)), aim: '1000 ms' }
	];
}
