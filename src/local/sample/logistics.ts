import type pg from 'pg';
import { defaultFields } from '../../lib/logistics/defaults.ts';
import { contexts, type Sealer } from '../../lib/people/sealing.ts';
import { nameForms } from '../../lib/safeguarding/names.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './prng.ts';
import { bytea, insertRows, type Row } from './rows.ts';

/** Hashes of the names under the aliases, as the form would have kept them. */
export function sealedNames(people: readonly SamplePerson[], sealer: Sealer): Row[] {
	return people.flatMap(({ id, realName }) => {
		if (realName === undefined) return [];
		const { key, skeleton } = nameForms(realName);
		return [{ person_id: id, key_hash: bytea(sealer.hashName(key)), skeleton_hash: bytea(sealer.hashName(skeleton)) }];
	});
}

const dayFrom = (first: Date, days: number) => new Date(first.getTime() + days * 86_400_000).toISOString().slice(0, 10);

const answers: Record<string, (random: Random, first: Date) => string> = {
	arrival: (random, first) => dayFrom(first, random.pick([-2, -1, -1, 0])),
	departure: (random, first) => dayFrom(first, random.pick([2, 3, 3, 4])),
	flight: (random) => `QX ${random.between(100, 999)}`,
	diet: (random) =>
		random.pick(['anything', 'anything', 'anything', 'vegetarian', 'vegetarian', 'vegan', 'halal', 'gluten_free']),
	access_needs: (random) => random.pick(['', '', '', 'Step-free ways', 'A seat near the front'])
};

/** The usual questions, asked; two in three of the hall have answered what concerns travel, food and access. */
export async function insertLogisticsForm(
	client: pg.Client,
	random: Random,
	sealer: Sealer,
	summit: string,
	now: Date
): Promise<void> {
	const fields = defaultFields.map((field) => ({
		help: {},
		choices: [],
		categories: [],
		modes: [],
		is_required: false,
		is_identity: false,
		for_host: false,
		need_values: [] as string[],
		...field,
		id: random.uuid(),
		summit_id: summit
	}));
	for (const field of fields) await insertRows(client, 'public.logistics_fields', [field]);
	await client.query(
		`insert into public.visa_letter_settings (summit_id, issuer_name, issuer_address, signatory_name, signatory_office, prefix)
		values ($1, 'Global Summit Secretariat', $2, 'Lucía Ferrer', 'Secretary of the Summit', 'VL')`,
		[summit, '1 Quay Street\nMontevideo']
	);
	await client.query(`update public.summits set logistics_due_at = $2, names_freeze_at = $3 where id = $1`, [
		summit,
		new Date(now.getTime() - 6 * 86_400_000),
		new Date(now.getTime() - 3 * 86_400_000)
	]);
	const { rows } = await client.query<{ id: string; first: string }>(
		`select r.id, s.starts_on::text as first from public.registrations as r join public.summits as s on s.id = r.summit_id where r.summit_id = $1 and r.state = 'confirmed' and r.mode = 'in_person' and r.category = 'delegate' order by r.reference`,
		[summit]
	);
	const given = rows.flatMap(({ id, first }, n) =>
		n % 3 === 2
			? []
			: fields.flatMap((field) => {
					const answer = answers[field.key]?.(random, new Date(`${first}T12:00Z`)) ?? '';
					if (answer === '') return [];
					const { sealed, keyId } = sealer.seal(answer, `${contexts.answer} ${field.id}`);
					return [
						{
							registration_id: id,
							field_id: field.id,
							answer_sealed: bytea(sealed),
							key_id: keyId,
							answered_at: now.toISOString(),
							is_need: field.need_values.length === 0 || field.need_values.includes(answer)
						}
					];
				})
	);
	await insertRows(client, 'private.logistics_answers', given);
}

/** Two entries on the list of who is not let in: one in force, whom nobody is like, and one that waits for its second person. */
export async function insertBarredList(client: pg.Client, sealer: Sealer, summit: string): Promise<void> {
	const entry = async (name: string, born_on: string, reason: string, isConfirmed: boolean) => {
		const { key, skeleton } = nameForms(name);
		const { sealed, keyId } = sealer.seal(
			JSON.stringify({ name, born_on, reason, source: 'Police liaison' }),
			contexts.watchList
		);
		await client.query(
			`insert into private.watch_list_entries (summit_id, name_key, name_skeletons, key_hash, skeleton_hash, details_sealed, key_id, state, added_by, confirmed_by, confirmed_at)
			select $1, private.name_key($2), private.name_skeletons($2), $3, $4, $5, $6, $7, lead.id, case when $8 then own.id end, case when $8 then now() end
			from public.people as lead, public.people as own where lead.display_name = 'Ileana Duarte' and own.display_name = 'Lucía Ferrer'`,
			[
				summit,
				name,
				sealer.hashName(key),
				sealer.hashName(skeleton),
				sealed,
				keyId,
				isConfirmed ? 'active' : 'proposed',
				isConfirmed
			]
		);
	};
	await entry('Aurelio Quintero Sample', '1971-02-03', 'Refused entry to an earlier meeting after a threat.', true);
	await entry(
		'Oscar Belmonte',
		'1988-09-17',
		'A person of this name wrote threatening messages. It may be a namesake.',
		false
	);
	await client.query(
		`select private.match_watch_list_entry(id) from private.watch_list_entries where summit_id = $1 order by added_at`,
		[summit]
	);
}
