/* A content note that changes is confirmed again: for the words that were shown, and for nothing else. */
import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

const write = (en: string) =>
	stage.owner.query(`update public.sessions set content_note = $2 where id = $1`, [
		stage.world.sessions.public.id,
		en === '' ? {} : { original: 'en', en }
	]);
const publish = () =>
	stage.callAs<{ status: string }>(stage.world.people.programme, `select public.publish_release($1)`, [
		stage.world.summit
	]);
const bare = async (who: TestPerson | null, hasSaid = false) => (await stage.pass(who, 'stage', null, hasSaid)).status;
const version = () =>
	stage.one<string>(stage.owner, `select private.shown_note_version($1)`, [stage.world.sessions.public.id]);
const confirm = (who: TestPerson, note?: string) =>
	stage.callAs<string>(who, `select public.confirm_notice($1, $2)`, [stage.world.sessions.public.id, note ?? null]);
const read = (who: TestPerson) =>
	stage.callAs<{ is_confirmed: boolean; session: { note_version: string } }>(
		who,
		`select public.read_stage($1, 'plenary')`,
		[stage.world.summit]
	);

describe('a content note that changed', () => {
	test('is confirmed again before the next pass, by those who watch and not by those who work', async () => {
		const { virtual, speaker } = stage.world.people;
		await write('Abuse is described.');
		await publish();
		expect(await bare(virtual)).toBe('unconfirmed');
		expect([await confirm(virtual), await bare(virtual)]).toEqual(['ok', 'ok']);
		expect((await read(virtual)).is_confirmed).toBe(true);
		await write('Abuse is described, and a court drawing is shown.');
		// What is not released yet is shown to nobody, and asks nobody.
		expect(await bare(virtual)).toBe('ok');
		await publish();
		expect([await bare(virtual), await bare(null), await bare(speaker)]).toEqual(['unconfirmed', 'unconfirmed', 'ok']);
		expect((await read(virtual)).is_confirmed).toBe(false);
		// Another change of the agenda asks nothing again.
		expect([await confirm(virtual), await bare(virtual)]).toEqual(['ok', 'ok']);
		await stage.owner.query(`update public.sessions set title = '{"original":"en","en":"Other"}' where id = $1`, [
			stage.world.sessions.public.id
		]);
		await publish();
		expect(await bare(virtual)).toBe('ok');
		await write('');
		await publish();
		expect([await bare(virtual), await bare(null)]).toEqual(['ok', 'ok']);
	});

	test('is not confirmed by a viewer who was shown the note before', async () => {
		const { virtual } = stage.world.people;
		await write('Abuse is described.');
		const before = await version();
		await write('Abuse is described in detail.');
		expect([await confirm(virtual, before), await bare(virtual)]).toEqual(['ok', 'unconfirmed']);
		for (const made of ['', 'x'.repeat(4000)])
			expect([await confirm(virtual, made), await bare(virtual)]).toEqual(['ok', 'unconfirmed']);
		expect([await confirm(virtual, await version()), await bare(virtual)]).toEqual(['ok', 'ok']);
	});

	test('keeps no words of the note and one row for each person', async () => {
		const { virtual } = stage.world.people;
		for (const words of ['First.', 'Second.']) {
			await write(words);
			await confirm(virtual);
		}
		const { rows } = await stage.owner.query(
			`select note_version = $2 as is_newest from private.entry_notices where session_id = $1`,
			[stage.world.sessions.public.id, await version()]
		);
		expect(rows).toEqual([{ is_newest: true }]);
	});

	test('reaches open stages at once, and no other session’s', async () => {
		const listener = await stage.db.connect();
		const heard: string[] = [];
		listener.on('notification', ({ payload }) => {
			const event = JSON.parse(payload ?? '{}') as { topic: string; kind: string; id: string };
			if (event.kind === 'stage') heard.push(`${event.topic} ${event.id}`);
		});
		await listener.query('listen live_events');
		const { sessions, run } = stage.world;
		const event = `session:${sessions.public.id} ${run}`;
		await write('Abuse is described.');
		await expect.poll(() => heard).toEqual([event]);
		await publish();
		await expect.poll(() => heard).toEqual([event, event]);
		// The same words again are no change.
		await write('Abuse is described.');
		await publish();
		await stage.owner.query(`update public.sessions set content_note = '{"original":"en","en":"A"}' where id = $1`, [
			sessions.members.id
		]);
		await publish();
		await listener.query('select 1');
		expect(heard).toEqual([event, event]);
	});
});
