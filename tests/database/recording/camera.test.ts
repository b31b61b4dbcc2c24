/* What the camera and photo crew is told: who may read it, what follows from a wish, and that it names nobody. */
import { beforeEach, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, personKinds, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Facts {
	is_off: boolean;
	stage: { place: number; role: string; name: string | null }[];
	called: number;
	unanswered: number;
	hall: { count: number; smallest: number; basis: string } | null;
	area: string;
	recording: string;
	without_consent: number;
}
interface List {
	smallest_group: number;
	marked: number;
	sessions: (Facts & { id: string; code: string })[];
}

let day: string;
beforeEach(async () => {
	day = await stage.one(
		stage.owner,
		`select min((lower(sl.during) at time zone s.zone)::date)::text
		from public.release_slots as sl join public.summits as s on s.id = sl.summit_id where s.id = $1`,
		[stage.world.summit]
	);
});
const list = (who: TestPerson | null) =>
	stage.callAs<List | null>(who, `select public.read_camera_list($1, $2)`, [stage.world.summit, day]);
const facts = (who: TestPerson | null, level: keyof typeof stage.world.sessions = 'public') =>
	stage.callAs<Facts | null>(who, `select public.read_session_camera($1)`, [stage.world.sessions[level].id]);
const saveArea = (who: TestPerson | null, words: string, level: keyof typeof stage.world.sessions = 'public') =>
	stage.callAs<string>(who, `select public.save_no_photo_area($1, $2)`, [stage.world.sessions[level].id, words]);
const forbid = (who: TestPerson, forbids = true) =>
	stage.owner.query(
		`insert into public.person_preferences (person_id, no_photographs) values ($1, $2)
		on conflict (person_id) do update set no_photographs = excluded.no_photographs`,
		[who.person, forbids]
	);
const answer = (who: TestPerson, photo: boolean) =>
	stage.owner.query(
		`update public.session_people set consent_photo = $2, consents_answered_at = now() where person_id = $1`,
		[who.person, photo]
	);
const protect = (who: TestPerson) =>
	stage.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', 'canary seal', 'key')`,
		[who.person]
	);

/** People with a confirmed seat who are in the room of the public session, which is on. */
async function peopleInHall(count: number): Promise<TestPerson[]> {
	const { summit, room, member } = stage.world;
	const checkpoint = await stage
		.one<string>(
			stage.owner,
			`insert into public.checkpoints (summit_id, kind, room_id) values ($1, 'room', $2)
		on conflict do nothing returning id`,
			[summit, room]
		)
		.then(
			async (id) =>
				id ??
				(await stage.one<string>(
					stage.owner,
					`select id from public.checkpoints where summit_id = $1 and room_id = $2 and kind = 'room'`,
					[summit, room]
				))
		);
	await stage.owner.query(`update public.allocation_policies set ceiling = 20 where summit_id = $1`, [summit]);
	const people: TestPerson[] = [];
	for (let number = 0; number < count; number++) {
		const person = await makePerson(stage.owner, `Hall canary ${number}`);
		people.push(person);
		await stage.owner.query('begin');
		const registration = await stage.one<string>(
			stage.owner,
			`insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at)
			values ($1, $2, $3, 'in_person', 'confirmed', now()) returning id`,
			[summit, person.person, member]
		);
		await stage.owner.query(
			`insert into public.seats (summit_id, registration_id, mode, member_id, state) values ($1, $2, 'in_person', $3, 'taken')`,
			[summit, registration, member]
		);
		await stage.owner.query(
			`with scanned as (
				insert into private.door_scans (id, summit_id, checkpoint_id, place, person_id, direction, scanned_at, answer, is_counted, day)
				values (gen_random_uuid(), $1, $3, $4, $2, 'in', now(), 'welcome', true, private.door_day($1)) returning id)
			insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at)
			select $1, $2, $4, $3, id, private.door_day($1), now() from scanned`,
			[summit, person.person, checkpoint, room]
		);
		await stage.owner.query('commit');
	}
	return people;
}

