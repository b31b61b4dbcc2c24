/*
 * Deletes everything of a rehearsal: its Summit with all that belongs to it, its members, its people and their accounts. Triggers are not asked,
 * as the ledgers of a Summit are never deleted otherwise; what pointed to a deleted row goes too, until nothing points nowhere.
 */
import { createClient } from '@supabase/supabase-js';
import type pg from 'pg';
import { rehearsalAddress, rehearsalSlug } from './summit.ts';
import type { Target } from './target.ts';

interface ForeignKey {
	child: string;
	columns: string[];
	parent: string;
	keys: string[];
	/** `n`: the columns become null. */
	action: string;
}

/** The rehearsals of which something is in the database, their Summit or accounts alone: those that were interrupted. */
export async function findRehearsals(client: pg.Client): Promise<string[]> {
	const { rows } = await client.query<{ slug: string }>(
		`select slug from public.summits where is_rehearsal
		union select substring(email from $1) from auth.users where email ~ $1
		order by slug`,
		[rehearsalAddress]
	);
	return rows.map(({ slug }) => slug);
}

/** Deletes a rehearsal with the accounts of its people, and answers how many rows went. */
export async function deleteRehearsal(target: Target, client: pg.Client, slug: string): Promise<number> {
	const { deleted, accounts } = await deleteRows(client, slug);
	await deleteAccounts(target, accounts);
	return deleted;
}

/** Deletes the rows of a rehearsal, but not its accounts. Throws, and deletes nothing, where the slug is not that of a rehearsal. */
export async function deleteRows(client: pg.Client, slug: string): Promise<{ deleted: number; accounts: string[] }> {
	if (!rehearsalSlug.test(slug)) throw new Error(`${slug} is no rehearsal`);
	const accounts = (
		await client.query<{ id: string }>('select id from auth.users where substring(email from $2) = $1', [
			slug,
			rehearsalAddress
		])
	).rows.map(({ id }) => id);
	await client.query('begin; set local session_replication_role = replica');
	try {
		const keys = await readForeignKeys(client);
		const objects = await objectsInUse(client, keys);
		const deleted = (await deleteRoots(client, slug, accounts)) + (await deleteOrphans(client, keys));
		const kept = await objectsInUse(client, keys);
		await client.query(
			`update private.stored_objects set state = 'deletable', changed_at = now() where name = any ($1) and state <> 'deletable'`,
			[[...objects].filter((name) => !kept.has(name))]
		);
		await client.query('commit');
		return { deleted, accounts };
	} catch (error) {
		await client.query('rollback').catch(() => undefined);
		throw error;
	}
}

/** The foreign keys of our tables. */
async function readForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
	const { rows } = await client.query<ForeignKey>(
		`select format('%I.%I', cn.nspname, c.relname) as child, format('%I.%I', pn.nspname, p.relname) as parent, k.confdeltype as action,
			(select array_agg(quote_ident(a.attname) order by n) from unnest(k.conkey) with ordinality as t (num, n)
				join pg_attribute as a on a.attrelid = c.oid and a.attnum = t.num) as columns,
			(select array_agg(quote_ident(a.attname) order by n) from unnest(k.confkey) with ordinality as t (num, n)
				join pg_attribute as a on a.attrelid = p.oid and a.attnum = t.num) as keys
		from pg_constraint as k
		join pg_class as c on c.oid = k.conrelid
		join pg_namespace as cn on cn.oid = c.relnamespace
		join pg_class as p on p.oid = k.confrelid
		join pg_namespace as pn on pn.oid = p.relnamespace
		where k.contype = 'f' and k.conparentid = 0 and cn.nspname in ('public', 'private', 'audit')
		order by k.conname`
	);
	return rows;
}

/** The names of the stored objects that some row points to. */
async function objectsInUse(client: pg.Client, keys: ForeignKey[]): Promise<Set<string>> {
	const pointing = keys.filter(({ parent }) => parent === 'private.stored_objects');
	const { rows } = await client.query<{ name: string }>(
		pointing
			.map(({ child, columns }) => `select ${columns[0]} as name from ${child} where ${columns[0]} is not null`)
			.join(' union ')
	);
	return new Set(rows.map(({ name }) => name));
}

