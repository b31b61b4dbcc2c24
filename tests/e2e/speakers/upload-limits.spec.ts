/* What a session's files may take together: organisers set it, and who uploads more is told. */
import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { pdf } from '../../fixtures/documents.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

let client: pg.Client;
let world: World;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
});
test.afterAll(() => client.end());

test('says that a session is full at the limit that organisers set, and keeps nothing', async ({ browser }) => {
	const organiser = await openPage(browser, world.people.programme);
	await organiser.goto(`/${world.slug}/organise/agenda/files`);
	const field = organiser.getByLabel('All files of a session, at most (MB)');
	const save = organiser.getByRole('button', { name: 'Save' });
	await field.fill('99');
	await save.click();
	await expect(organiser.getByRole('link', { name: 'Enter a whole number from 100 to 100000.' })).toBeVisible();
	await field.fill('100');
	await save.click();
	await expect(organiser).toHaveURL(/done=saved/);
	expect(await faultsOfPage(organiser)).toEqual([]);

	const session = world.sessions.public.id;
	const part = await readValue<string>(
		client,
		'select id from public.session_people where session_id = $1 and person_id = $2',
		[session, world.people.speaker.person]
	);
	const speaker = await openPage(browser, world.people.speaker, { javaScriptEnabled: false });
	await speaker.goto(`/${world.slug}/speak/${part}/files`);
	const upload = async (name: string) => {
		const file = { name, mimeType: 'application/pdf', buffer: pdf(name) };
		await speaker.getByLabel('File', { exact: true }).setInputFiles(file);
		await speaker.getByRole('button', { name: 'Upload', exact: true }).click();
	};
	await upload('First.pdf');
	await expect(speaker.getByText('The file is here.')).toBeVisible();
	await client.query(
		`update private.stored_objects as o set size = 100000000
		from private.file_versions as v join private.session_files as f on f.id = v.file_id
		where o.name = v.object_name and f.session_id = $1`,
		[session]
	);
	await upload('Second.pdf');
	await expect(speaker.getByText('The files of this session may take 100 MB in all')).toBeVisible();
	await expect(speaker.getByRole('link', { name: 'First.pdf' }).first()).toBeVisible();
	await expect(speaker.getByRole('link', { name: 'Second.pdf' })).toHaveCount(0);
});
