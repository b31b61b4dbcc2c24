/* What the tasks of ten roles ask of a person at the sample: clicks, typed characters, pages and seconds. */
import type { Browser } from '@playwright/test';
import { personAt, type Effort } from '../fixtures/effort.ts';
import { launchMedia } from '../fixtures/media-browser.ts';
import { signInAs } from '../fixtures/sample.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { secondsOfPerson } from './pace.ts';
import { ms } from './report.ts';
import { prepareTasks, tasks, type Task, type TaskWorld } from './role-tasks.ts';
import { ownerOf } from './summit.ts';

interface Measured extends Effort {
	task: string;
	took: number;
}

/** Walks through each task in a browser of its own, from the page on which the person lands after signing in. */
export async function measureTasks(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const browser = await launchMedia([], { pictures: 5 });
	try {
		const world = { ...(await prepareTasks(client, stack)), browser };
		const measured: Measured[] = [];
		for (const task of tasks) measured.push(await measureTask(browser, stack.origin, task, world));
		printTable(measured);
	} finally {
		await browser.close();
		await client.end();
	}
}

async function measureTask(browser: Browser, origin: string, task: Task, world: TaskWorld): Promise<Measured> {
	const context = await browser.newContext({
		baseURL: origin,
		viewport: { width: 1440, height: 900 },
		locale: 'en-GB'
	});
	const page = await context.newPage();
	if (task.as) await signInAs(page, task.as);
	else await page.goto(task.from ?? '/');
	await page.waitForLoadState('networkidle');
	await task.before?.(world);
	const person = personAt(page);
	const began = performance.now();
	try {
		await task.walk(person, world);
	} catch (cause) {
		throw new Error(`${task.what}: failed at ${page.url()}`, { cause });
	}
	const took = performance.now() - began;
	await context.close();
	return { task: task.what, took, ...person.effort };
}

function printTable(measured: Measured[]): void {
	const wide = Math.max(...measured.map(({ task }) => task.length));
	const row = (task: string, ...cells: string[]) =>
		console.log(`  ${task.padEnd(wide)}${cells.map((cell) => cell.padStart(12)).join('')}`);
	console.log('\nTasks of the roles at the sample, from the page where each lands');
	row('', 'clicks', 'characters', 'pages', 'machine', 'a person');
	for (const { task, took, ...effort } of measured) {
		const { clicks, characters, pages } = effort;
		const seconds = `${Math.round(secondsOfPerson(effort, took))} s`;
		row(task, String(clicks), String(characters), String(pages), ms(took), seconds);
	}
}
