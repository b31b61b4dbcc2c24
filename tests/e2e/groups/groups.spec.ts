/* A group from a request to join to approved minutes: its secretary leads without JavaScript, its people use a phone. */
import type { Page } from '@playwright/test';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

let secretary: TestPerson;
let group: string;
const small = useWorld(async ({ client }) => {
	secretary = await makeCommunityOrganiser(client);
	group = await createGroup(client, secretary, 'members');
});

test.describe.configure({ timeout: 180_000 });

async function plan(page: Page, title: string, start = '2031-06-09T10:30') {
	await page.getByRole('link', { name: 'All meetings' }).click();
	await page.getByRole('link', { name: 'Plan meeting' }).click();
	await page.getByLabel('Title (English)').fill(title);
	await page.getByLabel('Start').fill(start);
	await page.getByLabel('Time zone').selectOption('Europe/Berlin');
	await page.getByRole('radio', { name: 'Those who represent a member organisation' }).check();
	await page.getByRole('button', { name: 'Plan meeting' }).click();
	await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

async function writeAgenda(page: Page) {
	await page.getByRole('link', { name: 'Edit agenda and papers' }).click();
	await page.getByLabel('Title of the item').fill('Adoption of the agenda');
	await page.getByRole('button', { name: 'Add item' }).click();
	await expect(page.getByRole('heading', { level: 3, name: 'Adoption of the agenda' })).toBeVisible();
	await page.getByLabel('File').setInputFiles({
		name: 'background.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('What the group should know before it meets.\n')
	});
	await page.getByRole('button', { name: 'Upload file' }).click();
	await expect(page.getByRole('link', { name: 'background.txt' })).toBeVisible();
}

async function offerTimes(page: Page, list: string) {
	await page.goto(list);
	await page.getByRole('link', { name: 'Find a time' }).click();
	await page.getByLabel('Title (English)').fill('Second meeting');
	await page.getByLabel('Time 1', { exact: true }).fill('2031-06-09T10:30');
	await page.getByLabel('Time 2', { exact: true }).fill('2031-06-10T23:00');
	await page.getByLabel('Time zone').selectOption('Europe/Berlin');
	await page.getByRole('button', { name: 'Offer these times' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Second meeting' })).toBeVisible();
	return new URL(page.url()).pathname;
}

test('people join it, meet, and approve the minutes; others find no meeting', async ({ browser }) => {
	const { client, world } = small;
	const base = `/community/groups/${group}`;
	const member = await openPage(browser, world.people.delegate, { viewport: { width: 390, height: 844 } });
	await member.goto(base);
	await member.getByLabel('What you would contribute').fill('I run a hotline.');
	await expect(async () => {
		await member.getByRole('button', { name: 'Ask to join' }).click({ timeout: 2000 });
		await expect(member.getByText('You have asked to join.')).toBeVisible({ timeout: 2000 });
	}).toPass();

	const leader = await openPage(browser, secretary, { javaScriptEnabled: false });
	await leader.goto(`${base}/people`);
	await leader.getByRole('button', { name: /^Accept: / }).click();
	await leader.goto(base);
	await plan(leader, 'First meeting');
	const at = new URL(leader.url()).pathname;
	await writeAgenda(leader);
	await leader.goto(`${base}/notices`);
	await leader.getByLabel('Subject').fill('Papers');
	await leader.getByRole('textbox', { name: 'Message' }).fill('The papers of the first meeting are there.');
	await leader.getByRole('button', { name: 'Send to everybody' }).click();
	await expect(leader.getByRole('heading', { level: 2, name: 'Papers' })).toBeVisible();

	await member.goto(base);
	await expect(member.getByRole('link', { name: 'First meeting' })).toBeVisible();
	await member.getByRole('link', { name: 'Messages' }).click();
	await expect(member.getByText('The papers of the first meeting are there.')).toBeVisible();
	await expectWholePage(member);

	await member.goto(at);
	await expect(member.getByText('Adoption of the agenda')).toBeVisible();
	await expect(async () => {
		await member.getByLabel('I attend').check();
		await member.getByRole('button', { name: 'Save answer' }).click({ timeout: 2000 });
		await expect(member.getByText('Attends', { exact: true })).toBeVisible({ timeout: 2000 });
	}).toPass();
	await expectWholePage(member);
	const paper = (await member.getByRole('link', { name: 'background.txt' }).getAttribute('href')) ?? '';
	expect(await (await member.request.get(paper)).text()).toContain('before it meets');

	const outsider = await openPage(browser, world.people.focal);
	for (const path of [at, paper, `${base}/notices`, `${base}/meetings`, `${at}/minutes`])
		expect((await outsider.request.get(path)).status()).toBe(404);

	await client.query(
		`update private.meetings set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'
		where group_id = (select id from private.groups where code = $1)`,
		[group]
	);
	// Also shortly after midnight they were of the group when it began.
	await client.query(
		`update private.group_people set since = current_date - 1 where group_id = (select id from private.groups where code = $1)`,
		[group]
	);
	await leader.goto(`${at}/minutes`);
	await leader.getByLabel(world.people.delegate.name).check();
	await leader.getByRole('button', { name: 'Save attendance' }).click();
	await leader.getByLabel('Text of the minutes').fill('The agenda was adopted.');
	await leader.getByRole('button', { name: 'Save minutes' }).click();
	await leader.getByLabel('Wording').fill('The group meets every month.');
	await leader.getByRole('button', { name: 'Record decision' }).click();
	await leader
		.getByLabel('Last day for comments')
		.fill(new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10));
	await leader.getByRole('button', { name: 'Open for comments' }).click();
	await expect(leader.getByText('People may still comment.')).toBeVisible();

	await member.goto(at);
	await member.getByLabel('Comment on the minutes').fill('I was there too.');
	await member.getByRole('button', { name: 'Send comment' }).click();
	await expect(member.getByText('I was there too.')).toBeVisible();
	await expectWholePage(member);

	await client.query(
		`update private.meeting_minutes set comments_until = current_date - 2
		where meeting_id in (select m.id from private.meetings as m join private.groups as g on g.id = m.group_id where g.code = $1)`,
		[group]
	);
	await leader.reload();
	await leader.getByRole('button', { name: 'Approve minutes' }).click();
	await leader.getByRole('button', { name: 'Publish the approval' }).click();
	await expect(leader.getByRole('button', { name: 'Unpublish' })).toBeVisible();
	await member.reload();
	await expect(member.getByText('Minutes approved')).toBeVisible();
	await outsider.goto(base);
	await expect(outsider.getByText('minutes approved on')).toBeVisible();
	await expect(outsider.getByText('First meeting')).toHaveCount(0);
	await outsider.goto(`${base}/register`);
	await expect(outsider.getByText('The group meets every month.')).toBeVisible();

	const poll = await offerTimes(leader, `${base}/meetings`);
	expect((await outsider.request.get(poll)).status()).toBe(404);
	await member.goto(`${poll}?zone=Asia/Tokyo`);
	// 10:30 in Berlin is afternoon in Tokyo, and 23:00 is the morning of the next day there.
	const first = member.getByRole('group', { name: '17:30 to 18:30' });
	await expect(member.getByRole('group', { name: '06:00 to 07:00' })).toContainText('Between 22:00 and 07:00');
	await expect(async () => {
		await first.getByLabel('Yes').check();
		await member.getByRole('button', { name: 'Save answer' }).click({ timeout: 2000 });
		await expect(member.getByText('Your answer is saved.')).toBeVisible({ timeout: 2000 });
	}).toPass();
	await expectWholePage(member);
	await leader.goto(poll);
	await leader.getByRole('button', { name: /^Plan at this time.*10:30/ }).click();
	await expect(leader.getByRole('heading', { level: 1, name: 'Second meeting' })).toBeVisible();
	await expect(leader.getByText('10:30 to 11:30 in Berlin')).toBeVisible();
});

test('a session at a Summit belongs to a group: its people find each from the other, a colleague finds no trace', async ({
	browser
}) => {
	const { client, world } = small;
	const { programme, stage, virtual } = world.people;
	const closed = await createGroup(client, secretary, 'closed');
	await putInGroup(client, programme, closed, 'member');
	await putInGroup(client, virtual, closed, 'alternate');
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		stage.person,
		world.summit
	]);
	const { id, code, title } = world.sessions.closed;
	const editor = `/${world.slug}/organise/agenda/${id}`;

	const organiser = await openPage(browser, programme, { javaScriptEnabled: false });
	await organiser.goto(`${editor}#groups`);
	await expect(organiser.getByText('The session belongs to no group that you see.')).toBeVisible();
	await organiser.getByLabel('Group', { exact: true }).selectOption('A closed group');
	await organiser.getByRole('button', { name: 'Add group' }).click();
	await expect(organiser.getByRole('button', { name: 'Remove: A closed group' })).toBeVisible();

	const colleague = await openPage(browser, stage);
	await colleague.goto(editor);
	await expect(colleague.getByRole('heading', { level: 1, name: title })).toBeVisible();
	expect(await colleague.content()).not.toContain('A closed group');

	const member = await openPage(browser, virtual, { viewport: { width: 390, height: 844 } });
	await member.goto(`/community/groups/${closed}`);
	await member.getByRole('link', { name: title }).click();
	await expect(member.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await member.getByRole('link', { name: 'A session of A closed group' }).click();
	await expect(member.getByRole('heading', { level: 2, name: 'Sessions at Summits' })).toBeVisible();
	await expectWholePage(member);
	await member.goto(`/ar/community/groups/${closed}`);
	await expect(member.getByRole('heading', { level: 2, name: 'الجلسات في القمم' })).toBeVisible();
	await expectWholePage(member);

	const session = `/${world.slug}/sessions/${code}`;
	await client.query(
		`update private.group_people set until = current_date - 1, since = current_date - 2 where person_id = $1`,
		[virtual.person]
	);
	expect((await member.request.get(session)).status()).toBe(404);
	await organiser.getByRole('button', { name: 'Remove: A closed group' }).click();
	await expect(organiser.getByText('The people of the group are no longer listed.')).toBeVisible();
	await organiser.getByLabel('Group', { exact: true }).selectOption('A closed group');
	await organiser.getByRole('button', { name: 'Add group' }).click();
	await expect(organiser.getByRole('button', { name: 'Remove: A closed group' })).toBeVisible();
	await colleague.getByRole('button', { name: 'Remove all groups' }).click();
	await expect(colleague.getByText('The session belongs to no group.')).toBeVisible();
	await expectWholePage(colleague);
	await organiser.goto(`${editor}#groups`);
	await expect(organiser.getByText('The session belongs to no group that you see.')).toBeVisible();
	await organiser.goto(`/${world.slug}/organise/agenda/${world.sessions.members.id}#groups`);
	await organiser.getByLabel('Group', { exact: true }).selectOption('A closed group');
	await organiser.getByRole('button', { name: 'Add group' }).click();
	await expect(organiser.getByText('From then on only those listed may attend.').first()).toBeVisible();
});

test('a meeting does not move into the past, and one that was planned for a wrong year is cancelled', async ({
	browser
}) => {
	const leader = await openPage(browser, secretary, { javaScriptEnabled: false });
	await leader.goto(`/community/groups/${group}`);
	await plan(leader, 'Meeting to move');
	await leader.getByRole('link', { name: 'Change meeting' }).click();
	await leader.getByLabel('Start').fill('2021-06-09T10:30');
	await leader.getByRole('button', { name: 'Save meeting' }).click();
	await expect(leader.getByText('Choose a time that is still to come.').first()).toBeVisible();
	await expect(leader.getByLabel('Start')).toHaveValue('2021-06-09T10:30');

	await leader.goto(`/community/groups/${group}`);
	await plan(leader, 'Meeting of a wrong year', '2021-06-09T10:30');
	await leader.getByRole('link', { name: 'Cancel meeting' }).click();
	await expect(leader.getByRole('heading', { level: 1, name: 'Cancel meeting' })).toBeVisible();
	const phone = await openPage(browser, secretary, { viewport: { width: 390, height: 844 } });
	await phone.goto(`/ar${new URL(leader.url()).pathname}`);
	await expect(phone.getByRole('heading', { level: 1, name: 'إلغاء الاجتماع' })).toBeVisible();
	await expectWholePage(phone);
	await leader.getByRole('button', { name: 'Cancel meeting' }).click();
	await expect(leader.getByRole('heading', { level: 1, name: 'Meeting of a wrong year' })).toBeVisible();
	await expect(leader.getByRole('link', { name: 'Cancel meeting' })).toHaveCount(0);
});

test('a chair adds a document from the page of the group; meetings are on My agenda and in the calendar link', async ({
	browser
}) => {
	const { client, world } = small;
	const { delegate } = world.people;
	const entry = await putInGroup(client, delegate, group, 'chair');
	const at = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16);
	const [{ planned }] = (await actAs(client, secretary, 'select public.plan_meeting($1, $2) as planned', [
		group,
		JSON.stringify({
			title: { original: 'en', en: 'Third meeting' },
			local: at,
			zone: 'UTC',
			minutes: 60,
			level: 'members'
		})
	])) as [{ planned: { status: string } }];
	expect(planned.status).toBe('ok');

	const chair = await openPage(browser, delegate, { viewport: { width: 390, height: 844 } });
	await chair.goto(`/community/groups/${group}`);
	await chair.getByRole('link', { name: 'Add a document' }).click();
	await expect(chair.getByRole('radio', { name: 'People of a group' })).toBeChecked();
	await expect(chair.getByRole('combobox', { name: 'Group' })).toHaveValue(group);

	await chair.goto(`/${world.slug}/me/agenda`);
	await expect(chair.getByRole('link', { name: 'Third meeting' })).toBeVisible();
	await expectWholePage(chair);
	await chair.goto(`/ar/${world.slug}/me/agenda`);
	await expect(chair.getByRole('heading', { level: 2, name: 'اجتماعات أفرقتي' })).toBeVisible();
	await expectWholePage(chair);

	const token = `groups${world.slug}`.replaceAll('-', 'x').padEnd(32, 'x').slice(0, 32);
	await client.query(
		`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', sha256(convert_to($1, 'UTF8')), $2, $3)`,
		[token, delegate.person, world.summit]
	);
	const calendar = await (await chair.request.get(`/calendar/${token}.ics`)).text();
	expect(calendar).toContain('SUMMARY:Third meeting\\, A members group');
	expect(await actAs(client, secretary, 'select public.end_group_person($1) as ended', [entry])).toEqual([
		{ ended: 'ok' }
	]);
	await expect
		.poll(async () => (await (await chair.request.get(`/calendar/${token}.ics`)).text()).includes('Third meeting'))
		.toBe(false);
});

