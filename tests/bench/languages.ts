/* From choosing another language to its first audio in the listener's browser, twenty times there and back. */
import type { Page } from 'playwright';
import { callFunction, identityOf, interpretInto, makeInterpreter } from '../fixtures/interpreting.ts';
import { browserOf } from '../fixtures/livekit.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { makeWorld } from '../fixtures/world.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';

const SWITCHES = 20;

/** Measures how long a listener waits for the audio of another language. */
export async function measureLanguages(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	await interpretInto(client, world, 'fr', 'es');
	const browser = await launchMedia();
	try {
		const address = `${stack.origin}/${world.slug}/live/plenary`;
		const voices: Record<string, string> = {};
		for (const language of ['fr', 'es']) {
			const who = await makeInterpreter(client, world, `Interpreter ${language}`, language);
			await callFunction(client, who, 'take_booth', world.run, language);
			const { page } = await browserOf(browser, stack.variables, who);
			await page.goto(`${address}/booth/${language}`);
			await page.getByRole('button', { name: 'Enter the booth' }).click();
			await page.getByText('You are on air').waitFor();
			voices[language] = await identityOf(client, world.run, who);
		}
		const { page } = await browserOf(browser, stack.variables, null);
		await page.goto(`${address}/listen`);
		await page.getByRole('button', { name: 'Listen' }).click();
		await page.getByText('You are listening').waitFor();
		const waits: number[] = [];
		for (let turn = 0; turn < SWITCHES; turn++) {
			const [name, language] = turn % 2 === 0 ? (['French', 'fr'] as const) : (['Spanish', 'es'] as const);
			waits.push(await firstSound(page, name, voices[language] ?? ''));
			// The fake microphone beeps once a second: each switch meets it at another moment.
			await page.waitForTimeout(700 + turn * 37);
		}
		print(`Language switch to sound, ${SWITCHES} times`, [
			{ what: 'p50', value: ms(percentile(waits, 0.5)), aim: '500 ms' },
			{ what: 'p95', value: ms(percentile(waits, 0.95)), aim: '500 ms' }
		]);
	} finally {
		await browser.close();
		await client.end();
	}
}

/** Clicks in the page, and waits there until media of that voice are played: decoded samples, silent or not. */
async function firstSound(page: Page, name: string, identity: string): Promise<number> {
	const radio = page.getByRole('radio', { name: new RegExp(name) });
	return radio.evaluate(
		(element: HTMLInputElement, voice) =>
			new Promise<number>((done) => {
				const began = performance.now();
				const look = () => {
					const audio = document.querySelector<HTMLAudioElement>(`audio[data-identity="${voice}"]`);
					if (audio && audio.currentTime > 0 && !audio.paused) done(performance.now() - began);
					else requestAnimationFrame(look);
				};
				element.click();
				look();
			}),
		identity
	);
}
