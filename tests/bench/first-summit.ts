/* From an empty installation to open registration and a first published agenda: clicks, typed characters and seconds. */
import { chromium } from '@playwright/test';
import { chromiumPath } from '../fixtures/media-browser.ts';
import { setUpFirstSummit } from '../fixtures/first-summit.ts';
import { openSession } from '../fixtures/sessions.ts';
import { startStack } from '../fixtures/summit.ts';
import { secondsOfPerson } from './pace.ts';
import { ms, print } from './report.ts';
import { ownerOf } from './summit.ts';

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
		const effort = await setUpFirstSummit(page, summit);
		const took = performance.now() - began;
		print('From an empty installation to open registration and a published agenda', [
			{ what: 'clicks', value: String(effort.clicks) },
			{ what: 'typed characters', value: String(effort.characters) },
			{ what: 'the pages themselves', value: ms(took) },
			{
				what: 'a person at 30 words a minute',
				value: `${(secondsOfPerson(effort, took) / 60).toFixed(1)} min`,
				aim: '10 min'
			}
		]);
	} finally {
		await browser.close();
		await stack.stop();
	}
}
