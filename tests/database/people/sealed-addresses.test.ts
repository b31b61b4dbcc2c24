/*
 * An address leads nobody to a protected person: everything that accepts one answers, writes and shows the same for a
 * sealed address as for an unknown one. Each test runs its steps twice from the same state, once for each address, and
 * compares everything that the caller can read afterwards.
 */
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { nameForms } from '../../../src/lib/safeguarding/names.ts';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import { makeCall, startProposal, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, makePeople, register, readValue } from '../../fixtures/registering.ts';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';
import { plain, inOneOrder } from '../../fixtures/comparing-answers.ts';

const db = useDatabase();
let world: World;
let call: OpenCall;
let proposal: string;
let hidden: TestPerson;

const sealed = 'zoraida.canary@example.org';
const unknown = 'nobody.at.all@example.org';
const alias = 'Marta Ilves';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const forms = nameForms('Zoraida Canary');
const nameHashes = { name_key_hash: hash(forms.key), name_skeleton_hash: hash(forms.skeleton) };

beforeAll(async () => {
	world = await makeWorld(db.owner);
	call = await makeCall(db.owner);
	proposal = await startProposal(db.owner, call, by('speaker'));
	[hidden] = (await makePeople(db.owner, 1)) as [TestPerson];
	await register(db.owner, hidden, world.summit, world.member, 'virtual');
	await proveAddress(db.owner, hidden, sealed);
	await chooseAlias(db.owner, hidden, alias, nameHashes.name_key_hash);
});

type Step = (address: string, before: unknown[]) => [who: TestPerson, sql: string, values: unknown[]];

/** Runs the steps in one transaction that is rolled back. */
async function run(address: string, steps: readonly Step[]): Promise<string> {
	const answers: unknown[] = [];
	await db.owner.query('begin');
	try {
		for (const step of steps) {
			const [who, sql, values] = step(address, answers);
			await setCaller(db.owner, who);
			const { rows } = await db.owner.query<{ answer: unknown }>(`select ${sql} as answer`, values);
			answers.push(inOneOrder(rows[0]?.answer ?? null));
			await db.owner.query('reset role');
		}
		return plain(answers, address);
	} finally {
		await db.owner.query('rollback');
	}
}

async function sameForBoth(steps: readonly Step[], status: string): Promise<void> {
	const [ours, theirs] = [await run(sealed, steps), await run(unknown, steps)];
	expect(ours).toBe(theirs);
	expect(ours).toContain(status);
	expect(ours).not.toContain('Zoraida');
}

const by = (kind: PersonKind) => world.people[kind];
const typed = (address: string) => ({
	hash: makeLetterHash(address),
	sealed: 'ab'.repeat(30),
	key_id: 'test',
	hint: 'x…@example.org',
	token_hash: hash(`token ${address}`),
	secret: 'cd'.repeat(80)
});
const makeLetterHash = (address: string) =>
	(JSON.parse(makeLetter(address).letter) as { address_hash: string }).address_hash;
const json = (readValue: unknown) => JSON.stringify(readValue);
const mails: Step = () => [by('registration'), `public.list_mail($1, 'queued')`, [world.summit]];
const people: Step = () => [by('registration'), `public.list_registrations($1, '{"tab":"all"}')`, [world.summit]];
const guest = (address: string, category = 'delegate') => ({
	display_name: 'Amara Okafor',
	office: '',
	category,
	member_id: world.member,
	mode: 'virtual',
	agreed: true,
	address_hash: makeLetterHash(address),
	address_sealed: 'ab'.repeat(30),
	key_id: 'test'
});
const idOf = (answer: unknown) => (answer as { id: string }).id;

