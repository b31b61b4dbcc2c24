/* Seats that become free go to the queue, as the people who wait see it. */
import { openPage } from '../../fixtures/open-page.ts';
import { callAs, register } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { makeOpenSummit } from '../../fixtures/registration-pages.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

test('gives the only seat to the next in the queue when its holder withdraws', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client, 1);
	const [first, second] = [await makePerson(db.client, 'First Comer'), await makePerson(db.client, 'Second Comer')];
	const one = await register(db.client, first, summit.summit, summit.members[0] ?? '');
	const two = await register(db.client, second, summit.summit, summit.members[0] ?? '');
	expect([one.status, two.status]).toEqual(['held', 'queued']);
	const waiting = await openPage(browser, second);
	await waiting.goto(`/${summit.slug}/me`);
	await expect(waiting.getByText('You are number 1 in the queue for a seat in the hall.')).toBeVisible();
	const leaving = await openPage(browser, first);
	await leaving.goto(`/${summit.slug}/me/withdraw`);
	await leaving.getByRole('button', { name: 'Withdraw' }).click();
	await expect(leaving.getByText('You no longer take part. The seat went back.')).toBeVisible();
	await expect(waiting.getByText(/We hold a seat for you until/)).toBeVisible();
});

test('accepts an offer from the queue, and gives the online seat back', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client, 1);
	const [holder, mover] = [
		await makePerson(db.client, 'Holder of the seat'),
		await makePerson(db.client, 'Mover to the hall')
	];
	const held = await register(db.client, holder, summit.summit, summit.members[0] ?? '');
	const online = await register(db.client, mover, summit.summit, summit.members[0] ?? '', 'virtual');
	await callAs(db.client, summit.organiser, `public.decide_registrations(array[$1, $2]::uuid[], 'accredit', '')`, [
		held.id,
		online.id
	]);
	const page = await openPage(browser, mover);
	await page.goto(`/${summit.slug}/me/switch`);
	await page.getByRole('button', { name: 'Join the queue' }).click();
	await expect(page.getByText('You are in the queue, and keep your present seat.')).toBeVisible();
	await callAs(db.client, holder, `public.withdraw_registration($1)`, [held.id]);
	await expect(page.getByText('A seat is free for you')).toBeVisible();
	await page.getByRole('button', { name: 'Accept the seat' }).click();
	await expect(page.getByText('You have accepted the seat.')).toBeVisible();
	await expect(page.getByText('You have a seat in the hall. You can book travel now.')).toBeVisible();
	const seats = await db.client.query(`select mode, state from public.seats where registration_id = $1 order by mode`, [
		online.id
	]);
	expect(seats.rows).toEqual([
		{ mode: 'in_person', state: 'taken' },
		{ mode: 'virtual', state: 'released' }
	]);
});
