import { beforeEach, describe, expect, test } from 'vitest';
import { callFunction, codeOf, joinSession } from '../../fixtures/interpreting.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { captionActs } from '../../fixtures/captioning.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let captioner: TestPerson;

const { write, correct, shown, kept, transcript, setState, consent, raise, tokenOf, post } = captionActs(
	db,
	() => world,
	() => chair
);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	chair = await makePerson(db.owner, 'Person chair');
	captioner = await makePerson(db.owner, 'Person captioner');
	await joinSession(db.owner, world, chair, 'chair');
	await joinSession(db.owner, world, captioner, 'captioner');
});

describe('captions by hand', () => {
	test('are written by the session’s captioners and people who run it, while it is live', async () => {
		const { people } = world;
		const elsewhere = await makePerson(db.owner, 'Captioner of another session');
		await joinSession(db.owner, world, elsewhere, 'captioner', 'members');
		const declined = await makePerson(db.owner, 'Captioner who declined');
		await joinSession(db.owner, world, declined, 'captioner');
		await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [declined.person]);
		for (const who of [
			elsewhere,
			declined,
			people.speaker,
			people.delegate,
			people.newcomer,
			people.programme,
			people.safeguarding
		]) {
			expect([await write(who, 'Nothing'), await correct(who, 1, 'Nothing')]).toEqual(['not_found', 'not_found']);
			expect(await callFunction(db.owner, who, 'read_caption_editor', world.summit, 'plenary', 'en')).toBeNull();
		}
		expect(await write(captioner, ' Good \n morning ')).toBe('ok');
		expect(await write(chair, 'Bonjour', 'fr')).toBe('ok');
		for (const who of [null, people.virtual, people.newcomer])
			expect(await shown(who)).toEqual(['Good morning', 'Bonjour']);
		expect(await write(captioner, ' ')).toBe('invalid');
		expect(await write(captioner, 'x'.repeat(501))).toBe('invalid');
		expect(await write(captioner, 'Hello', 'not a language')).toBe('invalid');
		await setState('paused');
		expect(await write(captioner, 'Hello')).toBe('not_live');
		await setState('ended');
		expect(await write(captioner, 'Hello')).toBe('not_found');
	});

	test('are corrected and removed, and counted once when two people write at once', async () => {
		const other = await db.connect();
		await Promise.all([
			write(captioner, 'One'),
			callFunction(other, chair, 'write_caption', world.run, 'en', 'Two', 1000)
		]);
		expect((await kept()).sort()).toEqual(['One', 'Two']);
		const first = (await kept())[0] ?? '';
		expect(await correct(captioner, 1, 'Corrected')).toBe('ok');
		expect(await correct(captioner, 2, '')).toBe('ok');
		expect(await correct(captioner, 9, 'x')).toBe('not_found');
		expect([await kept(), first === 'Corrected']).toEqual([['Corrected'], false]);
		for (let line = 0; line < 39; line++) await write(captioner, `line ${line}`);
		expect(await write(captioner, 'too much')).toBe('too_often');
	});

	test('are kept only while everybody on stage agrees, with each of their parts in the session', async () => {
		const { speaker } = world.people;
		const keptOf = async (words: string) => {
			await write(captioner, words);
			return (
				await db.owner.query<{ is_kept: boolean }>(
					`select is_kept from private.caption_lines where run_id = $1 and words = $2`,
					[world.run, words]
				)
			).rows[0]?.is_kept;
		};
		await joinSession(db.owner, world, speaker, 'respondent');
		await joinSession(db.owner, world, speaker, 'interpreter');
		await consent(true);
		expect(await callFunction(db.owner, chair, 'set_on_stage', world.run, await codeOf(db.owner, speaker), true)).toBe(
			'ok'
		);
		expect(await keptOf('All agree')).toBe(true);
		const engineStatus = (role: string, yes: boolean) =>
			db.owner.query(
				`update public.session_people set consent_record = $4 where session_id = $1 and person_id = $2 and role = $3::public.session_role`,
				[world.sessions.public.id, speaker.person, role, yes]
			);
		await engineStatus('respondent', false);
		expect(await keptOf('One part does not')).toBe(false);
		await engineStatus('speaker', false);
		expect(await keptOf('Only as an interpreter')).toBe(false);
	});

	test('reach all viewers with their text, and no other run', async () => {
		const listener = await db.connect();
		const received: { topic: string; kind: string; id: string }[] = [];
		listener.on('notification', ({ payload }) =>
			received.push(JSON.parse(payload ?? '{}') as (typeof received)[number])
		);
		await listener.query('listen live_events');
		await write(captioner, 'Good morning');
		await listener.query('select 1');
		const event = received.find(({ kind }) => kind === 'caption');
		expect(event?.topic).toBe(`run:${world.run}`);
		const read = (run: string) =>
			db.app.query<{ event: { words: string } | null }>(`select private.caption_event($1, $2) as event`, [
				run,
				event?.id
			]);
		expect((await read(world.run)).rows[0]?.event).toMatchObject({ words: 'Good morning', language: 'en', number: 1 });
		expect((await read(world.summit)).rows[0]?.event).toBeNull();
	});
});

