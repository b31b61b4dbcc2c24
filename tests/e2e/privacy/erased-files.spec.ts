/* Erasing a speaker: their files are gone from the disk, and those of others stay. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { pdf } from '../../fixtures/documents.ts';
import { runJob } from '../../fixtures/jobs.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { readValue } from '../../fixtures/registering.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 180_000 });

test('erasing a speaker deletes their files from the disk, and leaves those of others', async ({
	browser,
	request
}) => {
	const { slug, people, sessions } = await makeWorld(db.client);
	const cookies = {
		speaker: (await openSession(variables, `${people.speaker.account}@example.org`)).cookie,
		programme: (await openSession(variables, `${people.programme.account}@example.org`)).cookie
	};
	const upload = async (path: string, cookie: string, words: string) => {
		const answer = await request.post(`/${slug}${path}/files?/upload`, {
			headers: { cookie, origin: variables.ORIGIN ?? '', accept: 'text/html' },
			multipart: { kind: 'slides', file: { name: `${words}.pdf`, mimeType: 'application/pdf', buffer: pdf(words) } },
			maxRedirects: 0
		});
		expect(answer.status()).toBe(303);
	};
	const part = await readValue<string>(
		db.client,
		'select id from public.session_people where session_id = $1 and person_id = $2',
		[sessions.public.id, people.speaker.person]
	);
	const [mine, theirs] = [`canary-${part}`, `kept-${part}`];
	await upload(`/organise/agenda/${sessions.public.id}`, cookies.programme, theirs);
	await upload(`/speak/${part}`, cookies.speaker, mine);
	// A portrait, saved by the page.
	const page = await openPage(browser, people.speaker);
	await page.goto(`/${slug}/speak/photo`);
	const picture = await sharp({ create: { width: 600, height: 600, channels: 3, background: '#225533' } })
		.jpeg()
		.toBuffer();
	await expect(async () => {
		await page
			.getByLabel('Picture', { exact: true })
			.setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: picture });
		await page.getByRole('button', { name: 'Use this picture' }).click({ timeout: 5_000 });
	}).toPass();
	await expect(page.getByText('The portrait is saved.')).toBeVisible();
	const objects = await readValue<string[]>(
		db.client,
		`select array(select large_object from private.portraits where person_id = $1
			union all select small_object from private.portraits where person_id = $1
			union all select object_name from private.file_versions where uploaded_by = $1)`,
		[people.speaker.person]
	);
	expect(objects).toHaveLength(3);
	const onDisk = () => {
		const places = readdirSync(variables.FILES_DIR ?? '', { recursive: true, withFileTypes: true });
		const files = places.filter((one) => one.isFile());
		// A file of another test may go while the list is read.
		const read = (path: string) => {
			try {
				return readFileSync(path);
			} catch {
				return Buffer.of();
			}
		};
		const containing = (words: string) =>
			files.filter((one) => read(join(one.parentPath, one.name)).includes(words)).length;
		return {
			objects: files.filter(({ name }) => objects.includes(name)).length,
			mine: containing(mine),
			theirs: containing(theirs)
		};
	};
	expect(onDisk()).toEqual({ objects: 3, mine: 1, theirs: 1 });
	await db.client.query('select private.erase_person($1)', [people.speaker.person]);
	await runJob(db.client, 'sweep_files');
	await expect.poll(onDisk, { timeout: 100_000 }).toEqual({ objects: 0, mine: 0, theirs: 1 });
	// The sweep deletes the rows after the files.
	await expect
		.poll(() =>
			readValue(db.client, `select name from private.stored_objects where name = any ($1) limit 1`, [objects])
		)
		.toBeUndefined();
});
