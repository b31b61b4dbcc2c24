/* Who reads a concern about a lead, and one that no lead may read. */
import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { concernActs } from '../../fixtures/raising-concerns.ts';

const stage = useStageWorld();

const { raise, list, ids, close, mark, waiting, mails, newLead, speakAt } = concernActs(stage);

describe('a concern about a lead', () => {
	const ways: [string, (lead: TestPerson) => Promise<string>][] = [
		[
			'marked by another lead',
			async (lead) => {
				const id = await raise();
				expect(await mark(await newLead('Who Marks'), id, lead)).toBe('ok');
				return id;
			}
		],
		['named by the reporter as one of safeguarding', () => raise({ lead: true })],
		[
			'of a session of theirs',
			async (lead) => {
				await speakAt(lead, stage.world.sessions.members.id);
				return raise({ session: stage.world.sessions.members.id });
			}
		],
		[
			'of a session that became theirs later',
			async (lead) => {
				const id = await raise({ session: stage.world.sessions.members.id });
				await speakAt(lead, stage.world.sessions.members.id);
				return id;
			}
		],
		[
			'of a session that was theirs then',
			async (lead) => {
				await speakAt(lead, stage.world.sessions.members.id);
				const id = await raise({ session: stage.world.sessions.members.id });
				await stage.owner.query(`delete from public.session_people where person_id = $1`, [lead.person]);
				return id;
			}
		],
		[
			'about somebody whom they act for',
			async (lead) => {
				await stage.owner.query(
					`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
					[lead.account, stage.world.people.virtual.person]
				);
				const id = await raise();
				expect(await mark(await newLead('Who Marks'), id, stage.world.people.virtual)).toBe('ok');
				return id;
			}
		]
	];

	test.each(ways)('%s is neither read nor counted nor closed by them', async (_, about) => {
		const { safeguarding } = stage.world.people;
		const id = await about(safeguarding);
		// A lead whom it does not concern reads it, also when appointed after it was raised.
		const other = await newLead();
		expect(await list(safeguarding, id)).toEqual({ concerns: [], batches: [] });
		expect([
			await close(safeguarding, id),
			await mark(safeguarding, id, other),
			await mark(safeguarding, id, safeguarding, false)
		]).toEqual(['not_found', 'not_found', 'not_found']);
		expect(await ids(other)).toEqual([id]);
		expect(await close(other, id)).toBe('ok');
		const audit = await stage.callAs<object>(safeguarding, `select public.list_audit($1, '{}')`, [stage.world.summit]);
		expect(JSON.stringify(audit)).not.toContain(id);
	});

	test('about a message is not read by the message’s author, named or not', async () => {
		const { safeguarding, delegate } = stage.world.people;
		const other = await newLead();
		for (const author of ['person', 'hash'] as const) {
			const message = await stage.one<string>(
				stage.owner,
				`insert into private.chat_messages (run_id, session_id, person_id, author_hash, body) values ($1, $2, $3, $4, 'canary') returning id`,
				[
					stage.world.run,
					stage.world.sessions.public.id,
					author === 'person' ? safeguarding.person : null,
					author === 'hash'
						? await stage.one(stage.owner, `select private.hash_participant($1, $2)`, [
								stage.world.sessions.public.id,
								safeguarding.person
							])
						: null
				]
			);
			expect(
				await stage.one(stage.app, `select private.report_message($1, $2, 'canary words', 'key', $3)`, [
					delegate.person,
					message,
					Buffer.from(author)
				])
			).toBe('ok');
		}
		await stage.owner.query(`delete from private.session_salts`);
		expect(await ids(safeguarding)).toEqual([]);
		expect(await ids(other)).toHaveLength(2);
	});
});

describe('a concern that no lead may read', () => {
	test('notifies the owners that it needs another reader, without its content', async () => {
		const { safeguarding, owner, registration } = stage.world.people;
		const id = await raise({ lead: true });
		expect((await mails('concern_raised')).map(({ person_id }) => person_id)).not.toContain(safeguarding.person);
		expect(await mails('concern_unread')).toContainEqual({ person_id: owner.person, params: {} });
		expect([await waiting(owner), await waiting(registration), await waiting(safeguarding)]).toEqual([1, 0, 0]);
		expect([await list(owner), await close(owner, id)]).toEqual([null, 'not_found']);
	});

	test('is read by a deputy whom owners appoint, who reads no other concern', async () => {
		const { safeguarding, owner, newcomer } = stage.world.people;
		const [plain, hidden] = [await raise(), await raise({ lead: true })];
		const named = await stage.callAs<string>(owner, `select public.name_concern_deputy($1, $2)`, [
			newcomer.person,
			stage.world.summit
		]);
		// The only owner of this Summit decides alone.
		expect(named).toBe('ok');
		expect(await ids(newcomer)).toEqual([hidden]);
		expect(await close(newcomer, plain)).toBe('not_found');
		expect(await ids(safeguarding)).toEqual([plain]);
		expect(await waiting(owner)).toBe(0);
		expect(await close(newcomer, hidden)).toBe('ok');
	});

	test('whose deputy has lost the role is known to the other owners, and to no lead', async () => {
		const { safeguarding, owner, newcomer } = stage.world.people;
		const second = await makePerson(stage.owner, 'Second Owner');
		const name = () =>
			stage.callAs<string>(owner, `select public.name_concern_deputy($1, $2)`, [newcomer.person, stage.world.summit]);
		expect(await name()).toBe('ok');
		await stage.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
			second.person,
			stage.world.summit
		]);
		const { rows } = await stage.owner.query<{ id: string }>(
			`select id from private.concern_deputies where summit_id = $1 and ended_at is null`,
			[stage.world.summit]
		);
		const end = (by: TestPerson) => stage.callAs<string>(by, `select public.end_role($1)`, [rows[0]?.id]);
		expect(await end(safeguarding)).toBe('not_allowed');
		expect([await end(owner), await end(owner)]).toEqual(['ok', 'already']);
		const mailed = (await mails('role_changed')).filter(({ params }) => 'role' in params && params.role === 'deputy');
		expect(mailed).toEqual([{ person_id: second.person, params: { role: 'deputy', change: 'ended' } }]);
	});

	test('notifies owners whom it does not concern, and all owners when it concerns each of them', async () => {
		const { owner, safeguarding } = stage.world.people;
		const second = await makePerson(stage.owner, 'Second Owner');
		await stage.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
			second.person,
			stage.world.summit
		]);
		await speakAt(owner, stage.world.sessions.members.id);
		await speakAt(safeguarding, stage.world.sessions.members.id);
		await raise({ session: stage.world.sessions.members.id });
		expect([await waiting(owner), await waiting(second)]).toEqual([0, 1]);
		await speakAt(second, stage.world.sessions.members.id);
		expect([await waiting(owner), await waiting(second)]).toEqual([1, 1]);
	});
});
