/* A speaker from the invitation to the green room: tasks, profile, texts without JavaScript, devices, questions; and the organiser beside them. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { givePart } from '../../fixtures/speaking.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, makePerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 300_000 });

const small = useWorld();

test('lets a speaker do their tasks, and shows the organiser what is missing', async ({ browser }) => {
	const { client, world } = small;
	const { slug, sessions, people } = world;
	const ana = await makePerson(client, 'Ana Speaks');
	const part = await givePart(client, sessions.members.id, ana, 'speaker', 'invited');
	const page = await openPage(browser, ana, {
		viewport: { width: 390, height: 844 },
		permissions: ['camera', 'microphone']
	});
	await page.goto(`/${slug}/speak`);
	const steps = page.getByRole('region', { name: 'What to do next' });
	await expect(steps.getByRole('link')).toHaveText(['Answer the invitation']);
	await page.getByRole('button', { name: 'Accept', exact: true }).click();
	await expect(steps.getByRole('link', { name: 'Test camera, microphone and connection' })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);

	// Their displayed name and profile.
	await steps.getByRole('link', { name: 'Complete the profile' }).click();
	await page.getByLabel('Office').fill('Head of a helpline');
	await page.getByLabel('About you (English)').fill('Ana has built helplines in four countries.');
	await page.getByLabel('Pages about you').fill('http://plain.example');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Write whole addresses that begin with https').first()).toBeVisible();
	await page.getByLabel('Pages about you').fill('helpline.example/ana');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
	await expect(page.getByRole('complementary').getByText('Ana has built helplines')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);

	// The texts, without JavaScript; another person saves meanwhile.
	const plain = await openPage(browser, ana, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	await plain.goto(`/${slug}/speak/${part}/texts`);
	await client.query(
		`update public.sessions set abstract = '{"original":"en","en":"From the office."}', version = version + 1 where id = $1`,
		[sessions.members.id]
	);
	await plain.getByLabel('What it is about (English)').fill('From the speaker.');
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(plain.getByText('From the office.')).toBeVisible();
	await expect(plain.getByLabel('What it is about (English)')).toHaveValue('From the speaker.');
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(plain.getByText('Saved.', { exact: true })).toBeVisible();
	expect(
		await readValue(client, `select abstract ->> 'en' from public.sessions where id = $1`, [sessions.members.id])
	).toBe('From the speaker.');

	// A person who may attend asks; the speaker reads it.
	const asker = await openPage(browser, people.delegate, { javaScriptEnabled: false });
	await asker.goto(`/${slug}/sessions/${sessions.members.code}`);
	await asker.getByRole('link', { name: 'Send a question ahead' }).click();
	await asker.getByLabel('Your question').fill('What would you do first?');
	await asker.getByText('Your name', { exact: true }).click();
	await asker.getByRole('button', { name: 'Send the question' }).click();
	await expect(asker.getByText('Your question is sent.')).toBeVisible();
	await plain.goto(`/${slug}/speak/${part}/questions`);
	const question = plain.getByRole('listitem').filter({ hasText: 'What would you do first?' });
	await expect(question).toContainText(people.delegate.name);
	await question.getByRole('button', { name: 'Mark as taken' }).click();
	await expect(question.getByText('Taken', { exact: true })).toBeVisible();

	// The device check, in a real room of their own.
	await page.goto(`/${slug}/speak/check`);
	const start = page.getByRole('button', { name: 'Check camera and microphone' });
	await expect(async () => {
		if (await start.isVisible()) await start.click({ timeout: 2_000 });
		await expect(page.getByText('The microphone hears you.')).toBeVisible({ timeout: 8_000 });
	}).toPass();
	await page.getByRole('button', { name: 'I heard it' }).click();
	await page.getByRole('button', { name: 'Test the connection' }).click();
	await expect(page.getByText('Picture and sound get through.')).toBeVisible({ timeout: 40_000 });
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: 'Keep the result' }).click();
	await expect(page.getByText('All is ready.')).toBeVisible();

	// The organiser sees what is left, and sends a reminder.
	const desk = await openPage(browser, people.programme);
	await desk.goto(`/${slug}/organise/speakers?missing=consents`);
	expect(await faultsOfPage(desk)).toEqual([]);
	const row = desk.getByRole('row').filter({ hasText: 'Ana Speaks' });
	await expect(row).toContainText('Consents, Availability');
	await expect(row).toContainText('Ready');
	const office = await openPage(browser, people.programme, { javaScriptEnabled: false });
	await office.goto(desk.url());
	await office.getByRole('checkbox', { name: 'Remind Ana Speaks' }).check();
	await office.getByRole('button', { name: 'Send a reminder now' }).click();
	await expect(office.getByText(/^Reminded: 1/)).toBeVisible();
	const mail = await receiveMail(`${ana.account}@example.org`, ({ subject }) => subject.startsWith('Before you speak'));
	expect(mail.text).toContain('Say what you agree to');
	expect(mail.text).not.toContain(sessions.members.title);
});

test('takes a speaker’s links without JavaScript, an organiser’s order, and shows them with the release', async ({
	browser
}) => {
	const { client, world } = small;
	const { slug, sessions, people } = world;
	const { id, code } = sessions.public;
	const part = await givePart(client, id, people.virtual);
	const phone = { viewport: { width: 390, height: 844 } };
	const plain = await openPage(browser, people.virtual, { javaScriptEnabled: false, ...phone });
	await plain.goto(`/${slug}/speak/${part}/texts`);
	await plain.getByText('Links (0)').click();
	const fresh = plain.getByRole('group', { name: 'New link' }).first();
	await fresh.getByLabel('Text of the link').fill('The paper');
	await fresh.getByLabel('Address').fill('javascript:alert(1)');
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(fresh.getByText('Write a whole address on the web')).toBeVisible();
	await expect(fresh.getByLabel('Text of the link')).toHaveValue('The paper');
	await fresh.getByLabel('Address').fill('paper.example/a.pdf');
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(plain.getByText('Saved.', { exact: true })).toBeVisible();

	const office = await openPage(browser, people.programme);
	await office.goto(`/${slug}/organise/agenda/${id}`);
	const added = office.getByRole('group', { name: 'New link' }).first();
	await added.getByLabel('Text of the link').fill('https://bank.example/');
	await added.getByLabel('Address').fill('https://other.example/page');
	await office.getByRole('button', { name: 'Save in the draft' }).click();
	await expect(office.getByText('Saved in the draft.')).toBeVisible();
	await office.getByRole('group', { name: 'Link 2' }).getByLabel('Position').selectOption('1');
	await office.getByRole('button', { name: 'Save in the draft' }).click();
	await expect(office.getByRole('group', { name: 'Link 1' }).getByLabel('Address')).toHaveValue(
		'https://other.example/page'
	);
	expect(await faultsOfPage(office)).toEqual([]);

	const reader = await openPage(browser, people.newcomer, phone);
	await reader.goto(`/ar/${slug}/sessions/${code}`);
	const links = reader.getByRole('region', { name: 'روابط' });
	await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(links).toHaveCount(0);
	await actAs(client, people.programme, 'select public.publish_release($1)', [world.summit]);
	await expect(async () => {
		await reader.reload();
		await expect(links.getByRole('link')).toHaveText(['other.example/page', 'The paper'], { timeout: 2_000 });
	}).toPass();
	const paper = links.getByRole('link', { name: 'The paper' });
	await expect(paper).toHaveAttribute('href', 'https://paper.example/a.pdf');
	await expect(paper).toHaveAttribute('rel', 'noopener noreferrer nofollow');
	await expect(links.getByRole('listitem').last()).toContainText('paper.example');
	expect(await faultsOfPage(reader)).toEqual([]);
	expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

	// One is removed again, by its checkbox.
	await plain.reload();
	await plain.getByRole('group', { name: 'Link 1' }).getByLabel('Remove this link').check();
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(plain.getByRole('group', { name: 'Link 1' }).getByLabel('Address')).toHaveValue(
		'https://paper.example/a.pdf'
	);
	await expect(plain.getByText('Links (1)')).toBeVisible();
});
