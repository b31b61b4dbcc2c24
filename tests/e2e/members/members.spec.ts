/* An organiser imports members from a file, changes seat quotas after a preview, and sees the queue move. */
import { randomUUID } from 'node:crypto';
import { openPage } from '../../fixtures/open-page.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { makeSummit, register, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

const phone = { viewport: { width: 390, height: 844 } };

test.describe.configure({ timeout: 240_000 });

let s: RegisteringSummit;
let base: string;

test.beforeEach(async () => {
	s = await makeSummit(db.client, { hall: 3, ceilings: { civil_society: 1, private_sector: 2, government: 2 } });
	base = `/${await readValue<string>(db.client, 'select slug from public.summits where id = $1', [s.summit])}/organise`;
});

const nameOf = (member: string) =>
	readValue<string>(db.client, 'select name from public.members where id = $1', [member]);

for (const script of [true, false]) {
	test(`imports a file of members: shows each row's outcome first, then writes${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const tag = randomUUID().slice(0, 8);
		const mail = `focal-${randomUUID()}@people.example`;
		const known = await nameOf(s.members[0] ?? '');
		const code = await readValue<string>(db.client, 'select code from public.members where id = $1', [s.members[0]]);
		const desk = await openPage(browser, s.organiser, { javaScriptEnabled: script });
		await desk.goto(`${base}/members`);
		await desk.getByRole('link', { name: 'Import', exact: true }).click();
		if (script) expect(await faultsOfPage(desk)).toEqual([]);
		await desk.getByRole('button', { name: 'Show what it would do' }).click();
		await expect(desk.getByText('One thing needs your attention')).toBeVisible();
		await desk.getByLabel('CSV file').setInputFiles({
			name: 'members.csv',
			mimeType: 'text/csv',
			// Encoded as a spreadsheet of Western Europe writes it.
			buffer: Buffer.from(
				[
					'code;name;sector;country;website;focal_point_mail;notes',
					`;Agência Lúmen ${tag};government;Portugal;https://lumen-${tag}.example;${mail};x`,
					`${code};${known};civil society;Kenya;;;`,
					`;Agência Lúmen ${tag};government;PT;;;`,
					`;Odd ${tag};circus;PT;;;`
				].join('\r\n'),
				'latin1'
			)
		});
		await desk.getByRole('button', { name: 'Show what it would do' }).click();
		await expect(desk.getByRole('heading', { name: 'What the file would do' })).toBeVisible();
		await expect(desk.getByText('Columns that nobody reads: notes.')).toBeVisible();
		const row = (text: string) => desk.getByRole('row').filter({ hasText: text });
		await expect(row(`Agência Lúmen ${tag}`).filter({ hasText: 'New member' })).toContainText('to be focal point');
		await expect(row(`Agência Lúmen ${tag}`).filter({ hasText: 'Twice in the file' })).toHaveCount(1);
		await expect(row(known)).toContainText('Country: Portugal → Kenya');
		await expect(row(`Odd ${tag}`)).toContainText('Error');
		expect(await desk.content()).not.toContain(mail);
		if (script) await expectWholePage(desk);
		const count = () =>
			readValue<number>(db.client, 'select count(*)::integer from public.summit_members where summit_id = $1', [
				s.summit
			]);
		expect(await count()).toBe(3);
		await desk.getByRole('button', { name: 'Apply what is shown' }).click();
		await expect(desk.getByText('1 added, 0 joined this Summit, 1 changed, 2 left out.')).toBeVisible();
		expect(await count()).toBe(4);
		await receiveMail(mail, ({ subject }) => subject.startsWith('Focal point'));
	});
}