test('the list is for organisers of stages, of the programme and owners, of the sessions that they see', async () => {
	const { people, sessions } = stage.world;
	for (const who of [people.stage, people.programme, people.owner]) {
		const seen = (await list(who))?.sessions.map(({ id }) => id) ?? [];
		expect(seen).toContain(sessions.public.id);
		expect(seen.includes(sessions.closed.id)).toBe(who !== people.owner);
	}
	const others = personKinds.filter((kind) => !['stage', 'programme', 'owner'].includes(kind));
	for (const kind of others) {
		expect([kind, await list(people[kind])]).toEqual([kind, null]);
		expect([kind, await facts(people[kind], 'closed')]).toEqual([kind, null]);
		expect([kind, await saveArea(people[kind], 'Left block')]).toEqual([kind, 'not_allowed']);
	}
	// Who runs a session reads what its crew is told.
	expect((await facts(stage.chair))?.is_off).toBe(false);
	expect(await saveArea(stage.chair, 'Left block')).toBe('not_allowed');
	for (const call of [() => list(null), () => facts(null), () => saveArea(null, 'Left block')])
		await expect(call()).rejects.toThrow(/permission denied/);
	await expect(stage.callAs(people.stage, `select * from private.no_photo_areas`)).rejects.toThrow(/permission denied/);
});

test('a wish, an answer for the session and a consent that was not given take effect at once', async () => {
	const { people } = stage.world;
	const onStage = async () => (await facts(people.stage))?.stage.map(({ name }) => name);
	expect((await facts(people.stage))?.unanswered).toBe(2);
	await answer(people.speaker, true);
	expect(await onStage()).toEqual([]);
	await forbid(people.speaker);
	expect(await onStage()).toEqual([people.speaker.name]);
	await forbid(people.speaker, false);
	expect(await onStage()).toEqual([]);
	await answer(people.speaker, false);
	expect(await onStage()).toEqual([people.speaker.name]);
	expect(await facts(people.stage)).toMatchObject({ unanswered: 1, without_consent: 2, is_off: false });
});

test('somebody on stage is named only where the released programme names them to everybody', async () => {
	const { people } = stage.world;
	await forbid(stage.chair);
	await forbid(people.speaker);
	// The chair came after the release.
	expect((await facts(people.stage))?.stage.map(({ name }) => name).sort()).toEqual([people.speaker.name, null].sort());
	for (const { place, role, name } of (await facts(people.stage, 'members'))?.stage ?? [])
		expect({ place, role, name }).toEqual({ place: expect.any(Number), role: expect.any(String), name: null });
});

test('a protected person is listed as everybody else is, under the name that all read', async () => {
	const { people } = stage.world;
	const plain = await (async () => {
		await forbid(people.speaker);
		return facts(people.stage);
	})();
	await forbid(people.speaker, false);
	await protect(people.speaker);
	expect(await facts(people.stage)).toEqual(plain);
});

test('somebody called to the stage from the floor is counted, and not named', async () => {
	const { people, run } = stage.world;
	await stage.pass(people.virtual);
	await stage.owner.query(
		`update private.run_participants set is_on_stage = true, is_promoted = true where run_id = $1 and person_id = $2`,
		[run, people.virtual.person]
	);
	expect((await facts(people.stage))?.called).toBe(0);
	await forbid(people.virtual);
	expect((await facts(people.stage))?.called).toBe(1);
	expect(JSON.stringify(await facts(people.stage))).not.toContain(people.virtual.name);
});

test('nothing is photographed or counted where nobody is named', async () => {
	const { people } = stage.world;
	for (const level of ['chatham_house', 'closed'] as const) {
		await forbid(stage.chair);
		expect(await facts(people.stage, level)).toEqual({
			is_off: true,
			stage: [],
			called: 0,
			unanswered: 0,
			hall: null,
			area: '',
			recording: 'never',
			without_consent: 0
		});
	}
});

