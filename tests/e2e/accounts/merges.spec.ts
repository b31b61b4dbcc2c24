/* Merging two records of one person: compared, asked for by one of the staff, confirmed by another. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();

const hired: string[] = [];

async function staff(role: string): Promise<TestPerson> {
	const somebody = await makePerson(stage.client, `Staff ${role}`);
	await stage.client.query(`insert into public.role_grants (person_id, role) values ($1, $2)`, [somebody.person, role]);
	hired.push(somebody.person);
	return somebody;
}

// Roles for all Summits reach the worlds of other tests.
test.afterEach(async () => {
	await stage.client.query(
		`update public.role_grants set ended_at = now() where summit_id is null and person_id = any ($1)`,
		[hired]
	);
});

for (const script of [true, false]) {
	test(`merges two records by two people${script ? '' : ', without JavaScript'}`, async ({ browser }) => {
		const { slug, summit, registrations } = stage.world;
		const referenceOf = async (id: string) =>
			(
				await stage.client.query<{ reference: string }>(`select reference from public.registrations where id = $1`, [
					id
				])
			).rows[0]?.reference ?? '';
		// Entered a second time, and withdrawn.
		const second = await makePerson(stage.client, 'Second record');
		const { rows: entered } = await stage.client.query<{ id: string }>(
			`insert into public.registrations (summit_id, person_id, mode, state, submitted_at) values ($1, $2, 'virtual', 'withdrawn', now()) returning id`,
			[summit, second.person]
		);
		const [keep, duplicate] = [await referenceOf(registrations.delegate), await referenceOf(entered[0]?.id ?? '')];
		const path = `/${slug}/organise/merges`;
		const options = { javaScriptEnabled: script };
		const registrar = await stage.open(browser, await staff('registration'), path, options);
		await registrar.getByLabel('Reference of the registration to keep').fill(keep);
		await registrar.getByLabel('Reference of the other one').fill(duplicate);
		await registrar.getByRole('button', { name: 'Compare' }).click();
		await expect(registrar.getByText('Becomes part of it')).toBeVisible();
		if (script) expect(await faultsOfPage(registrar)).toEqual([]);
		await registrar.getByLabel('How you know that they are one person').fill('Both have the same passport.');
		await registrar.getByRole('button', { name: 'Ask for the merge' }).click();
		await expect(registrar.getByText('Asked for. A second person confirms it.')).toBeVisible();
		await expect(registrar.getByRole('button', { name: 'Take back' })).toBeVisible();
		await expect(registrar.getByRole('button', { name: /^Merge the records/ })).toHaveCount(0);
		const lead = await stage.open(browser, await staff('safeguarding'), path, options);
		await expect(lead.getByText('Both have the same passport.')).toBeVisible();
		if (script) expect(await faultsOfPage(lead)).toEqual([]);
		await lead.getByRole('button', { name: /^Merge the records/ }).click();
		await expect(lead.getByText('Merged. The record that was kept has everything of both.')).toBeVisible();
		const { rows } = await stage.client.query(
			`select count(distinct person_id)::integer as people from public.registrations where reference in ($1, $2)`,
			[keep, duplicate]
		);
		expect(rows).toEqual([{ people: 1 }]);
	});
}