test('previews a quota before it is changed, and moves the queue by it', async ({ browser }) => {
	const member = s.members[0] ?? '';
	const people = [await makePerson(db.client, 'Seated Delegate'), await makePerson(db.client, 'Waiting Delegate')];
	for (const who of people) await register(db.client, who, s.summit, member);
	const desk = await openPage(browser, s.organiser);
	const queue = await openPage(browser, s.organiser, phone);
	await queue.goto(`${base}/seats/queue`);
	const waits = queue.getByRole('row').filter({ hasText: 'Waiting Delegate' });
	await expect(waits).toContainText('The member has its seats');
	await expect(waits).toContainText('uses 1 of 1: one of its people gives a seat back, or it gets an exception.');
	expect(await faultsOfPage(queue)).toEqual([]);

	await desk.goto(`${base}/seats`);
	const hall = desk.getByLabel('Each member: civil society, in the hall');
	await hall.fill('0');
	await desk.getByRole('button', { name: 'Show what would change' }).click();
	await expect(desk.getByText('Seats that are out would be stranded: nothing can be changed so')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await hall.fill('2');
	await desk.getByLabel('Ceiling 1: for whom').selectOption({ label: 'Civil society' });
	await desk.getByLabel('Ceiling 1: seats').fill('2');
	await desk.getByRole('button', { name: 'Show what would change' }).click();
	await expect(desk.getByText('1 from the queue would get a seat in the hall')).toBeVisible();
	await expect(waits).toBeVisible();
	await desk.getByLabel('Reason').fill('The hall is larger than we thought.');
	await desk.getByRole('button', { name: 'Apply it' }).click();
	await expect(desk.getByText('The new quotas are in force.')).toBeVisible();
	await expect(desk.getByText('1 from the queue got a seat.')).toBeVisible();
	// The open list updates automatically.
	await expect(waits).toHaveCount(0, { timeout: 30_000 });
	// The ceiling of the sector is the next limit, and the page says so.
	await register(db.client, await makePerson(db.client, 'Third Delegate'), s.summit, member);
	await expect(queue.getByRole('row').filter({ hasText: 'Third Delegate' })).toContainText('The member has its seats');
	await desk.goto(`${base}/seats/members?q=${encodeURIComponent(await nameOf(member))}`);
	await expect(desk.getByRole('row').filter({ hasText: await nameOf(member) })).toContainText(/2\s*2|0/);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.goto(`${base}/members/${member}/invite`);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.goto(`${base}/audit`);
	await expect(desk.getByText('The hall is larger than we thought.').first()).toBeVisible();
});

test('gives a member its own quota without JavaScript, and its person the seat', async ({ browser }) => {
	const member = s.members[0] ?? '';
	for (const name of ['Seated Delegate', 'Waiting Delegate'])
		await register(db.client, await makePerson(db.client, name), s.summit, member);
	const desk = await openPage(browser, s.organiser, { ...phone, javaScriptEnabled: false });
	await desk.goto(`${base}/members/${member}`);
	await desk.getByRole('textbox', { name: 'Seats' }).fill('2');
	await desk.getByRole('button', { name: 'Save the exception' }).click();
	await expect(desk.getByRole('link', { name: 'Enter a reason: it is kept in the history.' })).toBeVisible();
	await desk.getByLabel('Reason').fill('The host of the youth forum.');
	await desk.getByRole('button', { name: 'Save the exception' }).click();
	await expect(desk.getByText('The exception holds.')).toBeVisible();
	await expect(desk.getByText('2 of 2 in use')).toBeVisible();
	await desk.goto(`${base}/seats/queue`);
	await expect(desk.getByText('Nobody waits')).toBeVisible();
	// A person is invited on behalf of a member that does not do it itself.
	const address = `invited-${randomUUID()}@people.example`;
	await desk.goto(`${base}/members/${s.members[1] ?? ''}`);
	await desk.getByRole('link', { name: 'Invite on its behalf' }).click();
	await desk.getByRole('radio', { name: /In the hall/ }).check();
	await desk.getByLabel('Their mail address').fill(address);
	await desk.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(desk.getByText('The invitation is on its way.')).toBeVisible();
	await expect(desk.getByRole('row').filter({ hasText: '@people.example' })).toContainText('Sent');
	const mail = await receiveMail(address);
	expect(mail.text).toContain(await nameOf(s.members[1] ?? ''));
});
