/*
 * The help desk: whom a search finds and by what, and that a walk-in gets a seat by the rules for everybody, or a place
 * in the queue.
 */
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
	callAs,
	faultsOf,
	makeSummit,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Found {
	id: string;
	display_name: string;
}
interface Walked {
	status: string;
	id?: string;
	faults?: string[];
	queue_reason?: string | null;
}

const db = useDatabase();

const hashOf = (address: string) => createHash('sha256').update(address).digest('hex');
const address = (of: string = randomUUID()) => ({
	address_hash: hashOf(of),
	address_sealed: 'ab'.repeat(30),
	key_id: 'k'
});

describe('finding a person', () => {
	let world: World;
	beforeEach(async () => {
		world = await makeWorld(db.owner);
	});
	const find = (
		query: string,
		rest: { badge?: string; hash?: string } = {},
		who: TestPerson = world.people.registration
	) =>
		callAs<Found[] | null>(db.owner, who, 'public.find_desk_registrations($1, $2, $3, $4)', [
			world.summit,
			query,
			rest.badge ?? null,
			rest.hash ?? null
		]);
	const badge = () =>
		db.owner.query<{ id: string; badge_code: string }>(
			'select id, badge_code from public.badges where registration_id = $1',
			[world.registrations.delegate]
		);

	it('is for registration organisers', async () => {
		for (const kind of personKinds) {
			const may = kind === 'registration' || kind === 'owner';
			expect([kind, (await find('Person', {}, world.people[kind])) !== null]).toEqual([kind, may]);
			expect([
				kind,
				(await callAs(db.owner, world.people[kind], 'public.read_desk_registration($1)', [
					world.registrations.delegate
				])) !== null
			]).toEqual([kind, may]);
		}
	});

	it('works by name, reference, badge code and QR code, old ones included', async () => {
		const { name } = world.people.delegate;
		const reference = await readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [
			world.registrations.delegate
		]);
		const { id = '', badge_code: badgeCode = '' } = (await badge()).rows[0] ?? {};
		const only = [expect.objectContaining({ id: world.registrations.delegate, display_name: name })];
		expect(await find(name.toUpperCase())).toEqual(only);
		expect(await find(reference)).toEqual(only);
		expect(await find(badgeCode.toLowerCase().replace(/(.{4})/g, '$1 '))).toEqual(only);
		await db.owner.query(`update public.badges set revoked_at = now(), revoked_reason = 'lost' where id = $1`, [id]);
		await db.owner.query(`insert into public.badges (summit_id, registration_id) values ($1, $2)`, [
			world.summit,
			world.registrations.delegate
		]);
		expect(await find('', { badge: id })).toEqual(only);
		expect(await find('')).toEqual([]);
		expect(await find('%')).toEqual([]);
		const other = await makeWorld(db.owner);
		expect(await find('', { badge: id }, other.people.registration)).toBeNull();
	});

	it('by address finds nobody who has an alias', async () => {
		const { person, name } = world.people.delegate;
		const hash = hashOf(person);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary) values ($1, decode($2, 'hex'), '\\x00', 'k', false)`,
			[person, hash]
		);
		expect(await find('', { hash })).toEqual([expect.objectContaining({ display_name: name })]);
		await db.owner.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k')`,
			[person]
		);
		expect(await find('', { hash })).toEqual([]);
		expect(await find(name)).toHaveLength(1);
		const walked = await callAs<Walked>(db.owner, world.people.registration, 'public.register_walk_in($1, $2)', [
			world.summit,
			JSON.stringify({
				display_name: 'X',
				category: 'delegate',
				member_id: world.member,
				mode: 'virtual',
				agreed: true,
				...address(person)
			})
		]);
		// An unknown address gets the same answer. A new person results, whom the desk finds by this address from then
		// on.
		expect(walked).toMatchObject({ status: 'confirmed' });
		expect(await find('', { hash })).toEqual([expect.objectContaining({ display_name: 'X' })]);
	});
});