describe('captions of an engine', () => {
	test('arrive with a token of one run and language, which can be revoked', async () => {
		expect(await tokenOf(captioner, 'a')).toBe('not_found');
		expect(await tokenOf(world.people.programme, 'a')).toBe('not_found');
		expect(await tokenOf(chair, 'a', 'fr')).toBe('ok');
		expect(await tokenOf(chair, 'b', 'no language')).toBe('invalid');
		expect(await post('b', [{ words: 'Hello' }])).toEqual({ status: 'refused' });
		expect(await post('a', [{ words: 'Bon', key: '1', is_final: false }])).toEqual({ status: 'ok', numbers: [1] });
		expect(await post('a', [{ words: 'Bonjour', key: '1' }, { words: 'Merci' }])).toEqual({
			status: 'ok',
			numbers: [1, 2]
		});
		expect(await kept()).toEqual(['Bonjour', 'Merci']);
		const tokens = await callFunction<{ id: string; language: string }[]>(
			db.owner,
			chair,
			'read_caption_tokens',
			world.run
		);
		expect(tokens).toMatchObject([{ language: 'fr' }]);
		expect(await callFunction(db.owner, captioner, 'read_caption_tokens', world.run)).toBeNull();
		expect(await callFunction(db.owner, captioner, 'revoke_caption_token', tokens[0]?.id)).toBe('not_found');
		expect(await callFunction(db.owner, chair, 'revoke_caption_token', tokens[0]?.id)).toBe('ok');
		expect(await post('a', [{ words: 'Encore' }])).toEqual({ status: 'refused' });
	});

	test('cannot overwrite a line that a person has corrected', async () => {
		await tokenOf(chair, 'a');
		await post('a', [{ words: 'wrong', key: '1', is_final: false }]);
		expect(await correct(captioner, 1, 'Right')).toBe('ok');
		expect(
			await post('a', [
				{ words: 'wrong words', key: '1' },
				{ words: 'Next', key: '2' }
			])
		).toEqual({
			status: 'ok',
			numbers: [1, 2]
		});
		expect(await kept()).toEqual(['Right', 'Next']);
	});

	test('cannot replace a final line by a partial one that arrives later', async () => {
		await consent(true);
		await tokenOf(chair, 'a');
		await post('a', [{ words: 'The assess', key: '1', is_final: false }]);
		await post('a', [{ words: 'The assessment is out', key: '1' }]);
		const ends = () =>
			db.owner.query<{ ends: number }>(`select ends from private.caption_lines where run_id = $1`, [world.run]);
		const before = (await ends()).rows;
		// A later one overtook it.
		expect(await post('a', [{ words: 'The assessment', key: '1', is_final: false }])).toEqual({
			status: 'ok',
			numbers: [1]
		});
		expect(await shown(null)).toEqual(['The assessment is out']);
		await post('a', [{ words: 'The assessment is out.', key: '1' }]);
		expect((await ends()).rows).toEqual(before);
		expect(await correct(captioner, 1, 'The Assessment is out.')).toBe('ok');
		await setState('ended');
		expect(await transcript(null)).toEqual(['The Assessment is out.']);
	});

	test('cannot bring back a line that a person has removed', async () => {
		await tokenOf(chair, 'a');
		await post('a', [{ words: 'a name', key: '1', is_final: false }]);
		expect(await correct(captioner, 1, '')).toBe('ok');
		expect(await post('a', [{ words: 'a name that was said', key: '1' }])).toEqual({ status: 'ok', numbers: [1] });
		expect(await kept()).toEqual([]);
		expect(await post('a', [{ words: 'Next', key: '2' }])).toMatchObject({ status: 'ok' });
		expect(await kept()).toEqual(['Next']);
		await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
		expect((await db.owner.query(`select from private.deleted_captions where run_id = $1`, [world.run])).rowCount).toBe(
			0
		);
	});

	test('are refused as a whole when any line is invalid', async () => {
		await tokenOf(chair, 'a');
		for (const lines of [
			[],
			{},
			'x',
			[{ words: 'Good' }, { words: 'x'.repeat(501) }],
			[{ words: 'Good' }, {}],
			[{ words: 'Good', took: 'long' }],
			[{ words: 'Good', is_final: 'perhaps' }],
			[{ words: 'Good', key: 'k'.repeat(65) }],
			Array.from({ length: 21 }, () => ({ words: 'Good' }))
		])
			expect(await post('a', lines)).toEqual({ status: 'invalid' });
		expect(await kept()).toEqual([]);
		await setState('ended');
		expect(await post('a', [{ words: 'Good' }])).toEqual({ status: 'refused' });
	});

	test('are refused at levels that keep nothing', async () => {
		await tokenOf(chair, 'a');
		await raise('chatham_house');
		expect(await post('a', [{ words: 'Good' }])).toEqual({ status: 'refused' });
		expect(await tokenOf(chair, 'c')).toBe('not_at_this_level');
	});
});