test('a chair without JavaScript writes a page and publishes it; people of the group read it on a phone', async ({
	browser
}) => {
	const { client, world } = small;
	const { delegate, focal } = world.people;
	await putInGroup(client, delegate, group, 'member');
	const writer = await openPage(browser, secretary, { javaScriptEnabled: false });
	await writer.goto(`/community/groups/${group}`);
	await writer.getByRole('link', { name: 'New page' }).click();
	await writer.getByRole('textbox', { name: 'Title (English)' }).fill('How we work');
	await writer
		.getByRole('textbox', { name: 'Text (English)' })
		.fill('## Each month\n\n- We meet **on Mondays**.\n- We read [the library](/community/library).');
	await writer.getByRole('button', { name: 'Save draft' }).click();
	await expect(writer.getByText('The page is not published yet.')).toBeVisible();
	const at = new URL(writer.url()).pathname.replace(/\/edit$/, '');
	const member = await openPage(browser, delegate, { viewport: { width: 390, height: 844 } });
	expect((await member.request.get(at)).status()).toBe(404);
	await writer.getByRole('button', { name: 'Publish page' }).click();
	await expect(writer.getByText(/^The page is published\./)).toBeVisible();

	await member.goto(`/community/groups/${group}`);
	await member.getByRole('link', { name: 'How we work' }).click();
	await expect(member.getByRole('heading', { level: 2, name: 'Each month' })).toBeVisible();
	await expect(member.getByRole('link', { name: 'the library' })).toHaveAttribute('href', '/community/library');
	await expectWholePage(member);
	await member.goto(`/ar${at}`);
	await expect(member.getByText('النسخة 1')).toBeVisible();
	await expectWholePage(member);
	expect((await member.request.get(`${at}/edit`)).status()).toBe(404);

	const outsider = await openPage(browser, focal);
	expect((await outsider.request.get(at)).status()).toBe(404);
	await writer.getByLabel('Everybody who sees the group reads this page').check();
	await writer.getByRole('textbox', { name: 'Text (English)' }).fill('Another draft.');
	await writer.getByRole('button', { name: 'Save draft' }).click();
	await expect(writer.getByText('The draft is saved.')).toBeVisible();
	expect((await outsider.request.get(at)).status()).toBe(404);
	const late = await openPage(browser, secretary, { javaScriptEnabled: false });
	await late.goto(`${at}/edit`);
	await writer.getByRole('textbox', { name: 'Text (English)' }).fill('We meet on Fridays.');
	await writer.getByRole('button', { name: 'Publish new version' }).click();
	await expect(writer.getByText('Version 2 is published.')).toBeVisible();
	await late.getByRole('textbox', { name: 'Text (English)' }).fill('Written over it.');
	// Who read an older version is refused each time.
	for (let time = 0; time < 2; time += 1) {
		const answer = late.waitForResponse((response) => response.request().method() === 'POST');
		await late.getByRole('button', { name: 'Publish new version' }).click();
		expect((await answer).status()).toBe(409);
	}
	await expect(late.getByRole('textbox', { name: 'Text (English)' })).toHaveValue('Written over it.');
	await expect(late.getByRole('button', { name: 'Unpublish page' })).toHaveCount(0);
	await outsider.goto(at);
	await expect(outsider.getByText('We meet on Fridays.')).toBeVisible();
	await writer.goto(at);
	await expect(writer.getByRole('heading', { level: 2, name: 'Versions' })).toBeVisible();
	const editor = await openPage(browser, secretary, { viewport: { width: 390, height: 844 } });
	await editor.goto(`/ar${at}/edit`);
	await expect(editor.getByRole('button', { name: 'نشر نسخة جديدة' })).toBeVisible();
	await expectWholePage(editor);
});
