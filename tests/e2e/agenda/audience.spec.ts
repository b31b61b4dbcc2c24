/* A closed session opens to a member and to a person that its organiser lists by name, with and without JavaScript. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

let member: string;
const small = useWorld(async ({ client, world }) => {
	member = await readValue(client, 'select name from public.members where id = $1', [world.member]);
});

async function add(page: Page, query: string, choice: RegExp): Promise<void> {
	const section = page.getByRole('region', { name: 'Listed by name' });
	await section.getByLabel('Member or person').fill(query);
	await section.getByRole('button', { name: 'Find a member or a person' }).click();
	await section.getByRole('radio', { name: choice }).check();
	await section.getByRole('button', { name: 'Add to the list' }).click();
	await expect(page.getByText('Who is listed is changed.')).toBeVisible();
}

for (const script of [true, false]) {
	test(`lists a member and a person, and removes them${script ? '' : ', without JavaScript'}`, async ({ browser }) => {
		const { people, slug, sessions } = small.world;
		const options = { javaScriptEnabled: script };
		const { page: reader } = await browserOf(browser, variables, people.delegate, options);
		const path = `/${slug}/sessions/${sessions.closed.code}`;
		expect((await reader.goto(path))?.status()).toBe(404);
		const { page } = await browserOf(browser, variables, people.programme, options);
		await page.goto(`/${slug}/organise/agenda/${sessions.closed.id}`);
		await add(page, member, new RegExp(`^${member}`));
		await add(page, people.virtual.name, new RegExp(`^${people.virtual.name}`));
		const section = page.getByRole('region', { name: 'Listed by name' });
		await expect(section.getByRole('listitem').filter({ hasText: 'Member: all who are registered' })).toContainText(
			member
		);
		await expect(section.getByRole('listitem').filter({ hasText: people.virtual.name })).toContainText('Person');
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		expect((await reader.goto(path))?.status()).toBe(200);
		await section.getByRole('button', { name: `Remove: ${member}` }).click();
		await expect(section.getByText(member)).toHaveCount(0);
		expect((await reader.goto(path))?.status()).toBe(404);
	});
}