describe('the same for a sealed address as for an unknown one:', () => {
	it.each(['delegate', 'press', 'crew'])(
		'the desk’s search and its walk-ins (%s), their logistics form, page and sign-in code',
		async (category) => {
			const find: Step = (address) => [
				by('registration'),
				`public.find_desk_registrations($1, '', null, $2)`,
				[world.summit, makeLetterHash(address)]
			];
			const walk: Step = (address) => [
				by('registration'),
				'public.register_walk_in($1, $2)',
				[world.summit, json(guest(address, category))]
			];
			const read =
				(sql: string, ...more: unknown[]): Step =>
				(_, before) => [by('registration'), sql, [idOf(before[1]), ...more]];
			await sameForBoth(
				[
					find,
					walk,
					find,
					walk,
					read('public.read_desk_registration($1)'),
					read('public.read_registration($1)'),
					read('public.issue_desk_code($1, $2, $3, $4)', hash('code'), hash('half'), 'passport'),
					people,
					mails
				],
				'"status": "confirmed"'
			);
		}
	);

	it.each<[string, PersonKind, string, (address: string) => unknown[], string, string]>([
		[
			'a focal point',
			'registration',
			'public.invite_focal_point($1, $2, $3)',
			(a) => [world.summit, world.member, json(typed(a))],
			'public.read_member($1, $2)',
			'member'
		],
		[
			'an organiser’s role',
			'owner',
			`public.invite_to_role($1, 'programme', $2, 'Zed')`,
			(a) => [world.summit, json(typed(a))],
			'public.list_role_invitations($1)',
			''
		],
		[
			'a part in a session',
			'programme',
			`public.invite_to_session($1, 'chair', $2, 'Zed')`,
			(a) => [world.sessions.public.id, json(typed(a))],
			'public.list_role_invitations($1, $2)',
			'session'
		],
		[
			'a reviewer',
			'programme',
			`public.invite_reviewer($1, $2, 'Zed', '{}', now() + interval '9 days')`,
			(a) => [world.summit, json(typed(a))],
			'public.list_reviewer_invitations($1)',
			''
		],
		[
			'a delegate',
			'focal',
			`public.invite_delegate($1, $2, 'virtual', $3)`,
			(a) => [world.summit, world.member, makeLetter(a).letter],
			'public.read_delegation($1)',
			''
		],
		[
			'a seat that is handed over',
			'focal',
			'public.transfer_seat_by_invitation($1, $2)',
			(a) => [world.registrations.delegate, makeLetter(a).letter],
			'public.read_delegation($1)',
			''
		]
	])('an invitation: %s', async (_what, kind, sql, values, list, second) => {
		const more = { member: world.member, session: world.sessions.public.id }[second];
		await sameForBoth(
			[
				(address) => [by(kind), sql, values(address)],
				(address) => [by(kind), sql, values(address)],
				() => [by(kind), list, more ? [world.summit, more] : [world.summit]],
				mails
			],
			'ok'
		);
	});

	it('a co-author and a co-speaker', async () => {
		const author = by('speaker');
		const invite: Step = (address) => [
			author,
			`public.invite_to_proposal($1, 'speaker', true, 'Zed', $2)`,
			[proposal, makeLetter(address).letter]
		];
		await sameForBoth([invite, invite, () => [author, 'public.read_proposal($1)', [proposal]]], 'ok');
		const part = await readValue<string>(
			db.owner,
			'select id from public.session_people where person_id = $1 limit 1',
			[by('speaker').person]
		);
		const suggest: Step = (address) => [
			by('speaker'),
			`public.suggest_co_speaker($1, 'speaker', $2, 'Zed')`,
			[part, json(typed(address))]
		];
		await sameForBoth([suggest, suggest, () => [by('speaker'), 'public.list_co_speakers($1)', [part]]], 'ok');
	});

	it('the watch list, by address and by name, for owners: before and after another person confirms', async () => {
		const owner = by('owner');
		const add: Step = (address) => [
			owner,
			'public.add_watch_list_entry($1, $2)',
			[
				world.summit,
				json({
					details_sealed: 'ab'.repeat(40),
					key_id: 'k',
					name: 'Somebody Else',
					address_hash: makeLetterHash(address),
					...(address === sealed ? nameHashes : { name_key_hash: hash('a'), name_skeleton_hash: hash('b') })
				})
			]
		];
		const read: Step = () => [owner, 'public.read_watch_list($1)', [world.summit]];
		const confirm: Step = (_, before) => [
			by('safeguarding'),
			`public.update_watch_list_entry($1, $2, 'confirm')`,
			[world.summit, idOf(before[0])]
		];
		const accredit: Step = () => [
			by('registration'),
			`public.decide_registrations(array(select id from public.registrations where summit_id = $1 and state in ('submitted', 'nominated') order by id), 'accredit', '')`,
			[world.summit]
		];
		await sameForBoth([add, read, confirm, read, accredit, read, people, mails], '"matches": []');
	});
});

describe('the log of sealed addresses', () => {
	it('shows safeguarding only whose address was typed at the desk', async () => {
		await callAs(db.owner, by('registration'), 'public.register_walk_in($1, $2)', [world.summit, json(guest(sealed))]);
		await callAs(db.owner, by('registration'), `public.find_desk_registrations($1, '', null, $2)`, [
			world.summit,
			makeLetterHash(unknown)
		]);
		const list = (kind: PersonKind) => callAs(db.owner, by(kind), 'public.list_sealed_lookups($1)', [world.summit]);
		expect(await list('safeguarding')).toMatchObject([
			{ kind: 'walk_in', display_name: alias, registration: { display_name: 'Amara Okafor' } }
		]);
		for (const kind of ['owner', 'registration', 'programme', 'delegate'] as const) expect(await list(kind)).toBeNull();
		const mailed = () =>
			readValue<number>(
				db.owner,
				`select count(*)::integer from private.outbox where template = 'safeguarding_needed' and person_id = $1`,
				[by('safeguarding').person]
			);
		// One notification arrived when the person took the alias.
		await db.owner.query(`delete from private.outbox where template = 'safeguarding_needed'`);
		expect(await mailed()).toBe(0);
		await db.owner.query('select private.sweep_deadlines()');
		expect(await mailed()).toBe(1);
	});

	it('the code of the desk opens nothing of a protected person', async () => {
		const { id } = (await callAs(db.owner, by('registration'), 'public.register_walk_in($1, $2)', [
			world.summit,
			json(guest(sealed))
		])) as { id: string };
		await callAs(db.owner, by('registration'), 'public.issue_desk_code($1, $2, $3, $4)', [
			id,
			hash('c'),
			hash('h'),
			'passport'
		]);
		const app = await db.connect(db.appUrl);
		const { rows } = await app.query('select * from private.use_desk_code($1, $2, $3)', [
			Buffer.from(hash('c'), 'hex'),
			Buffer.from(hash('h'), 'hex'),
			randomBytes(32)
		]);
		await app.end();
		expect(rows).toEqual([{ status: 'wrong', address_sealed: null, key_id: null }]);
	});
});
