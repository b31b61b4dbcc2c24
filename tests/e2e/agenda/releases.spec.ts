/*
 * Releases: previewed, published and announced by mail; live changes from a phone while the screen at a room's door shows them; sign-up
 * sessions; and a personal agenda that works offline.
 */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const phone = { viewport: { width: 390, height: 844 } };

// Each test uses several browsers.
test.describe.configure({ timeout: 150_000 });

const small = useWorld();

const rename = (title: string) =>
	small.client.query(
		`update public.sessions set title = jsonb_build_object('original', 'en', 'en', $2::text) where id = $1`,
		[small.world.sessions.public.id, title]
	);

/** The change mails sent to the people of the Summit. */
async function notified(): Promise<{ name: string; kinds: string[] }[]> {
	const { rows } = await small.client.query<{ name: string; kinds: string[] }>(
		`select p.display_name as name, array(select jsonb_array_elements_text(c -> 'kinds') from jsonb_array_elements(o.params -> 'changes') as c) as kinds
		from private.outbox as o join public.people as p on p.id = o.person_id
		where o.template = 'agenda_changes' and o.summit_id = $1 order by o.created_at, p.display_name`,
		[small.world.summit]
	);
	return rows;
}

test('previews whom a release concerns, publishes it once, announces it by mail, and compares it with the previous one', async ({
	browser
}) => {
	const { people, slug, sessions } = small.world;
	await small.client.query('delete from private.pending_agenda_changes where summit_id = $1', [small.world.summit]);
	const delegate = await openPage(browser, people.delegate, { javaScriptEnabled: false });
	await delegate.goto(`/${slug}/sessions/${sessions.public.code}`);
	await delegate.getByRole('button', { name: 'Add to my agenda' }).click();
	await expect(delegate.getByRole('button', { name: 'In my agenda' })).toBeVisible();
	await rename('A title for the hall');

	const page = await openPage(browser, people.programme);
	await page.goto(`/${slug}/organise/agenda/release`);
	await expect(page.getByRole('listitem').filter({ hasText: 'A title for the hall' })).toContainText('New title');
	await page.getByText('Show them').click();
	await expect(page.getByRole('row').filter({ hasText: people.delegate.name })).toContainText('by mail');
	expect(await faultsOfPage(page)).toEqual([]);

	// Another organiser publishes meanwhile: this one is shown that, and nothing is published twice.
	await actAs(small.client, people.programme, 'select public.publish_release($1)', [small.world.summit]);
	await page.getByLabel('A note to readers (English)').fill('The title says more now.');
	await page.getByRole('button', { name: 'Make release 2 public' }).click();
	await expect(page.getByText(`${people.programme.name} published release 2 meanwhile.`).first()).toBeVisible();
	await rename('A better title for the hall');
	// From the board, without leaving it.
	const dialog = page.getByRole('dialog', { name: 'Release 3' });
	await expect(async () => {
		// Before the page's script is there, the link leads to the page of releases.
		await page.goto(`/${slug}/organise/agenda`);
		await page.getByRole('link', { name: 'Publish', exact: true }).click();
		await expect(dialog).toBeVisible();
	}).toPass();
	await expect(dialog.getByRole('listitem').filter({ hasText: 'A better title for the hall' })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await expect(page).toHaveURL(new RegExp(`/${slug}/organise/agenda$`));
	await dialog.getByLabel('A note to readers (English)').fill('The title says more now.');
	await dialog.getByRole('button', { name: 'Make release 3 public' }).click();
	await expect(page.getByText('Release 3 is public.')).toBeVisible();
	await expect(dialog).toHaveCount(0);

	await delegate.goto(`/${slug}/agenda/changes?from=1&to=3`);
	const change = delegate.getByRole('listitem').filter({ hasText: 'A better title for the hall' });
	await expect(change).toContainText(sessions.public.title);
	await expect(delegate.getByText('The title says more now.')).toBeVisible();
	expect(await notified()).toEqual([]);
	await small.client.query('update private.agenda_digests set due_at = now() where summit_id = $1', [
		small.world.summit
	]);
	// As the worker does every minute.
	await small.client.query('select private.send_digests()');
	// The speaker has no address in this Summit.
	await expect.poll(notified).toEqual([{ name: people.delegate.name, kinds: ['renamed'] }]);
	const reader = await openPage(browser, null, phone);
	await reader.goto(`/ar/${slug}/agenda/changes`);
	await expect(reader.getByRole('heading', { level: 1 })).toHaveText('ما الذي تغيّر');
	expect(await faultsOfPage(reader)).toEqual([]);
});

test('moves a session from a phone on the day, and updates the screen at the door, also after a lost connection', async ({
	browser
}) => {
	const { people, slug, sessions } = small.world;
	const { rows } = await small.client.query<{ slug: string }>('select slug from public.rooms where id = $1', [
		small.world.room
	]);
	const room = rows[0]?.slug ?? '';
	const organiser = await openPage(browser, people.programme, { ...phone, javaScriptEnabled: false });
	await organiser.goto(`/${slug}/organise/agenda/now/screens`);
	await organiser.getByLabel('Room').selectOption(room);
	await organiser.getByLabel('Monitor').fill('Left of the door');
	await organiser.getByRole('button', { name: 'Make the link' }).click();
	const link = (await organiser.getByText(`/${slug}/rooms/`).textContent()) ?? '';

	const screen = await openPage(browser, null, { viewport: { width: 1440, height: 900 } });
	await screen.goto(link.trim());
	const shown = screen.getByRole('listitem').filter({ visible: true });
	await expect(shown.first()).toContainText(sessions.public.title);
	await expect(shown.filter({ hasText: 'Closed session' })).toHaveCount(1);
	await expect(screen.getByText(sessions.closed.title)).toHaveCount(0);
	await expectWholePage(screen);
	const visitor = await openPage(browser, null, phone);
	await visitor.goto(`/${slug}/rooms/${room}`);
	await expect(visitor.getByRole('listitem')).toHaveCount(1);
	expect(await faultsOfPage(visitor)).toEqual([]);

	await screen.context().setOffline(true);
	await expect(screen.getByText('No connection. This is the state of')).toBeVisible();
	await expect(shown.first()).toContainText(sessions.public.title);

	await organiser.goto(`/${slug}/organise/agenda/now`);
	await organiser.getByRole('link', { name: sessions.members.title }).click();
	await organiser.getByLabel('It is cancelled').check();
	await organiser.getByRole('button', { name: 'Change it now, for everyone' }).click();
	await expect(organiser.getByText('Release 2 is public.')).toBeVisible();
	await screen.context().setOffline(false);
	await expect(shown.filter({ hasText: sessions.members.title })).toContainText('Cancelled');
	await expect(screen.getByText('No connection. This is the state of')).toBeHidden();

	const script = await openPage(browser, people.programme, phone);
	await script.goto(`/${slug}/organise/agenda/now?session=${sessions.public.id}`);
	expect(await faultsOfPage(script)).toEqual([]);
	await script
		.getByLabel('Who does not come')
		.or(script.getByRole('checkbox', { name: people.speaker.name }))
		.first()
		.check();
	await script.getByRole('button', { name: 'Change it now, for everyone' }).click();
	await expect(script.getByText('Release 3 is public.')).toBeVisible();
	await expect(shown.first()).not.toContainText(people.speaker.name);

	await organiser.goto(`/${slug}/organise/agenda/now/screens`);
	await organiser.getByRole('button', { name: 'Take back Left of the door' }).click();
	expect((await visitor.goto(link.trim()))?.status()).toBe(404);
});

/** What a browser stores of my agenda. */
const stored = (page: Page) =>
	page.evaluate<string[]>(
		`caches.has('my-agenda').then(async (has) => has ? (await (await caches.open('my-agenda')).keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.endsWith('/me/agenda')) : [])`
	);

async function agendaOf(browser: Browser): Promise<Page> {
	const page = await openPage(browser, small.world.people.listed, phone);
	await page.goto(`/${small.world.slug}/me/agenda`);
	await expect.poll(() => stored(page), { timeout: 15_000 }).toEqual([`/${small.world.slug}/me/agenda`]);
	return page;
}

test('takes and gives back a place in a session, and shows my agenda offline until sign-out', async ({ browser }) => {
	const { people, slug, sessions } = small.world;
	await actAs(small.client, people.programme, 'select public.set_session_places($1, null, 1)', [sessions.members.id]);
	const path = `/${slug}/sessions/${sessions.members.code}`;
	const first = await openPage(browser, people.virtual, { javaScriptEnabled: false });
	await first.goto(path);
	await first.getByRole('button', { name: 'Take a place online' }).click();
	await expect(first.getByText('You have a place online.')).toBeVisible();
	const next = await openPage(browser, people.listed, phone);
	await next.goto(path);
	await next.getByRole('button', { name: 'Wait for a place online' }).click();
	await expect(next.getByText('You wait for a place. Your turn: 1.')).toBeVisible();
	expect(await faultsOfPage(next)).toEqual([]);
	await first.getByRole('button', { name: 'Give the place back' }).click();
	await expect(first.getByRole('button', { name: 'Wait for a place online' })).toBeVisible();

	await small.client.query('insert into public.agenda_marks (person_id, session_id) values ($1, $2)', [
		people.listed.person,
		sessions.closed.id
	]);
	const page = await agendaOf(browser);
	await expect(page.getByText('You have a place online.')).toBeVisible();
	await expect(page.getByRole('link', { name: sessions.closed.title })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.context().setOffline(true);
	await page.goto(`/${slug}/me/agenda`);
	await expect(page.getByText('Kept on this device:')).toBeVisible();
	await expect(page.getByRole('link', { name: sessions.members.title })).toBeVisible();
	// A closed session was never stored.
	expect(await page.content()).not.toContain(sessions.closed.title);
	await page.context().setOffline(false);
	await page.goto(`/${slug}/me/agenda`);
	await expect(page.getByRole('link', { name: sessions.closed.title })).toBeVisible();
	await expect(page.getByText('Kept on this device:')).toHaveCount(0);

	await page.goto('/sign-out');
	await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
	await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();
	await expect.poll(() => stored(page)).toEqual([]);
	await page.context().setOffline(true);
	await expect(page.goto(`/${slug}/me/agenda`)).rejects.toThrow();
});
