/* The name of an uploaded file may contain the name of who uploads it: of people with an alias it is shown nowhere. */
import { beforeAll, expect, test } from 'vitest';
import {
	makeAnnounced,
	makeCommitmentWorld,
	reportCommitment,
	type CommitmentWorld
} from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeReviewers, saveDocument, step, type Document } from '../../fixtures/library.ts';
import { protections } from '../../fixtures/protecting.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { putObject } from '../../fixtures/uploading.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const { protect } = protections(db);
const own = 'Zoraida Canary, paper.pdf';
let world: CommitmentWorld;

beforeAll(async () => {
	world = await makeCommitmentWorld(db.owner);
});

const names = async (table: string) =>
	(
		await db.owner.query<{ shown_name: string }>(`select shown_name from private.${table} order by shown_name`)
	).rows.map(({ shown_name }) => shown_name);

/** Adds a file and then another one as somebody who has an alias by then; answers the names of both. */
async function addTwice(table: string, who: TestPerson, add: () => Promise<{ status: string }>): Promise<string[]> {
	expect((await add()).status).toBe('ok');
	const before = await names(table);
	await protect(who, 'Marta Ilves');
	expect((await add()).status).toBe('ok');
	const after = await names(table);
	await db.owner.query('delete from private.protections where person_id = $1', [who.person]);
	return [...before, ...after.filter((name) => !before.includes(name))];
}

test('a file of the library, also where a reviewer adds it', async () => {
	const publishing = await makeReviewers(db.owner);
	const { focal } = world.people;
	const { code } = await saveDocument(publishing, focal);
	const id = await readValue<string>(db.owner, 'select id from private.library_items where code = $1', [code]);
	const document: Document = { id, code: code ?? '' };
	const add = async (who: TestPerson, name: string, language: string) =>
		callAs<{ status: string }>(db.owner, who, 'public.add_library_file($1, $2, $3, $4, $5)', [
			id,
			await putObject(db.owner),
			name,
			language,
			''
		]);
	expect(await addTwice('library_files', focal, () => add(focal, own, 'en'))).toEqual([own, 'document-en.pdf']);
	await add(focal, own, 'fr');
	await protect(focal, 'Marta Ilves');
	expect(await step(publishing, focal, document, 'submitted')).toBe('ok');
	expect(await step(publishing, publishing.reviewer, document, 'sent_back', 'Test')).toBe('ok');
	expect((await add(publishing.reviewer, own, 'fr')).status).toBe('ok');
	// The app made it, and finds it again by this name.
	expect((await add(focal, 'minutes-es.pdf', 'es')).status).toBe('ok');
	expect(await names('library_files')).toEqual(['document-en.pdf', 'document-fr.pdf', 'minutes-es.pdf']);
	await db.owner.query('delete from private.protections where person_id = $1', [focal.person]);
});

test('a file of a report', async () => {
	const { focal } = world.people;
	const made = await makeAnnounced(world);
	await reportCommitment(world, made);
	const report = await readValue<string>(
		db.owner,
		'select id from private.commitment_reports where commitment_id = $1',
		[made.id]
	);
	const add = async () =>
		callAs<{ status: string }>(db.owner, focal, 'public.add_commitment_file($1, $2, $3)', [
			report,
			own,
			await putObject(db.owner)
		]);
	expect(await addTwice('commitment_files', focal, add)).toEqual([own, 'file.pdf']);
});

test('a file of pages', async () => {
	const { programme } = world.people;
	const add = async () =>
		callAs<{ status: string }>(db.owner, programme, 'public.add_page_file($1, $2, $3, null, null)', [
			world.summit,
			await putObject(db.owner),
			own
		]);
	expect(await addTwice('page_files', programme, add)).toEqual([own, 'file.pdf']);
});
