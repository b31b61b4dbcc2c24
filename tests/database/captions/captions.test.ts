import { describe, expect, test } from 'vitest';
import { callFunction, codeOf, joinSession } from '../../fixtures/interpreting.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson } from '../../fixtures/world.ts';
import { useCaptions } from '../../fixtures/captioning.ts';

const db = useDatabase();
const captions = useCaptions(db);
const { write, correct, shown, kept, transcript, setState, consent, raise, tokenOf, post } = captions;

describe('captions by hand', () => {
	test('are written by the session’s captioners and people who run it, while it is live', async () => {
		const { people } = captions.world;
		const elsewhere = await makePerson(db.owner, 'Captioner of another session');
		await joinSession(db.owner, captions.world, elsewhere, 'captioner', 'members');
		const declined = await makePerson(db.owner, 'Captioner who declined');
		await joinSession(db.owner, captions.world, declined, 'captioner');
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
			expect(
				await callFunction(db.owner, who, 'read_caption_editor', captions.world.summit, 'plenary', 'en')
			).toBeNull();
		}
		expect(await write(captions.captioner, ' Good \n morning ')).toBe('ok');
		expect(await write(captions.chair, 'Bonjour', 'fr')).toBe('ok');
		for (const who of [null, people.virtual, people.newcomer])
			expect(await shown(who)).toEqual(['Good morning', 'Bonjour']);
		expect(await write(captions.captioner, ' ')).toBe('invalid');
		expect(await write(captions.captioner, 'x'.repeat(501))).toBe('invalid');
		expect(await write(captions.captioner, 'Hello', 'not a language')).toBe('invalid');
		await setState('paused');
		expect(await write(captions.captioner, 'Hello')).toBe('not_live');
		await setState('ended');
		expect(await write(captions.captioner, 'Hello')).toBe('not_found');
	});

	test('are corrected and removed, and counted once when two people write at once', async () => {
		const other = await db.connect();
		await Promise.all([
			write(captions.captioner, 'One'),
			callFunction(other, captions.chair, 'write_caption', captions.world.run, 'en', 'Two', 1000)
		]);
		expect((await kept()).sort()).toEqual(['One', 'Two']);
		const first = (await kept())[0] ?? '';
		expect(await correct(captions.captioner, 1, 'Corrected')).toBe('ok');
		expect(await correct(captions.captioner, 2, '')).toBe('ok');
		expect(await correct(captions.captioner, 9, 'x')).toBe('not_found');
		expect([await kept(), first === 'Corrected']).toEqual([['Corrected'], false]);
		for (let line = 0; line < 39; line++) await write(captions.captioner, `line ${line}`);
		expect(await write(captions.captioner, 'too much')).toBe('too_often');
	});

	test('are kept only while everybody on stage agrees, with each of their parts in the session', async () => {
		const { speaker } = captions.world.people;
		const isKept = async (words: string) => {
			await write(captions.captioner, words);
			return (
				await db.owner.query<{ is_kept: boolean }>(
					`select is_kept from private.caption_lines where run_id = $1 and words = $2`,
					[captions.world.run, words]
				)
			).rows[0]?.is_kept;
		};
		await joinSession(db.owner, captions.world, speaker, 'respondent');
		await joinSession(db.owner, captions.world, speaker, 'interpreter');
		await consent(true);
		expect(
			await callFunction(
				db.owner,
				captions.chair,
				'set_on_stage',
				captions.world.run,
				await codeOf(db.owner, speaker),
				true
			)
		).toBe('ok');
		expect(await isKept('All agree')).toBe(true);
		const engineStatus = (role: string, yes: boolean) =>
			db.owner.query(
				`update public.session_people set consent_record = $4 where session_id = $1 and person_id = $2 and role = $3::public.session_role`,
				[captions.world.sessions.public.id, speaker.person, role, yes]
			);
		await engineStatus('respondent', false);
		expect(await isKept('One part does not')).toBe(false);
		await engineStatus('speaker', false);
		expect(await isKept('Only as an interpreter')).toBe(false);
	});

	test('reach all viewers with their text, and no other run', async () => {
		const listener = await db.connect();
		const received: { topic: string; kind: string; id: string }[] = [];
		listener.on('notification', ({ payload }) =>
			received.push(JSON.parse(payload ?? '{}') as (typeof received)[number])
		);
		await listener.query('listen live_events');
		await write(captions.captioner, 'Good morning');
		await listener.query('select 1');
		const event = received.find(({ kind }) => kind === 'caption');
		expect(event?.topic).toBe(`run:${captions.world.run}`);
		const read = (run: string) =>
			db.app.query<{ event: { words: string } | null }>(`select private.caption_event($1, $2) as event`, [
				run,
				event?.id
			]);
		expect((await read(captions.world.run)).rows[0]?.event).toMatchObject({
			words: 'Good morning',
			language: 'en',
			number: 1
		});
		expect((await read(captions.world.summit)).rows[0]?.event).toBeNull();
	});
});

