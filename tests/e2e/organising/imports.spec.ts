/* An organiser brings the registrations of another system: sees what the file is, says what its tickets become, and applies what is shown. */
import { openPage } from '../../fixtures/open-page.ts';
import { makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useClient();
let s: RegisteringSummit;
let base: string;

test.beforeEach(async () => {
	s = await makeSummit(db.client, { hall: 3 });
	base = `/${await readValue<string>(db.client, 'select slug from public.summits where id = $1', [s.summit])}/organise`;
});

for (const script of [true, false]) {
	test(`registrations of Eventbrite are shown first, then applied${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const member = await readValue<string>(db.client, 'select name from public.members where id = $1', [s.members[0]]);
		const tag = s.summit.slice(0, 8);
		const desk = await openPage(browser, s.organiser, { javaScriptEnabled: script });
		await desk.goto(`${base}/imports`);
		const upload = async (text: string) => {
			await desk
				.getByLabel('File', { exact: true })
				.setInputFiles({ name: 'report.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
			await desk.getByRole('button', { name: 'Read the file' }).click();
		};
		await upload('{"schedule": {"conference": {"days": []}}}');
		await expect(desk.getByText('This is a schedule').first()).toBeVisible();
		await upload(
			[
				'Order #,First Name,Last Name,Email,Ticket Type,Attendee #,Currency,Total Paid,Attendee Status,Company',
				`1,Ama,Reed,ama-${tag}@people.example,Hall pass,11,EUR,250.00,Attending,${member}`,
				`2,Wren,Alder,wren-${tag}@people.example,Online press,12,EUR,0.00,Not Attending,`
			].join('\n')
		);
		await expect(desk.getByText('attendees of Eventbrite')).toBeVisible();
		await expect(desk.getByRole('group', { name: 'Online press (1)' }).getByLabel('Category')).toHaveValue('press');
		if (script) await expectWholePage(desk);
		await desk.getByLabel('submitted, where it is paid there').check();
		await desk.getByRole('button', { name: 'Show what it would do' }).click();
		await expect(desk.getByText('Confirm that they agreed').first()).toBeVisible();
		await desk.getByLabel('These people agreed there').check();
		await desk.getByRole('button', { name: 'Show what it would do' }).click();
		const row = (text: string) => desk.getByRole('row').filter({ hasText: text });
		await expect(row('Ama Reed')).toContainText('Paid there: 250.00 EUR');
		await expect(row('Wren Alder')).toContainText('It was cancelled there.');
		expect(await desk.content()).not.toContain(`ama-${tag}@people.example`);
		if (script) await expectWholePage(desk);
		await desk.getByRole('button', { name: 'Apply what is shown' }).click();
		await expect(desk.getByText('Submitted, with a seat held: 1')).toBeVisible();
		expect(
			await readValue<string>(
				db.client,
				`select string_agg(p.display_name || ' ' || r.state, ', ') from public.registrations as r join public.people as p on p.id = r.person_id where r.summit_id = $1`,
				[s.summit]
			)
		).toBe('Ama Reed submitted');
	});
}

test('submissions of pretalx are shown first, then applied as proposals', async ({ browser }) => {
	const programme = await makePerson(db.client, 'Staff programme');
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		programme.person,
		s.summit
	]);
	await db.client.query(
		`insert into public.formats (summit_id, slug, name, position) values ($1, 'talk', '{"original": "en", "en": "Talk"}', 1)`,
		[s.summit]
	);
	const submission = (code: string, more: object) => ({
		code,
		title: `Talk ${code}`,
		submission_type: { en: 'Talk' },
		track: null,
		state: 'confirmed',
		abstract: 'What we found.',
		content_locale: 'en',
		speakers: [{ code: 'S1', name: 'Wren Alder', email: `wren-${s.summit.slice(0, 8)}@people.example` }],
		...more
	});
	const results = [submission('AAAAAA', {}), submission('BBBBBB', { abstract: '' })];
	const desk = await openPage(browser, programme);
	await desk.goto(`${base}/imports`);
	await desk.getByLabel('File', { exact: true }).setInputFiles({
		name: 'submissions.json',
		mimeType: 'application/json',
		buffer: Buffer.from(JSON.stringify({ count: 2, results }))
	});
	await desk.getByRole('button', { name: 'Read the file' }).click();
	await expect(desk.getByRole('heading', { name: 'What formats and tracks become' })).toBeVisible();
	await expect(desk.getByLabel('Talk (2)')).toHaveValue(/.{36}/);
	await expectWholePage(desk);
	await desk.getByRole('button', { name: 'Show what it would do' }).click();
	const row = (text: string) => desk.getByRole('row').filter({ hasText: text });
	await expect(row('Talk AAAAAA')).toContainText('It was decided there; here nothing is decided yet.');
	await expect(row('Talk BBBBBB')).toContainText('It has no abstract, which a proposal needs.');
	await desk.getByRole('button', { name: 'Apply what is shown' }).click();
	await expect(desk.getByText('Proposals submitted: 1')).toBeVisible();
	await desk.getByRole('link', { name: 'To the proposals' }).click();
	await expect(desk.getByRole('link', { name: 'Talk AAAAAA' })).toBeVisible();
});
