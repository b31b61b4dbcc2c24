import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Slides {
	shown: { version: string; page: number; pages: number } | null;
	may_present: boolean;
	files: { id: string; name: string }[] | null;
}

/** A file of the public session, in its state after an upload. */
async function addFile(name: string, mediaType = 'application/pdf', level: 'public' | 'closed' = 'public') {
	const object = Array.from({ length: 32 }, () => 'abcdefghijklmnop'[Math.floor(Math.random() * 16)]).join('');
	await stage.owner.query(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values ($1, $2, 10, sha256('x'), 'kept', 'clean')`,
		[object, mediaType]
	);
	const file = await stage.one<string>(
		stage.owner,
		`insert into private.session_files (session_id, summit_id, kind, level) values ($1, $2, 'slides', 'public') returning id`,
		[stage.world.sessions[level].id, stage.world.summit]
	);
	await stage.owner.query(
		`insert into private.file_versions (file_id, number, object_name, shown_name) values ($1, 1, $2, $3)`,
		[file, object, name]
	);
	return { file, object };
}

const read = (who: TestPerson | null) =>
	stage.callAs<Slides | null>(who, `select public.read_slides($1)`, [stage.world.run]);
const present = (who: TestPerson, file: string | null) =>
	stage.callAs<{ status: string; version?: string }>(who, `select public.present_slides($1, $2)`, [
		stage.world.run,
		file
	]);
const turn = (who: TestPerson, page: number) =>
	stage.callAs<string>(who, `select public.turn_slide($1, $2)`, [stage.world.run, page]);
const objectOf = (who: TestPerson | null, version: string | undefined, page: number) =>
	stage.one<string | null>(stage.app, `select private.slide_object($1, $2, $3, $4)`, [
		who?.person ?? null,
		stage.world.run,
		version,
		page
	]);
const note = (version: string | undefined, pages: number | null) =>
	stage.app.query(`select private.save_slide_pages($1, $2, $3)`, [stage.world.run, version, pages]);

describe('slides', () => {
	test('are shown by people who run the session or are on stage, from its own PDFs', async () => {
		const { people, run } = stage.world;
		const { file } = await addFile('Figures.pdf');
		await addFile('Notes.odt', 'application/vnd.oasis.opendocument.text');
		const { file: elsewhere } = await addFile('Closed.pdf', 'application/pdf', 'closed');
		expect(await read(people.delegate)).toEqual({ shown: null, may_present: false, files: null });
		expect(await read(stage.chair)).toMatchObject({ may_present: true, files: [{ id: file, name: 'Figures.pdf' }] });
		for (const who of [people.delegate, people.speaker, people.programme, people.newcomer])
			expect([(await present(who, file)).status, await turn(who, 1)]).toEqual(['not_found', 'not_found']);
		expect((await present(stage.chair, elsewhere)).status).toBe('not_found');
		await stage.setOnStage(stage.chair, run, people.speaker, true);
		const { status, version } = await present(people.speaker, file);
		expect(status).toBe('ok');
		// Nothing is shown until its number of pages is known.
		expect((await read(null))?.shown).toBeNull();
		await note(version, 12);
		expect((await read(null))?.shown).toEqual({ version, page: 1, pages: 12 });
		expect([await turn(people.speaker, 13), await turn(people.speaker, 0), await turn(people.speaker, 4)]).toEqual([
			'not_possible',
			'not_possible',
			'ok'
		]);
		expect(await stage.one(stage.app, `select private.slides_event($1, null)`, [run])).toEqual({
			version,
			page: 4,
			pages: 12
		});
		await stage.setOnStage(stage.chair, run, people.speaker, false);
		expect(await turn(people.speaker, 5)).toBe('not_found');
		expect((await present(stage.chair, null)).status).toBe('ok');
		expect((await read(null))?.shown).toBeNull();
	});

	test('cannot be turned, or seen further ahead, by a delegate who is called from the floor', async () => {
		const { people, run } = stage.world;
		const { file } = await addFile('Figures.pdf');
		const { version } = await present(stage.chair, file);
		await note(version, 12);
		await stage.callAs(people.virtual, `select public.raise_hand($1)`, [run]);
		const hand = await stage.one(stage.owner, `select id from private.hands where run_id = $1`, [run]);
		expect(await stage.callAs(stage.chair, `select public.call_hand($1)`, [hand])).toBe('ok');
		expect(await stage.one(stage.owner, `select count(*)::int from private.on_stage($1)`, [run])).toBe(1);
		expect(await read(people.virtual)).toMatchObject({ may_present: false, files: null });
		expect([
			(await present(people.virtual, null)).status,
			await turn(people.virtual, 2),
			await objectOf(people.virtual, version, 12)
		]).toEqual(['not_found', 'not_found', null]);
	});

	test('are readable up to the furthest one shown, by people who may watch, during the run', async () => {
		const { people, sessions, run } = stage.world;
		const { file, object } = await addFile('Figures.pdf');
		const { version } = await present(stage.chair, file);
		await note(version, 12);
		await turn(stage.chair, 3);
		await turn(stage.chair, 2);
		for (const who of [null, people.delegate, people.virtual]) {
			expect(await objectOf(who, version, 1)).toBe(object);
			// The one after it is sent ahead, so that turning is immediate.
			expect(await objectOf(who, version, 4)).toBe(object);
			expect(await objectOf(who, version, 5)).toBeNull();
		}
		expect(await objectOf(stage.chair, version, 12)).toBe(object);
		await stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
			sessions.public.id
		]);
		expect([await objectOf(null, version, 1), await objectOf(people.newcomer, version, 1)]).toEqual([null, null]);
		expect(await objectOf(people.delegate, version, 1)).toBe(object);
		await stage.owner.query(`update private.file_versions set withdrawn_at = now() where id = $1`, [version]);
		expect(await objectOf(people.delegate, version, 1)).toBeNull();
		await stage.setState(people.stage, run, 'ended');
		expect(await objectOf(stage.chair, version, 1)).toBeNull();
	});

	test('that cannot be opened are removed again', async () => {
		const { file } = await addFile('Broken.pdf');
		const { version } = await present(stage.chair, file);
		await note(version, null);
		expect(
			await stage.one(stage.owner, `select count(*)::int from private.run_slides where run_id = $1`, [stage.world.run])
		).toBe(0);
	});

	test('that are turned or shown hide a poll that covers them', async () => {
		const { people, run, sessions, summit } = stage.world;
		const { file } = await addFile('Figures.pdf');
		const { version } = await present(stage.chair, file);
		await note(version, 12);
		await stage.callAs(
			stage.chair,
			`select public.create_poll($1, 'Which?', 'single', '{One,Two}', false, true, true)`,
			[sessions.public.id]
		);
		const poll = await stage.one<string>(stage.owner, `select id from private.polls where session_id = $1`, [
			sessions.public.id
		]);
		const shown = async () =>
			(
				await stage.callAs<{ flow: { poll: string | null } }>(
					people.delegate,
					`select public.read_stage($1, 'plenary')`,
					[summit]
				)
			).flow.poll;
		for (const act of [() => turn(stage.chair, 2), () => present(stage.chair, file)]) {
			expect(await stage.callAs(stage.chair, `select public.show_poll($1, $2)`, [run, poll])).toBe('ok');
			expect(await shown()).toBe(poll);
			await act();
			expect(await shown()).toBeNull();
		}
	});
});