describe('a walk-in', () => {
	let summit: RegisteringSummit;
	const guest = (more: object = {}) => ({
		display_name: 'Amara Okafor',
		office: 'Adviser',
		category: 'delegate',
		member_id: summit.members[0],
		mode: 'in_person',
		agreed: true,
		...more
	});
	const walk = (more: object = {}, who = summit.organiser, on = db.owner) =>
		callAs<Walked>(on, who, 'public.register_walk_in($1, $2)', [summit.summit, JSON.stringify(guest(more))]);

	it('is confirmed with a seat and a badge at once, and can sign in later', async () => {
		summit = await makeSummit(db.owner, { hall: 2 });
		const own = address('amara');
		const made = await walk(own);
		expect(made).toMatchObject({ status: 'confirmed', queue_reason: null });
		expect(await stateOf(db.owner, made.id ?? '')).toBe('confirmed');
		expect(
			await readValue(
				db.owner,
				`select count(*)::int from public.badges where registration_id = $1 and revoked_at is null`,
				[made.id]
			)
		).toBe(1);
		expect(await walk(own)).toEqual({ status: 'exists', id: made.id });
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
		const audited = await readValue(
			db.owner,
			`select count(*)::int from audit.entries where registration_id = $1 and actor_person = $2 and reason = 'walk-in'`,
			[made.id, summit.organiser.person]
		);
		expect(audited).toBeGreaterThan(3);
	});

	it('waits in the queue when no seat is free, and overtakes nobody', async () => {
		summit = await makeSummit(db.owner, { hall: 1 });
		expect((await walk()).status).toBe('confirmed');
		const second = await walk({ display_name: 'Second' });
		expect(second).toMatchObject({ status: 'accredited', queue_reason: 'capacity' });
		expect(await stateOf(db.owner, second.id ?? '')).toBe('accredited');
		expect((await walk({ display_name: 'Third' })).queue_reason).toBe('capacity');
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('never takes a seat twice when two desks register at once', async () => {
		summit = await makeSummit(db.owner, { hall: 1 });
		const second = await db.connect();
		const answers = await Promise.all([walk(), walk({ display_name: 'Second' }, summit.organiser, second)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['accredited', 'confirmed']);
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('results once from any number of submissions of its form, also at the same time', async () => {
		summit = await makeSummit(db.owner, { hall: 3 });
		const second = await db.connect();
		const once = randomUUID();
		const [first, other] = await Promise.all([walk({ once }), walk({ once }, summit.organiser, second)]);
		const again = await walk({ once });
		expect([first?.status, other?.status, again.status]).toEqual(['confirmed', 'confirmed', 'confirmed']);
		expect(new Set([first?.id, other?.id, again.id]).size).toBe(1);
		// Two people with the same name are two: another form registers another person.
		expect((await walk({ once: randomUUID() })).id).not.toBe(first?.id);
		// A refused form is not stored, so it can be corrected and sent again.
		const refused = randomUUID();
		expect((await walk({ once: refused, agreed: false })).status).toBe('invalid');
		expect((await walk({ once: refused, display_name: 'Third' })).status).toBe('confirmed');
		// A form of another Summit reveals nothing about this one.
		const elsewhere = await makeSummit(db.owner, { hall: 3 });
		const foreign = await callAs<Walked>(db.owner, elsewhere.organiser, 'public.register_walk_in($1, $2)', [
			elsewhere.summit,
			JSON.stringify(guest({ once, member_id: elsewhere.members[0], display_name: 'Fourth' }))
		]);
		expect(foreign.id).not.toBe(first?.id);
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('needs a visible name whose text direction follows its letters', async () => {
		summit = await makeSummit(db.owner);
		const made = await walk({ display_name: '\u202eOkafor\u2066\n\u200b نیک\u200cنام ', office: '\ufeff' });
		expect(
			await readValue(
				db.owner,
				`select p.display_name || '|' || p.office from public.registrations as r join public.people as p on p.id = r.person_id where r.id = $1`,
				[made.id]
			)
		).toBe('Okafor نیک\u200cنام|');
		expect(await walk({ display_name: '\u200b\u2060 \u202e' })).toEqual({
			status: 'invalid',
			faults: ['display_name']
		});
	});

	it('pays the usual fee, and is refused without consent or member', async () => {
		summit = await makeSummit(db.owner, { fee: 45000 });
		expect((await walk({ member_id: summit.members[1] })).status).toBe('awaiting_payment');
		expect(await walk({ agreed: false })).toEqual({ status: 'invalid', faults: ['agreed'] });
		expect(await walk({ member_id: '' })).toEqual({ status: 'invalid', faults: ['member_id'] });
		expect(await walk({ display_name: ' ', category: 'guardian' })).toEqual({
			status: 'invalid',
			faults: ['display_name', 'category']
		});
		expect(await walk({}, summit.finance)).toEqual({ status: 'not_allowed' });
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit.summit]);
		expect(await walk()).toEqual({ status: 'closed' });
	});

	it('of a category with two-person decisions waits for the second person', async () => {
		summit = await makeSummit(db.owner);
		await db.owner.query(
			`update public.accreditation_settings set second_person_for = '{delegate}', second_person_decisions = '{accredit}' where summit_id = $1`,
			[summit.summit]
		);
		const made = await walk();
		expect(made.status).toBe('proposed');
		expect(await stateOf(db.owner, made.id ?? '')).toBe('submitted');
	});
});
