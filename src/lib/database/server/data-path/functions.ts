/* Which functions exist, read from the catalogue of Postgres, and the statement that calls one. */
import { RestRefusal } from './refusal.ts';

interface Parameter {
	name: string;
	/** With its schema, quoted where necessary. */
	type: string;
	required: boolean;
}

/** A function of schema `public`. */
export interface DatabaseFunction {
	name: string;
	parameters: Parameter[];
	returns: 'void' | 'value' | 'values' | 'row' | 'rows';
	/** Stable and immutable functions run in a read-only transaction, as in PostgREST. */
	isReadOnly: boolean;
	/** The statements that call it, by the given arguments. */
	statements: Map<string, string>;
}

/** A setting that the database gives to the sessions of a role. PostgREST applies it to each call. */
export interface RoleSetting {
	role: string;
	name: string;
	value: string;
}

/** By name; null for one that this path leaves to REST: overloaded, variadic, or with an unnamed parameter. */
export type Functions = Map<string, DatabaseFunction | null>;

/** Reads rows of one statement without parameters. */
export type ReadRows = <Row>(sql: string) => Promise<Row[]>;

/** PostgREST's limit of rows, `max_rows` in supabase/config.toml. */
const mostRows = 10_000;

const functionsSql = `
	select p.proname as name, p.provolatile <> 'v' as reads_only, p.provariadic <> 0 as is_variadic,
		p.pronargs - p.pronargdefaults as required, p.proretset as is_set, p.prorettype = 'void'::regtype as is_void,
		t.typtype = 'c' or p.prorettype = 'record'::regtype or p.proargmodes && '{t,b,o}'
			or exists (select from pg_type as base where base.oid = t.typbasetype and base.typtype = 'c') as is_row,
		(select coalesce(json_agg(json_build_object('name', p.proargnames[a.n],
				'type', quote_ident(n.nspname) || '.' || quote_ident(at.typname)) order by a.n), '[]')
			from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as a (type, n)
			join pg_type as at on at.oid = a.type
			join pg_namespace as n on n.oid = at.typnamespace
			where coalesce(p.proargmodes[a.n], 'i') in ('i', 'b', 'v')) as parameters
	from pg_proc as p
	join pg_type as t on t.oid = p.prorettype
	where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
		and p.prorettype <> all ('{trigger,event_trigger}'::regtype[])`;

// Only settings that everybody may change: an ordinary role cannot apply the others.
const settingsSql = `
	select r.rolname as role, s.name, substr(given.setting, length(s.name) + 2) as value
	from pg_db_role_setting as d
	join pg_roles as r on r.oid = d.setrole and r.rolname in ('anon', 'authenticated')
	cross join unnest(d.setconfig) as given (setting)
	join pg_settings as s on s.context = 'user' and lower(split_part(given.setting, '=', 1)) = lower(s.name)
	where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
	order by d.setdatabase`;

interface FunctionRow {
	name: string;
	reads_only: boolean;
	is_variadic: boolean;
	required: number;
	is_set: boolean;
	is_void: boolean;
	is_row: boolean;
	parameters: { name: string | null; type: string }[];
}

/** Reads which functions exist. */
export async function readFunctions(read: ReadRows): Promise<Functions> {
	const functions: Functions = new Map();
	for (const row of await read<FunctionRow>(functionsSql))
		functions.set(row.name, functions.has(row.name) ? null : functionOf(row));
	return functions;
}

/** Reads the settings of the callers' roles. */
export const readRoleSettings = (read: ReadRows) => read<RoleSetting>(settingsSql);

function functionOf(row: FunctionRow): DatabaseFunction | null {
	if (row.is_variadic || row.parameters.some(({ name }) => !name)) return null;
	return {
		name: row.name,
		parameters: row.parameters.map(({ name, type }, index) => ({
			name: name ?? '',
			type,
			required: index < row.required
		})),
		returns: row.is_void ? 'void' : row.is_row ? (row.is_set ? 'rows' : 'row') : row.is_set ? 'values' : 'value',
		isReadOnly: row.reads_only,
		statements: new Map()
	};
}

/** Whether a function takes exactly these arguments: each by a name that it knows, and no required one missing. */
export function takes({ parameters }: DatabaseFunction, given: ReadonlySet<string>): boolean {
	const named = parameters.filter(({ name }) => given.has(name));
	return named.length === given.size && parameters.every(({ name, required }) => !required || given.has(name));
}

/** The answer of PostgREST for a missing function with such arguments; its hint, a similar name, is left out. */
export function unknownFunction(name: string, given: ReadonlySet<string>): RestRefusal {
	const names = [...given].sort().join(', ');
	const none = ' without parameters';
	const searched = given.size === 0 ? none : ` with parameter${given.size > 1 ? 's' : ''} ${names}`;
	return new RestRefusal(404, {
		code: 'PGRST202',
		message: `Could not find the function public.${name}${given.size === 0 ? none : `(${names})`} in the schema cache`,
		details: `Searched for the function public.${name}${searched} or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.`
	});
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * The statement that calls a function with the named arguments, given as one JSON text, and answers with one JSON text.
 * `json_to_record` reads the arguments and Postgres writes the answer, both as in PostgREST, so that types, errors and
 * formats are the same.
 */
export function statementFor(called: DatabaseFunction, given: ReadonlySet<string>): string {
	const used = called.parameters.filter(({ name }) => given.has(name));
	const key = used.map(({ name }) => name).join(' ');
	const made = called.statements.get(key) ?? makeStatement(called, used);
	called.statements.set(key, made);
	return made;
}

function makeStatement({ name: called, returns }: DatabaseFunction, used: Parameter[]): string {
	const values = used.map(({ name }) => `${quoted(name)} => given.${quoted(name)}`).join(', ');
	const call = `public.${quoted(called)}(${values})`;
	const columns = used.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
	const source = used.length > 0 ? `json_to_record($1::json) as given (${columns})` : '(select $1::json) as given';
	return {
		void: `select ${call}::text from ${source}`,
		value: `select coalesce(to_json(${call})::text, 'null') from ${source}`,
		values: `select coalesce(json_agg(answer.value), '[]')::text
			from (select ${call} as value from ${source} limit ${mostRows}) as answer`,
		row: `select coalesce(json_agg(answer) -> 0, 'null')::text
			from (select made.* from ${source}, lateral ${call} as made) as answer`,
		rows: `select coalesce(json_agg(answer), '[]')::text
			from (select made.* from ${source}, lateral ${call} as made limit ${mostRows}) as answer`
	}[returns];
}