/** The Summit, every row that names it, its members that no other Summit has, and the people of the accounts. */
async function deleteRoots(client: pg.Client, slug: string, accounts: string[]): Promise<number> {
	const { rows } = await client.query<{ id: string }>('select id from public.summits where slug = $1', [slug]);
	const summit = rows[0]?.id;
	const people = (
		await client.query<{ id: string }>(
			`select person_id as id from public.account_people where account_id = any ($1) and relation = 'self'`,
			[accounts]
		)
	).rows.map(({ id }) => id);
	const members = (
		await client.query<{ id: string }>(
			`select m.id
			from public.members as m
			where m.name like 'Rehearsal Member % of ' || $1
				and not exists (select from public.summit_members as s where s.member_id = m.id and s.summit_id is distinct from $2)`,
			[slug, summit]
		)
	).rows.map(({ id }) => id);
	let deleted = 0;
	const remove = async (table: string, condition: string, values: unknown[]) => {
		deleted += (await client.query(`delete from ${table} where ${condition}`, values)).rowCount ?? 0;
	};
	for (const [column, ids] of [
		['summit_id', summit === undefined ? [] : [summit]],
		['person_id', people],
		['actor_person', people],
		['principal_person', people],
		['member_id', members]
	] as const)
		for (const table of await tablesWith(client, column)) await remove(table, `${column} = any ($1)`, [ids]);
	// The rows of the audit that are about one of these, whatever else they say.
	await remove('audit.entries', 'row_id = any ($1)', [[summit ?? '', ...members, ...people]]);
	await remove('public.account_people', 'account_id = any ($1)', [accounts]);
	await remove('public.summits', 'slug = $1', [slug]);
	await remove('public.members', 'id = any ($1)', [members]);
	await remove('public.people', 'id = any ($1)', [people]);
	return deleted;
}

/** Our tables that have a column of ids with this name. */
async function tablesWith(client: pg.Client, column: string): Promise<string[]> {
	const { rows } = await client.query<{ name: string }>(
		`select format('%I.%I', n.nspname, c.relname) as name
		from pg_attribute as a
		join pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
		join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private', 'audit') and a.attname = $1 and a.atttypid = 'uuid'::regtype and not a.attisdropped
		order by 1`,
		[column]
	);
	return rows.map(({ name }) => name);
}

/** Deletes what points to rows that are gone, or lets it point nowhere where its key says so, until there is no more of it. */
async function deleteOrphans(client: pg.Client, keys: ForeignKey[]): Promise<number> {
	let deleted = 0;
	for (let changed = 1; changed > 0; deleted += changed) {
		changed = 0;
		for (const { child, columns, parent, keys: names, action } of keys) {
			const isSet = columns.map((column) => `c.${column} is not null`).join(' and ');
			const isThere = columns.map((column, n) => `p.${names[n]} = c.${column}`).join(' and ');
			const orphaned = `where ${isSet} and not exists (select from ${parent} as p where ${isThere})`;
			const act =
				action === 'n'
					? `update ${child} as c set ${columns.at(-1)} = null ${orphaned}`
					: `delete from ${child} as c ${orphaned}`;
			changed += (await client.query(act)).rowCount ?? 0;
		}
	}
	return deleted;
}

/** Deletes the accounts at Auth, a few at a time. Throws when Auth refuses. */
async function deleteAccounts({ variables }: Target, accounts: string[]): Promise<void> {
	const { auth } = createClient(variables.SUPABASE_URL ?? '', variables.SUPABASE_SECRET_KEY ?? '', {
		auth: { persistSession: false, autoRefreshToken: false }
	});
	for (let first = 0; first < accounts.length; first += 10)
		await Promise.all(
			accounts.slice(first, first + 10).map(async (account) => {
				const { error } = await auth.admin.deleteUser(account);
				if (error && error.status !== 404) throw error;
			})
		);
}
