/* Whether keys open what is sealed in a restored database. */
import type pg from 'pg';
import { contexts, Sealer } from '../../lib/people/sealing.ts';
import type { RestoreFindings } from './restoring.ts';

// Every installation has addresses; the others are what would be missed most.
const places = [
	['private.person_addresses', 'address_sealed', contexts.address],
	['private.protections', 'real_name_sealed', contexts.realName]
] as const;

/** How many of a few values of each key were tried, and opened. */
export async function probeKeys(client: pg.ClientBase, sealingKey: string): Promise<{ tried: number; opened: number }> {
	const sealer = new Sealer(sealingKey);
	const found = { tried: 0, opened: 0 };
	for (const [table, column, context] of places) {
		const { rows } = await client.query<{ sealed: Buffer; key_id: string }>(`
			select sealed, key_id from (
				select ${column} as sealed, key_id, row_number() over (partition by key_id) as place from ${table} where ${column} is not null
			) as numbered where place <= 5`);
		for (const { sealed, key_id } of rows) {
			found.tried += 1;
			if (sealer.tryOpen(sealed, key_id, context) !== null) found.opened += 1;
		}
	}
	return found;
}

/** Says whether keys open what is sealed. */
export async function tryKeys(client: pg.ClientBase, sealingKey: string, findings: RestoreFindings): Promise<void> {
	const { tried, opened } = await probeKeys(client, sealingKey);
	if (opened < tried) findings.fault(`the keys open ${opened} of ${tried} sealed values that were tried`);
	else findings.ok(tried === 0 ? 'nothing is sealed' : `the keys open what is sealed (${tried} values tried)`);
}
