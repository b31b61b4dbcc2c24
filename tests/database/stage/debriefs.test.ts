/* Debriefs: offered once, after a session with a content note, to those who worked in it and to nobody else. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

const note = { original: 'en', en: 'Abuse is described.' };
const debrief = { original: 'en', en: 'At 18:00 in the room Tala.' };

const warn = (words: object) =>
	stage.owner.query(`update public.sessions set content_note = $2 where id = $1`, [
		stage.world.sessions.public.id,
		words
	]);
const mails = async () =>
	(
		await stage.owner.query<{ person_id: string; params: Record<string, unknown> }>(
			`select person_id, params from private.outbox where template = 'debrief_offered' and summit_id = $1`,
			[stage.world.summit]
		)
	).rows;
const written = async () => (await mails()).map(({ person_id }) => person_id).sort();
const end = () => stage.setState(stage.chair, stage.world.run, 'ended');
const offered = (who: TestPerson | null) =>
	stage.callAs<{ text: unknown; sessions: { code: string }[] } | null>(who, `select public.my_debriefs($1)`, [
		stage.world.summit
	]);
const setText = () =>
	stage.owner.query(`insert into public.summit_texts (summit_id, kind, body) values ($1, 'debrief', $2)`, [
		stage.world.summit,
		debrief
	]);

async function addAddresses() {
	const { people } = stage.world;
	for (const { person } of [stage.chair, ...Object.values(people)])
		await stage.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, '\\x00', 'k') on conflict do nothing`,
			[person, createHash('sha256').update(person).digest()]
		);
}

describe('the offer of a debrief', () => {
	beforeEach(async () => {
		await warn(note);
		await setText();
		await addAddresses();
		await stage.join(stage.world.people.listed, 'interpreter', 'public');
	});

	test('goes once to the people of the session, with where to turn to, and to nobody else', async () => {
		const { people, sessions } = stage.world;
		await stage.pass(people.virtual);
		const crew = [stage.chair, people.speaker, people.listed].map(({ person }) => person).sort();
		expect(await offered(people.listed)).toBeNull();
		expect(await end()).toBe('ok');
		expect(await written()).toEqual(crew);
		expect((await mails())[0]?.params).toMatchObject({ debrief, contacts: [] });
		for (const who of [stage.chair, people.speaker, people.listed])
			expect(await offered(who)).toMatchObject({ text: debrief, sessions: [{ code: sessions.public.code }] });
		for (const who of [
			people.virtual,
			people.delegate,
			people.owner,
			people.stage,
			people.safeguarding,
			people.programme
		])
			expect(await offered(who)).toBeNull();
		// Opened and ended again, the same session is no second offer.
		const { run } = await stage.openRun(stage.chair, 'public');
		await stage.setState(stage.chair, run, 'live');
		await stage.setState(stage.chair, run, 'ended');
		expect(await written()).toEqual(crew);
		expect((await offered(people.listed))?.sessions).toHaveLength(1);
	});

	test('is not made after a session without a note, that was cancelled, or that never began', async () => {
		const { people, sessions } = stage.world;
		await warn({});
		await end();
		expect([await written(), await offered(people.listed)]).toEqual([[], null]);
		await warn(note);
		const { run } = await stage.openRun(stage.chair, 'public');
		await stage.setState(stage.chair, run, 'ended');
		expect(await written()).toEqual([]);
		const { run: live } = await stage.openRun(stage.chair, 'public');
		await stage.setState(stage.chair, live, 'live');
		await stage.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [sessions.public.id]);
		expect(await stage.one(stage.owner, `select state from public.runs where id = $1`, [live])).toBe('ended');
		expect([await written(), await offered(people.listed)]).toEqual([[], null]);
	});

	test('needs a text or a contact of the Summit, and leaves out who declined', async () => {
		const { people, summit } = stage.world;
		await stage.owner.query(`delete from public.summit_texts where summit_id = $1`, [summit]);
		await stage.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [
			people.listed.person
		]);
		await stage.owner.query('begin');
		await stage.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [
			stage.world.run
		]);
		expect(await written()).toEqual([]);
		await stage.owner.query('rollback');
		await stage.owner.query(
			`insert into public.summit_contacts (summit_id, kind, label, telephone) values ($1, 'wellbeing', '{"original":"en","en":"Team"}', '1')`,
			[summit]
		);
		await end();
		expect(await written()).toEqual([stage.chair.person, people.speaker.person].sort());
		expect((await mails())[0]?.params['contacts']).toMatchObject([{ telephone: '1' }]);
	});

	test('is lost or made with the end of the run, as one act', async () => {
		const killed = await stage.db.connect();
		await killed.query('begin');
		await killed.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [stage.world.run]);
		await killed.query('rollback');
		expect(await written()).toEqual([]);
		await end();
		expect(await written()).toHaveLength(3);
	});
});

describe('what is written about debriefs', () => {
	test('is read by owners alone, on every path', async () => {
		const { people, summit, slug } = stage.world;
		await setText();
		const rows = (who: TestPerson | null) =>
			stage.callAs<number>(
				who,
				`select count(*)::int from public.summit_texts where summit_id = $1 and kind = 'debrief'`,
				[summit]
			);
		const read = (who: TestPerson | null) =>
			stage.callAs<boolean>(who, `select public.read_summit($1) -> 'texts' ? 'debrief'`, [slug]);
		expect([await rows(people.owner), await read(people.owner)]).toEqual([1, true]);
		for (const who of [null, people.delegate, people.speaker, people.programme, people.stage])
			expect([await rows(who), await read(who)]).toEqual([0, false]);
	});

	test('shows organisers no mail of it', async () => {
		await warn(note);
		await setText();
		await addAddresses();
		await end();
		expect(await written()).toHaveLength(2);
		const { people, summit } = stage.world;
		const listed = await stage.callAs<unknown>(people.registration, `select public.list_mail($1)`, [summit]);
		expect(JSON.stringify(listed)).not.toContain('debrief');
	});
});
