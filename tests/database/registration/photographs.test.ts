/* Photographs are asked once: the answer to the consent of a Summit is the answer for each of its sessions. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let item: string;
let part: string;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	item = await readValue<string>(
		db.owner,
		`insert into public.consent_items (summit_id, key, label) values ($1, 'photographs', '{"original":"en","en":"Photographs"}') returning id`,
		[world.summit]
	);
	part = await readValue<string>(
		db.owner,
		'select id from public.session_people where person_id = $1 and session_id = $2',
		[world.people.speaker.person, world.sessions.public.id]
	);
});

/** Answers the consent as its person does under "My data". */
const answer = async (give: boolean) => {
	const version = await readValue<number>(db.owner, 'select version from public.registrations where id = $1', [
		world.registrations.speaker
	]);
	return callAs<{ status: string }>(db.owner, world.people.speaker, 'public.save_sent_steps($1, $2)', [
		world.registrations.speaker,
		JSON.stringify([{ step: 5, fields: { version, consents: { [item]: give } } }])
	]);
};
/** Saves the consents of the session, and answers what is recorded of photographs, and what the camera crew is told. */
async function saveForSession(photo: boolean) {
	const { speaker } = world.people;
	await callAs(db.owner, speaker, 'public.save_participation_consents($1, true, true, true, $2)', [part, photo]);
	const saved = await readValue<boolean>(db.owner, 'select consent_photo from public.session_people where id = $1', [
		part
	]);
	return [saved, await wish()];
}
const wish = () =>
	readValue<string>(db.owner, 'select wish from private.list_stage_wishes($1) where person_id = $2', [
		world.sessions.public.id,
		world.people.speaker.person
	]);
const shown = async () =>
	(
		await callAs<{ code: string; photographs: string | null }[]>(
			db.owner,
			world.people.speaker,
			'public.my_participations($1)',
			[world.summit]
		)
	).find(({ code }) => code === world.sessions.public.code)?.photographs;

test('a speaker who has not answered for the Summit is asked for the session', async () => {
	expect(await shown()).toBeNull();
	expect(await saveForSession(true)).toEqual([true, 'yes']);
	expect(await saveForSession(false)).toEqual([false, 'no']);
});

test('the answer for the Summit is the answer for its sessions', async () => {
	await db.owner.query('update public.session_people set consents_answered_at = null where id = $1', [part]);
	expect(await answer(true)).toMatchObject({ status: 'ok' });
	expect([await shown(), await wish()]).toEqual(['yes', 'yes']);
	expect(await saveForSession(false)).toEqual([true, 'yes']);
	expect(await answer(false)).toMatchObject({ status: 'ok' });
	expect([await shown(), await wish()]).toEqual(['no', 'no']);
	expect(await saveForSession(true)).toEqual([false, 'no']);
});

test('who consents takes back an earlier wish, and no protection', async () => {
	const { person } = world.people.speaker;
	await db.owner.query('insert into public.person_preferences (person_id, no_photographs) values ($1, true)', [person]);
	expect(await shown()).toBe('no');
	await answer(true);
	expect(await shown()).toBe('yes');
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [person]);
	await answer(false);
	await answer(true);
	expect(await shown()).toBe('no');
});
