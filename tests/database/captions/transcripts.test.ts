import { describe, expect, test } from 'vitest';
import { callFunction } from '../../fixtures/interpreting.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { useCaptions } from '../../fixtures/captioning.ts';

const db = useDatabase();
const captions = useCaptions(db);
const { write, shown, kept, transcript, setState, consent, raise } = captions;

describe('transcripts', () => {
	test('are available after the end, while all speakers agree, to people who may follow the session', async () => {
		await consent(true);
		await write(captions.captioner, 'Good morning');
		expect(await transcript(null)).toBeNull();
		await setState('ended');
		const read = async () => [
			await transcript(null),
			await transcript(captions.world.people.delegate),
			await transcript(null, 'fr')
		];
		expect(await read()).toEqual([['Good morning'], ['Good morning'], null]);
		await consent(true, false);
		expect(await read()).toEqual([null, null, null]);
		await consent(true);
		await raise('members');
		expect([
			await transcript(null),
			await transcript(captions.world.people.newcomer),
			await transcript(captions.world.people.virtual)
		]).toEqual([null, null, ['Good morning']]);
		await raise('closed', 'listed');
		expect(await kept()).toEqual([]);
		await raise('members');
		expect(await transcript(captions.world.people.virtual)).toBeNull();
	});

	test('leave out what was said while somebody who had not agreed was on stage', async () => {
		await db.owner.query(
			`update public.session_people set consent_record = true, consent_publish = true where person_id <> $1`,
			[captions.world.people.speaker.person]
		);
		await write(captions.captioner, 'Before');
		const code = (
			await db.owner.query<{ code: string }>(`select code from public.people where id = $1`, [
				captions.world.people.speaker.person
			])
		).rows[0]?.code;
		await callFunction(db.owner, captions.chair, 'set_on_stage', captions.world.run, code, true);
		await write(captions.captioner, 'Meanwhile');
		expect(await shown(null)).toEqual(['Before', 'Meanwhile']);
		await setState('ended');
		await consent(true);
		expect([await transcript(null), await kept()]).toEqual([['Before'], ['Before']]);
	});

	test('are hidden when a speaker withdraws consent, and then leaves or declines the session', async () => {
		const { speaker } = captions.world.people;
		await consent(true);
		const code = (
			await db.owner.query<{ code: string }>(`select code from public.people where id = $1`, [speaker.person])
		).rows[0]?.code;
		await callFunction(db.owner, captions.chair, 'set_on_stage', captions.world.run, code, true);
		await write(captions.captioner, 'Words of the speaker');
		await callFunction(db.owner, captions.chair, 'set_on_stage', captions.world.run, code, false);
		await setState('ended');
		const listed = () =>
			callFunction<string[]>(
				db.owner,
				null,
				'list_transcripts',
				captions.world.summit,
				captions.world.sessions.public.code
			);
		expect([await transcript(null), await listed()]).toEqual([['Words of the speaker'], ['en']]);
		const change = (set: string) =>
			db.owner.query(`update public.session_people set ${set} where person_id = $1`, [speaker.person]);
		for (const set of ['consent_record = false', `state = 'declined'`]) {
			await change(set);
			expect([await transcript(null), await listed()]).toEqual([null, []]);
		}
		await db.owner.query(`delete from public.session_people where person_id = $1`, [speaker.person]);
		expect([await transcript(null), await listed()]).toEqual([null, []]);
	});

	test('leave out what was said while somebody from the floor was on stage, because they were not asked', async () => {
		await consent(true);
		await write(captions.captioner, 'Before');
		await db.owner.query(`select private.ensure_participant($1, $2)`, [
			captions.world.run,
			captions.world.people.virtual.person
		]);
		await db.owner.query(
			`update private.run_participants set is_promoted = true, is_on_stage = true where run_id = $1 and person_id = $2`,
			[captions.world.run, captions.world.people.virtual.person]
		);
		await write(captions.captioner, 'From the floor');
		expect(await shown(null)).toEqual(['Before', 'From the floor']);
		await setState('ended');
		expect([await transcript(null), await kept()]).toEqual([['Before'], ['Before']]);
	});

	test('never exist at Chatham House and closed levels: lines are shown, and erased at the end', async () => {
		for (const [level, audience, reader] of [
			['chatham_house', 'registered', captions.world.people.virtual],
			['closed', 'listed', captions.captioner]
		] as const) {
			await raise(level, audience);
			await consent(true);
			expect(await write(captions.captioner, 'In confidence')).toBe('ok');
			expect(await shown(reader)).toEqual(['In confidence']);
			expect([await shown(null), await shown(captions.world.people.newcomer)]).toEqual([null, null]);
		}
		await setState('ended');
		expect([
			await kept(),
			await transcript(captions.world.people.virtual),
			await transcript(captions.captioner)
		]).toEqual([[], null, null]);
	});
});
