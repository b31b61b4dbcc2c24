/* Opening a real name: two leads in two browsers, and the help desk, by script and without. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { Sealer } from '../../../src/lib/people/sealing.ts';
import { variables } from '../../fixtures/open-page.ts';
import { makeLive } from '../../fixtures/sample.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();
const realName = 'Canary Realname';

/** Seals a name for the delegate, as the form does, and makes a second lead. Answers the lead and the reference. */
async function prepare(): Promise<{ second: TestPerson; reference: string }> {
	const { people, registrations, summit } = stage.world;
	const { sealed, keyId } = new Sealer(variables.SEALING_KEY).seal(realName, 'real name');
	await stage.client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', $2, $3)`,
		[people.delegate.person, sealed, keyId]
	);
	const second = await makePerson(stage.client, 'Second Lead');
	await stage.client.query(
		`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
		[second.person, summit]
	);
	const { rows } = await stage.client.query<{ reference: string }>(
		`update public.registrations set mode = 'in_person' where id = $1 returning reference`,
		[registrations.delegate]
	);
	return { second, reference: rows[0]?.reference ?? '' };
}

for (const script of [true, false]) {
	test(`a lead sees a name once, after another lead confirmed${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { second, reference } = await prepare();
		const { people, slug } = stage.world;
		const path = `/${slug}/organise/reveals`;
		const options = { javaScriptEnabled: script };
		const lead = await stage.open(browser, people.safeguarding, path, options);
		await lead.getByLabel('Reference of the registration').fill('NOBODY');
		await lead.getByLabel('Why you need the real name').fill('A relative is at the door.');
		await lead.getByRole('button', { name: 'Ask for the name' }).click();
		await expect(lead.getByText('Nobody has this reference.').first()).toBeVisible();
		// What was typed is kept.
		await expect(lead.getByLabel('Why you need the real name')).toHaveValue('A relative is at the door.');
		await lead.getByLabel('Reference of the registration').fill(reference.toLowerCase());
		await lead.getByRole('button', { name: 'Ask for the name' }).click();
		await expect(lead.getByText('Asked for. A safeguarding lead confirms it.')).toBeVisible();
		await expect(lead.getByRole('button', { name: /^Confirm with my passkey: / })).toHaveCount(0);

		const other = await stage.open(browser, second, path, options);
		await expect(other.getByText('A relative is at the door.')).toBeVisible();
		if (script) expect(await faultsOfPage(other)).toEqual([]);
		await other.getByRole('button', { name: /^Confirm with my passkey: / }).click();
		await expect(other.getByText('Confirmed. Who asked can open it once, within the hour.')).toBeVisible();
		expect(await other.content()).not.toContain(realName);

		if (!script) await lead.goto(path);
		await lead.getByRole('button', { name: /^Open the name, once: / }).click();
		await expect(lead.getByText(realName)).toBeVisible();
		if (script) expect(await faultsOfPage(lead)).toEqual([]);
		await lead.goto(path);
		await expect(lead.getByRole('heading', { name: 'Before' })).toBeVisible();
		expect(await lead.content()).not.toContain(realName);
		await lead.goBack().catch(() => null);
		await expect(lead.getByText(realName)).toHaveCount(0);
	});
}

test('the help desk asks for one person at the door, and sees its own requests alone', async ({ browser }) => {
	const { second, reference } = await prepare();
	const { people, slug, summit } = stage.world;
	await makeLive(stage.client, summit);
	const desk = await stage.open(browser, people.registration, `/${slug}/organise/reveals?reference=${reference}`);
	await desk.getByLabel('Why you need the real name').fill('The passport has another name.');
	await desk.getByRole('button', { name: 'Ask for the name' }).click();
	await expect(desk.getByText('Asked for. A safeguarding lead confirms it.')).toBeVisible();
	const lead = await stage.open(browser, second, `/${slug}/organise/reveals`);
	await lead.getByRole('button', { name: /^Confirm with my passkey: / }).click();
	await expect(lead.getByText('Confirmed. Who asked can open it once, within the hour.')).toBeVisible();
	// The confirmation arrives by itself.
	await desk.getByRole('button', { name: /^Open the name, once: / }).click();
	await expect(desk.getByText(realName)).toBeVisible();
	await desk.close();
});
