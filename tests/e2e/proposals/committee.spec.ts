/* A review committee: an outside reviewer is invited by mail, reads only what is assigned to them, and each score appears at once to the chair. */
import { randomUUID } from 'node:crypto';
import { dayFromNow } from '../../fixtures/clock.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { makeCall, propose, englishText } from '../../fixtures/proposing.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 180_000 });

test('invites an outside reviewer, who scores while the chair sees the scores arrive', async ({ browser }) => {
	const call = await makeCall(db.client);
	const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [call.summit]);
	await propose(db.client, call, await makePerson(db.client, 'Ana Lima'), 'Hotlines at night');
	await propose(db.client, call, await makePerson(db.client, 'Bo Berg'), 'Of the other track', call.tracks[1]);
	await db.client.query(`insert into private.review_criteria (summit_id, name, weight) values ($1, $2, 1)`, [
		call.summit,
		englishText('Use to members')
	]);
	const address = `reader-${randomUUID()}@people.example`;
	const committee = await openPage(browser, call.programme, { javaScriptEnabled: false });
	await committee.goto(`/${slug}/organise/proposals/committee`);
	await committee.getByLabel('Mail address').fill(address);
	await committee.getByRole('textbox', { name: 'Name', exact: true }).fill('Rui from outside');
	await committee.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(committee.getByRole('link', { name: 'Choose a day.' })).toBeVisible();
	await expect(committee.getByLabel('Mail address')).toHaveValue(address);
	const until = dayFromNow(20);
	await committee.getByLabel('Reads until the end of').fill(until);
	await committee.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(committee.getByRole('listitem').filter({ hasText: 'Rui from outside' })).toContainText(
		'has not answered yet'
	);

	const mail = await receiveMail(address, ({ text }) => text.includes('/propose/review/invited/'));
	const link = /\/[\w-]+\/propose\/review\/invited\/[\w-]+/.exec(mail.text)?.[0] ?? '';
	const reviewer = await openPage(browser, null, { viewport: { width: 390, height: 844 } });
	await reviewer.goto(link);
	await expectWholePage(reviewer);
	await reviewer.getByRole('button', { name: 'Sign in' }).click();
	await signInByCode(reviewer, address);
	await reviewer.getByRole('button', { name: 'I review', exact: false }).click();
	await expect(reviewer.getByRole('heading', { level: 1, name: 'Proposals to review' })).toBeVisible();

	await committee.reload();
	await committee.getByLabel('Reviewers for each proposal').fill('1');
	await committee.getByRole('button', { name: 'Assign evenly' }).click();
	await expect(committee.getByText('2 assigned.')).toBeVisible();
	// What was done in part is a notice, which stays.
	await committee.getByLabel('Reviewers for each proposal').fill('20');
	await committee.getByRole('button', { name: 'Assign evenly' }).click();
	const partial = committee.getByRole('status').filter({ hasText: 'too few reviewers' });
	await expect(partial).toBeVisible();
	await expect(partial.getByRole('button', { name: 'Close' })).toHaveCount(0);

	// The chair has the list open all the time.
	const chooser = await openPage(browser, call.programme);
	await chooser.goto(`/${slug}/organise/proposals`);
	const row = chooser.getByRole('row').filter({ hasText: 'Hotlines at night' });
	await expect(row).toBeVisible();
	await expect(row).not.toContainText('4.0');
	await reviewer.goto(`/${slug}/propose/review`);
	await reviewer.getByRole('link', { name: 'Hotlines at night' }).click();
	await reviewer.getByRole('radio', { name: '4' }).check();
	await reviewer.getByLabel('Comment').fill('Ready to be used.');
	await reviewer.getByRole('button', { name: 'Send my review' }).click();
	await expect(reviewer.getByText('Your review is sent.')).toBeVisible();
	await expect(row).toContainText('4.0');

	const head = chooser.getByRole('columnheader', { name: 'Score', exact: true });
	await head.getByRole('link').click();
	await expect(chooser).toHaveURL(/\?sort=score$/);
	await expect(head).toHaveAttribute('aria-sort', 'ascending');
	await expect(row).toBeVisible();

	// Removed from the committee, they can read nothing of it.
	await committee.reload();
	await committee.getByRole('button', { name: /^Take off: / }).click();
	await reviewer.goto(`/${slug}/propose/review`);
	await expect(reviewer.getByText('Hotlines at night')).toHaveCount(0);
});