test('the hall is counted in steps of the smallest group, so that one more person shows nothing', async () => {
	const { people } = stage.world;
	const inside = await peopleInHall(7);
	const count = async () => (await facts(people.stage))?.hall;
	expect(await count()).toEqual({ basis: 'inside', count: 0, smallest: 5 });
	for (const [index, person] of inside.entries()) {
		await forbid(person);
		expect((await count())?.count).toBe(index < 4 ? 0 : 5);
	}
	expect((await list(people.stage))?.marked).toBe(5);
});

test('no answer has a name, an id or an address of anybody in the hall, or of who is protected', async () => {
	const { people } = stage.world;
	const inside = await peopleInHall(6);
	await forbid(people.speaker);
	for (const [index, person] of inside.entries()) await (index % 2 ? forbid(person) : protect(person));
	await protect(people.delegate);
	await saveArea(people.stage, 'Left block');
	const code = await stage.callAs<{ code: string }>(people.stage, `select public.make_hall_code($1, 'plenary')`, [
		stage.world.summit
	]);
	const answers = JSON.stringify([
		await list(people.stage),
		await facts(people.stage),
		await stage.callAs(people.stage, `select public.read_desk($1)`, [stage.world.summit]),
		await stage.one(stage.app, `select private.read_hall_camera($1, $2, 'plenary')`, [code.code, stage.world.summit])
	]);
	for (const person of [...inside, people.delegate]) {
		const { code: personCode } = await stage.one<{ code: string }>(
			stage.owner,
			`select to_jsonb(p) from public.people as p where id = $1`,
			[person.person]
		);
		for (const trace of [person.name, person.person, person.account, personCode]) expect(answers).not.toContain(trace);
	}
	expect(answers).not.toMatch(/canary|alias|protect|talk_first/i);
});

test('an area is a line of text for a session, changed and deleted by organisers of stages', async () => {
	const { people } = stage.world;
	expect(await saveArea(people.stage, '  Left block,\n rows 1 to 3 ')).toBe('ok');
	expect((await facts(stage.chair))?.area).toBe('Left block, rows 1 to 3');
	expect(await saveArea(people.programme, 'x'.repeat(201))).toBe('invalid');
	expect(await saveArea(people.stage, '')).toBe('ok');
	expect((await facts(stage.chair))?.area).toBe('');
});

test('the browser of a hall reads it by its code, and by no other', async () => {
	const { people, summit } = stage.world;
	await saveArea(people.stage, 'Left block');
	const { code } = await stage.callAs<{ code: string }>(people.stage, `select public.make_hall_code($1, 'plenary')`, [
		summit
	]);
	const read = (by: string) =>
		stage.one<{ status: string; facts?: Facts }>(stage.app, `select private.read_hall_camera($1, $2, 'plenary')`, [
			by,
			summit
		]);
	expect((await read(code)).facts?.area).toBe('Left block');
	expect(await read('WRONG')).toEqual({ status: 'refused' });
	await expect(
		stage.callAs(people.stage, `select private.read_hall_camera($1, $2, 'plenary')`, [code, summit])
	).rejects.toThrow(/permission denied/);
});

test('a change of a wish is told to the pages of the crew, without whom', async () => {
	const { people, summit } = stage.world;
	const heard: string[] = [];
	const listener = await stage.db.connect();
	listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
	await listener.query('listen live_events');
	await forbid(people.delegate);
	await expect
		.poll(async () => {
			await listener.query('select 1');
			return heard.map((one) => JSON.parse(one) as object).filter((one) => 'kind' in one && one.kind === 'photographs');
		})
		.toEqual([expect.objectContaining({ topic: `organise:${summit}`, kind: 'photographs' })]);
	expect(heard.join()).not.toContain(people.delegate.person);
});
