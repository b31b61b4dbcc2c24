/* What the application may reach of a migrated database, read from its catalogue. */
import type pg from 'pg';

/** A type as the catalogue names it: `kind` is pg_type.typtype, `element` the type of an array's elements. */
export interface PgType {
	schema: string;
	name: string;
	kind: 'b' | 'c' | 'd' | 'e' | 'p' | 'r' | 'm';
	element: PgType | null;
}

/** A column of a table or view. */
interface Column {
	name: string;
	type: PgType;
	isNullable: boolean;
	/** It may be left out of an insert: a default, an identity or no need of a value. */
	isOptional: boolean;
	/** The database alone writes it. */
	isGenerated: boolean;
}

/** A foreign key, as Supabase's clients follow it. */
interface Relationship {
	name: string;
	columns: string[];
	isOneToOne: boolean;
	relation: string;
	referenced: string[];
}

/** A table or view. */
export interface Relation {
	schema: string;
	name: string;
	isView: boolean;
	columns: Column[];
	relationships: Relationship[];
}

/** A parameter of a function, or a column of the rows that it returns. */
export interface Field {
	name: string;
	type: PgType;
	hasDefault?: boolean;
}

/** A function, in the order of its parameters. */
export interface Procedure {
	schema: string;
	name: string;
	parameters: Field[];
	/** Columns of its rows, where it names them. */
	fields: Field[];
	type: PgType;
	/** The columns of its type, where that is a table or composite. */
	composite: Field[];
	isSet: boolean;
	/** It is not called with a null. */
	isStrict: boolean;
}

/** An enum, or a domain that is one of a list of texts, and its values. */
export interface ValueList {
	schema: string;
	name: string;
	values: string[];
}

/** What types are generated from. */
export interface Catalogue {
	relations: Relation[];
	procedures: Procedure[];
	enums: ValueList[];
	domains: ValueList[];
}

// A type as JSON; arrays have their element's type inside.
const typeJson = (oid: string) => `(
	select jsonb_build_object('schema', n.nspname, 'name', t.typname, 'kind', t.typtype, 'element',
		(select jsonb_build_object('schema', en.nspname, 'name', e.typname, 'kind', e.typtype, 'element', null)
			from pg_type e join pg_namespace en on en.oid = e.typnamespace where e.oid = t.typelem and t.typcategory = 'A'))
	from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = ${oid})`;

const columnNames = (relation: string, numbers: string) => `(
	select jsonb_agg(a.attname order by k.place) from unnest(${numbers}) with ordinality k (number, place)
	join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)`;

// What nobody in the application may touch is not part of the contract.
const relationsSql = `
	select n.nspname as schema, c.relname as name, c.relkind = 'v' as "isView",
		(select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', ${typeJson('a.atttypid')},
			'isNullable', not a.attnotnull, 'isOptional', a.atthasdef or a.attidentity <> '' or not a.attnotnull,
			'isGenerated', a.attgenerated <> '' or a.attidentity = 'a') order by a.attname collate "C"), '[]')
			from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
		(select coalesce(jsonb_agg(jsonb_build_object('name', f.conname, 'columns', ${columnNames('f.conrelid', 'f.conkey')},
			'isOneToOne', exists (select from pg_index i where i.indrelid = f.conrelid and i.indisunique and i.indpred is null
				and i.indkey::smallint[] <@ f.conkey and f.conkey <@ i.indkey::smallint[]),
			'relation', r.relname, 'referenced', ${columnNames('f.confrelid', 'f.confkey')}) order by f.conname collate "C"), '[]')
			from pg_constraint f join pg_class r on r.oid = f.confrelid
			where f.conrelid = c.oid and f.contype = 'f' and r.relnamespace = c.relnamespace) as relationships
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v') and exists (
		select from unnest($2::text[]) who where has_any_column_privilege(who, c.oid, 'select, insert, update')
			or has_table_privilege(who, c.oid, 'delete'))
	order by n.nspname collate "C", c.relname collate "C"`;

const proceduresSql = `
	select n.nspname as schema, p.proname as name, ${typeJson('p.prorettype')} as type,
		p.proretset as "isSet", p.proisstrict as "isStrict",
		(select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(p.proargnames[k.place], ''),
			'type', ${typeJson('k.type')}, 'hasDefault', k.place > p.pronargs - p.pronargdefaults) order by k.place), '[]')
			from unnest(p.proargtypes) with ordinality k (type, place)) as parameters,
		(select coalesce(jsonb_agg(jsonb_build_object('name', p.proargnames[k.place], 'type', ${typeJson('k.type')})
			order by k.place), '[]')
			from unnest(p.proallargtypes) with ordinality k (type, place) where p.proargmodes[k.place] in ('o', 't', 'b')) as fields,
		(select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', ${typeJson('a.atttypid')}) order by a.attnum), '[]')
			from pg_type t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
			where t.oid = p.prorettype) as composite
	from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname = any ($1) and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
		and exists (select from unnest($2::text[]) who where has_function_privilege(who, p.oid, 'execute'))
	order by n.nspname collate "C", p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

const enumsSql = `
	select n.nspname as schema, t.typname as name,
		(select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as values
	from pg_type t join pg_namespace n on n.oid = t.typnamespace
	where n.nspname = any ($1) and t.typtype = 'e' order by n.nspname collate "C", t.typname collate "C"`;

// The list of a domain is in its check: VALUE = ANY (ARRAY['ok'::text, …]).
const domainsSql = `
	select n.nspname as schema, t.typname as name, (
		select jsonb_agg(found.match[1] order by found.place)
		from regexp_matches(pg_get_constraintdef(c.oid), '''([^'']+)''::text', 'g') with ordinality found (match, place)) as values
	from pg_type t join pg_namespace n on n.oid = t.typnamespace
	join pg_constraint c on c.contypid = t.oid and c.contype = 'c'
	where n.nspname = any ($1) and t.typbasetype = 'text'::regtype
	order by n.nspname collate "C", t.typname collate "C"`;

// Who speaks to each schema.
const callers = { public: ['anon', 'authenticated'], private: ['app_server'] };

/** Reads what each schema's callers may reach, in a fixed order. */
export async function readCatalogue(client: pg.ClientBase): Promise<Catalogue> {
	const found: Catalogue = { relations: [], procedures: [], enums: [], domains: [] };
	for (const [schema, roles] of Object.entries(callers)) {
		found.relations.push(...(await client.query<Relation>(relationsSql, [[schema], roles])).rows);
		found.procedures.push(...(await client.query<Procedure>(proceduresSql, [[schema], roles])).rows);
		found.enums.push(...(await client.query<ValueList>(enumsSql, [[schema]])).rows);
		found.domains.push(...(await client.query<ValueList>(domainsSql, [[schema]])).rows);
	}
	return found;
}
