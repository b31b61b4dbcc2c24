/* The debrief that is offered to those who worked in a session with a content note, on their page. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const small = useWorld();

test('is on the page of a speaker once the session has ended, and on nobody else’s', async ({ browser }) => {
	const { client, world } = small;
	await client.query(
		`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
		[world.sessions.public.id]
	);
	await client.query(
		`insert into public.summit_texts (summit_id, kind, body) values ($1, 'debrief', '{"original":"en","en":"At 18:00 in the room Tala."}')`,
		[world.summit]
	);
	const page = await openPage(browser, world.people.speaker, { viewport: { width: 390, height: 844 } });
	await page.goto(`/${world.slug}/speak`);
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(page.getByText('At 18:00 in the room Tala.')).toHaveCount(0);
	await client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	await page.goto(`/${world.slug}/speak`);
	await expect(page.getByRole('region', { name: 'Debrief' })).toContainText('At 18:00 in the room Tala.');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.goto(`/ar/${world.slug}/speak`);
	await expect(page.getByText('At 18:00 in the room Tala.')).toBeVisible();
	const viewer = await openPage(browser, world.people.virtual);
	await viewer.goto(`/${world.slug}/speak`);
	await expect(viewer.getByText('At 18:00 in the room Tala.')).toHaveCount(0);
	const owner = await openPage(browser, world.people.owner);
	await owner.goto(`/${world.slug}/organise/settings/texts`);
	await expect(owner.getByRole('textbox').first()).toHaveValue('At 18:00 in the room Tala.');
});
