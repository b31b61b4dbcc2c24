/*
 * Visa letters: for confirmed people only, one at a time, numbered without gaps, and invalid once their content
 * changes.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer } from '../../fixtures/logistics.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, read, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);

describe('visa letters', () => {
	const keys = ['passport_name', 'passport_number', 'nationality', 'birth_date'];
	let fields: Record<string, string>;
	beforeEach(async () => {
		fields = {};
		for (const key of [...keys, 'embassy', 'diet'])
			fields[key] = (
				await saveField(
					logisticsField(key, { is_identity: key !== 'diet', ...(key !== 'diet' && { modes: ['in_person'] }) })
				)
			).id;
		await callAs(db.owner, world.people.registration, `public.save_visa_letter_settings($1, $2)`, [
			world.summit,
			JSON.stringify({
				issuer_name: 'Secretariat',
				issuer_address: 'Somewhere 1',
				signatory_name: 'A. Signer',
				signatory_office: 'Director',
				prefix: 'vl'
			})
		]);
	});
	const all = (mark: string) => Object.fromEntries(keys.map((key) => [fields[key] ?? '', sealedAnswer(mark)]));
	const issue = (by: TestPerson = world.people.delegate, registration = world.registrations.delegate, on = db.owner) =>
		callAs<{ status: string; reference?: string; code?: string; lacks?: string[] }>(
			on,
			by,
			`public.issue_visa_letter($1, $2)`,
			[registration, JSON.stringify(sealedAnswer('cd'))]
		);
	const check = (code: string | undefined, summit = world.summit) =>
		callAs<string>(db.owner, null, `public.check_visa_letter($1, $2)`, [summit, code]);

	it('are for people confirmed in person who gave the fields of a letter', async () => {
		expect(await issue()).toMatchObject({ status: 'incomplete', lacks: [...keys].sort() });
		expect(await issue(world.people.virtual, world.registrations.virtual)).toEqual({ status: 'not_found' });
		expect(await issue(world.people.registration)).toEqual({ status: 'not_found' });
		await answer(all('ab'));
		expect(await issue()).toMatchObject({ status: 'ok', reference: 'VL-0001' });
		expect(await issue(world.people.registration)).toEqual({ status: 'not_found' });
		const other = await makeWorld(db.owner);
		expect(
			await callAs(db.owner, other.people.registration, `public.save_visa_letter_settings($1, '{}')`, [world.summit])
		).toBe('not_allowed');
	});

	it('are valid until a new one is made, an answer changes, or the person leaves; the code reveals nothing more', async () => {
		await answer(all('ab'));
		const first = await issue();
		expect(await check(first.code)).toBe('valid');
		expect(await check(first.code?.toLowerCase().replace(/(.{4})/g, '$1-'))).toBe('valid');
		expect(await check('AAAAAAAAAAAA')).toBe('unknown');
		expect(await check(first.code, (await makeWorld(db.owner)).summit)).toBe('unknown');
		await answer({ [fields['diet'] ?? '']: sealedAnswer() });
		expect(await check(first.code)).toBe('valid');
		await answer({ [fields['passport_number'] ?? '']: sealedAnswer('ef') });
		expect(await check(first.code)).toBe('replaced');
		expect(await callAs(db.owner, world.people.delegate, `public.my_visa_letter($1)`, [world.summit])).toMatchObject({
			letter: null,
			lacks: []
		});
		const second = await issue();
		expect(second.reference).toBe('VL-0002');
		await callAs(db.owner, world.people.delegate, `public.switch_mode($1, 'virtual')`, [world.registrations.delegate]);
		expect(await check(second.code)).toBe('withdrawn');
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.visa_letters where content_sealed is not null and summit_id = $1`,
				[world.summit]
			)
		).toBe(0);
		expect(await callAs(db.owner, world.people.delegate, `public.my_visa_letter($1)`, [world.summit])).toBeNull();
	});

	it('are refused to barred people, whose former letter becomes invalid', async () => {
		await answer(all('ab'));
		const letter = await issue();
		const entry = await readValue<string>(
			db.owner,
			`insert into private.watch_list_entries (summit_id, details_sealed, key_id, state) values ($1, '\\x00', 'k1', 'active') returning id`,
			[world.summit]
		);
		await db.owner.query(
			`insert into private.watch_list_matches (entry_id, person_id, level, is_same) values ($1, $2, 'certain', true)`,
			[entry, world.people.delegate.person]
		);
		expect([await check(letter.code), (await issue()).status]).toEqual(['withdrawn', 'not_found']);
		expect(await callAs(db.owner, world.people.delegate, `public.my_visa_letter($1)`, [world.summit])).toBeNull();
		await db.owner.query(`delete from private.watch_list_entries where id = $1`, [entry]);
		expect(await check(letter.code)).toBe('valid');
	});

	it('are numbered without gaps, and one is valid, however often somebody clicks', async () => {
		await answer(all('ab'));
		await answer(all('ab'), world.people.speaker, world.registrations.speaker);
		const clients = await connectMany(db, 12);
		const issued = await Promise.all(
			clients.map((one, n) =>
				n % 2
					? issue(world.people.delegate, world.registrations.delegate, one)
					: issue(world.people.speaker, world.registrations.speaker, one)
			)
		);
		expect(issued.map(({ reference }) => reference).sort()).toEqual(
			Array.from({ length: 12 }, (_, n) => `VL-${String(n + 1).padStart(4, '0')}`)
		);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.visa_letters where summit_id = $1 and content_sealed is not null`,
				[world.summit]
			)
		).toBe(2);
	});

	it('of people with an alias are readable by them only', async () => {
		await putOnAlias();
		await answer(all('ab'));
		expect(await issue()).toMatchObject({ status: 'ok' });
		for (const kind of ['registration', 'owner', 'safeguarding'] as const) {
			await expect(actAs(db.owner, world.people[kind], `select * from private.visa_letters`)).rejects.toThrow(
				/permission denied/
			);
			expect((await read(fields['passport_name'] ?? '', world.people[kind])).rows ?? []).toEqual([]);
		}
	});
});