describe('captions of an engine', () => {
	test('arrive with a token of one run and language, which can be revoked', async () => {
		expect(await tokenOf(captions.captioner, 'a')).toBe('not_found');
		expect(await tokenOf(captions.world.people.programme, 'a')).toBe('not_found');
		expect(await tokenOf(captions.chair, 'a', 'fr')).toBe('ok');
		expect(await tokenOf(captions.chair, 'b', 'no language')).toBe('invalid');
		expect(await post('b', [{ words: 'Hello' }])).toEqual({ status: 'refused' });
		expect(await post('a', [{ words: 'Bon', key: '1', is_final: false }])).toEqual({ status: 'ok', numbers: [1] });
		expect(await post('a', [{ words: 'Bonjour', key: '1' }, { words: 'Merci' }])).toEqual({
			status: 'ok',
			numbers: [1, 2]
		});
		expect(await kept()).toEqual(['Bonjour', 'Merci']);
		const tokens = await callFunction<{ id: string; language: string }[]>(
			db.owner,
			captions.chair,
			'read_caption_tokens',
			captions.world.run
		);
		expect(tokens).toMatchObject([{ language: 'fr' }]);
		expect(await callFunction(db.owner, captions.captioner, 'read_caption_tokens', captions.world.run)).toBeNull();
		expect(await callFunction(db.owner, captions.captioner, 'revoke_caption_token', tokens[0]?.id)).toBe('not_found');
		expect(await callFunction(db.owner, captions.chair, 'revoke_caption_token', tokens[0]?.id)).toBe('ok');
		expect(await post('a', [{ words: 'Encore' }])).toEqual({ status: 'refused' });
	});

	test('cannot overwrite a line that a person has corrected', async () => {
		await tokenOf(captions.chair, 'a');
		await post('a', [{ words: 'wrong', key: '1', is_final: false }]);
		expect(await correct(captions.captioner, 1, 'Right')).toBe('ok');
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
		await tokenOf(captions.chair, 'a');
		await post('a', [{ words: 'The assess', key: '1', is_final: false }]);
		await post('a', [{ words: 'The assessment is out', key: '1' }]);
		const ends = () =>
			db.owner.query<{ ends: number }>(`select ends from private.caption_lines where run_id = $1`, [
				captions.world.run
			]);
		const before = (await ends()).rows;
		// A later one overtook it.
		expect(await post('a', [{ words: 'The assessment', key: '1', is_final: false }])).toEqual({
			status: 'ok',
			numbers: [1]
		});
		expect(await shown(null)).toEqual(['The assessment is out']);
		await post('a', [{ words: 'The assessment is out.', key: '1' }]);
		expect((await ends()).rows).toEqual(before);
		expect(await correct(captions.captioner, 1, 'The Assessment is out.')).toBe('ok');
		await setState('ended');
		expect(await transcript(null)).toEqual(['The Assessment is out.']);
	});

	test('cannot bring back a line that a person has removed', async () => {
		await tokenOf(captions.chair, 'a');
		await post('a', [{ words: 'a name', key: '1', is_final: false }]);
		expect(await correct(captions.captioner, 1, '')).toBe('ok');
		expect(await post('a', [{ words: 'a name that was said', key: '1' }])).toEqual({ status: 'ok', numbers: [1] });
		expect(await kept()).toEqual([]);
		expect(await post('a', [{ words: 'Next', key: '2' }])).toMatchObject({ status: 'ok' });
		expect(await kept()).toEqual(['Next']);
		await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [
			captions.world.run
		]);
		expect(
			(await db.owner.query(`select from private.deleted_captions where run_id = $1`, [captions.world.run])).rowCount
		).toBe(0);
	});

	test('are refused as a whole when any line is invalid', async () => {
		await tokenOf(captions.chair, 'a');
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
		await tokenOf(captions.chair, 'a');
		await raise('chatham_house');
		expect(await post('a', [{ words: 'Good' }])).toEqual({ status: 'refused' });
		expect(await tokenOf(captions.chair, 'c')).toBe('not_at_this_level');
	});
});
