/* From an empty installation to open registration and a first published agenda: clicks, typed characters and seconds. */
import { chromium } from '@playwright/test';
import { chromiumPath } from '../fixtures/media-browser.ts';
import { setUpFirstSummit } from '../fixtures/first-summit.ts';
import { openSession } from '../fixtures/sessions.ts';
import { startStack } from '../fixtures/summit.ts';
import { ms, print } from './report.ts';
import { ownerOf } from './summit.ts';

// A person who types 30 words of five letters a minute, and needs three seconds to read and aim before a click.
const pace = { characters: 150 / 60, click: 3 };

/** Walks in a browser, at a stack of its own that has no Summit. */
export async function measureFirstSummit(): Promise<void> {
	const stack = await startStack();
	const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
	try {
		const session = await openSession(stack.variables, 'first.owner@example.org');
		const client = await ownerOf(stack.variables);
		await client.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [session.person]);
		await client.end();
		const context = await browser.newContext({ baseURL: stack.origin });
		await context.addCookies(session.cookies.map((cookie) => ({ ...cookie, url: stack.origin })));
		const page = await context.newPage();
		await page.goto('/account/start');
		const began = performance.now();
		const summit = { name: 'Summit of the Harbours', slug: 'harbours', session: 'Opening plenary' };
		const { clicks, characters } = await setUpFirstSummit(page, summit);
		const took = performance.now() - began;
		const minutes = (characters / pace.characters + clicks * pace.click + took / 1000) / 60;
		print('From an empty installation to open registration and a published agenda', [
			{ what: 'clicks', value: String(clicks) },
			{ what: 'typed characters', value: String(characters) },
			{ what: 'the pages themselves', value: ms(took) },
			{ what: 'a person at 30 words a minute', value: `${minutes.toFixed(1)} min`, aim: '10 min' }
		]);
	} finally {
		await browser.close();
		await stack.stop();
	}
}
