/* Changing between in person and virtual: with a seat, without one, and with a fee. */
import { openPage } from '../../fixtures/open-page.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { makePayers, orderOf } from '../../fixtures/paying.ts';
import {
	callAs,
	makeSummit,
	register,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useClient();

const phone = { viewport: { width: 390, height: 844 } };

test.describe.configure({ timeout: 240_000 });

const slugOf = (summit: string) =>
	readValue<string>(db.client, 'select slug from public.summits where id = $1', [summit]);

async function confirmed(s: RegisteringSummit, name: string, mode: 'in_person' | 'virtual') {
	const who = await makePerson(db.client, name);
	const { id } = await register(db.client, who, s.summit, s.members[0] ?? '', mode);
	await callAs(db.client, s.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
	return { who, id };
}

const seatsOf = (id: string) =>
	readValue<string>(
		db.client,
		`select string_agg(mode || ' ' || state, ', ' order by mode) from public.seats where registration_id = $1 and state <> 'released'`,
		[id]
	);

for (const script of [true, false]) {
	test(`gives the reason and a place in the queue when no seat is free, keeps the present seat, then moves${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const s = await makeSummit(db.client, { hall: 1 });
		const slug = await slugOf(s.summit);
		const [holder, mover] = [
			await confirmed(s, 'Holder in the hall', 'in_person'),
			await confirmed(s, 'Mover from online', 'virtual')
		];
		const page = await openPage(browser, mover.who, { ...phone, javaScriptEnabled: script });
		await page.goto(`/${slug}/me`);
		await page.getByRole('link', { name: 'Switch to the hall' }).click();
		await expect(page.getByText(/All seats are taken\./)).toBeVisible();
		await expect(page.getByText('keep your present seat until one is.')).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Join the queue' }).click();
		await expect(page.getByText('You are in the queue, and keep your present seat.')).toBeVisible();
		expect(await seatsOf(mover.id)).toBe('virtual taken');

		// The other person goes online, by a form on their own page.
		const leaving = await openPage(browser, holder.who, { ...phone, javaScriptEnabled: script });
		await leaving.goto(`/${slug}/me/switch`);
		await expect(leaving.getByText('There is nothing to pay, and nothing goes back.')).toBeVisible();
		if (script) expect(await faultsOfPage(leaving)).toEqual([]);
		await leaving.getByRole('button', { name: 'Switch to online' }).click();
		await expect(leaving.getByText('You take part online now.')).toBeVisible();
		const badges = `select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null`;
		expect(await readValue(db.client, badges, [holder.id])).toBe(0);

		if (!script) await page.goto(`/${slug}/me`);
		await expect(page.getByText('A seat is free for you')).toBeVisible();
		await page.getByRole('button', { name: 'Accept the seat' }).click();
		await expect(page.getByText('You have accepted the seat.')).toBeVisible();
		expect(await seatsOf(mover.id)).toBe('in_person taken');
		expect(await readValue(db.client, badges, [mover.id])).toBe(1);
	});
}

test('changes nothing and offers the queue when the last seat goes while the page is open', async ({ browser }) => {
	const s = await makeSummit(db.client, { hall: 1 });
	const slug = await slugOf(s.summit);
	const mover = await confirmed(s, 'Mover from online', 'virtual');
	const page = await openPage(browser, mover.who, { javaScriptEnabled: false });
	await page.goto(`/${slug}/me/switch`);
	await confirmed(s, 'Faster Delegate', 'in_person');
	await page.getByRole('button', { name: 'Switch to the hall' }).click();
	await expect(page.getByText('No seat is free, so nothing was changed.')).toBeVisible();
	expect(await seatsOf(mover.id)).toBe('virtual taken');
	await page.getByRole('button', { name: 'Join the queue' }).click();
	await expect(page.getByText('You are in the queue, and keep your present seat.')).toBeVisible();
});

test('refunds by the rule what costs less, and takes payment first for what costs more', async ({ browser }) => {
	const s = await makePayers(db.client, 1);
	const slug = await slugOf(s.summit);
	const [who, id = ''] = [s.people[0] as TestPerson, s.registrations[0]];
	const order = await orderOf(db.client, id);
	const bank = `public.record_bank_payment($1, 5000, 'EUR', current_date, 'E2E-1')`;
	await callAs(db.client, s.finance, bank, [order]);
	expect(await stateOf(db.client, id)).toBe('confirmed');
	const page = await openPage(browser, who, phone);
	await page.goto(`/${slug}/me/switch`);
	// These Summits refund half.
	await expect(page.getByText('€25.00 of what you paid goes back to you, by the rules of this Summit.')).toBeVisible();
	await page.getByRole('button', { name: 'Switch to online' }).click();
	await expect(page.getByText('You take part online now.')).toBeVisible();
	expect(
		await readValue(db.client, 'select sum(amount)::integer from public.refunds where order_id = $1', [order])
	).toBe(2500);
	await page.goto(`/${slug}/me/switch`);
	await expect(page.getByText(/^You pay €25\.00 more\. Your present seat stays until it is paid\.$/)).toBeVisible();
	await page.getByRole('button', { name: 'Switch to the hall' }).click();
	await expect(page.getByText('The seat is kept for you. Pay to confirm it.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Pay €25.00' })).toBeVisible();
	expect(await seatsOf(id)).toBe('in_person held, virtual taken');
});
