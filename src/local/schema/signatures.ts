/* What processes of a release ask of the database, by name: functions with their arguments and answers, and columns. */
import type pg from 'pg';

/** A function that the app may call. */
interface FunctionSignature {
	/** Such as `public.save_marks`. */
	name: string;
	/** Name and type of each argument, in order: `session uuid`. */
	takes: string[];
	/** How many of the last ones have a default. */
	defaults: number;
	/** As PostgreSQL writes it. */
	answers: string;
	/** Which of the app's roles may call it. */
	roles: string[];
}

/** A table or view that the app may read or write. */
interface RelationSignature {
	name: string;
	/** The type of each column. */
	columns: Record<string, string>;
	/** The columns that an insert must fill. */
	demands: string[];
}

/** Everything that old processes count on. */
export interface Signatures {
	functions: FunctionSignature[];
	relations: RelationSignature[];
}

const functionsSql = `
	select format('%s.%s', n.nspname, p.proname) as name, p.pronargdefaults::int as defaults,
		pg_get_function_result(p.oid) as answers,
		coalesce((select array_agg(concat_ws(' ', nullif(p.proargnames[a.at], ''), format_type(a.type, null)) order by a.at)
			from unnest(p.proargtypes::oid[]) with ordinality as a (type, at)), '{}') as takes,
		(select array_agg(role::text order by role::text) from unnest(array['anon', 'app_server', 'authenticated']) as role
			where has_function_privilege(role, p.oid, 'execute')) as roles
	from pg_proc as p
	join pg_namespace as n on n.oid = p.pronamespace
	where n.nspname in ('public', 'private') and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
		and exists (select from unnest(array['anon', 'app_server', 'authenticated']) as role where has_function_privilege(role, p.oid, 'execute'))
	order by 1, takes`;

const relationsSql = `
	select format('%s.%s', n.nspname, c.relname) as name,
		json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod) order by a.attnum) as columns,
		coalesce(json_agg(a.attname order by a.attnum) filter
			(where c.relkind = 'r' and a.attnotnull and not a.atthasdef and a.attidentity = ''), '[]') as demands
	from pg_class as c
	join pg_namespace as n on n.oid = c.relnamespace
	join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
	where n.nspname = 'public' and c.relkind in ('r', 'v', 'm')
	group by 1 order by 1`;

/** Reads what a migrated database offers. */
export async function readSignatures(client: pg.ClientBase): Promise<Signatures> {
	const { rows: functions } = await client.query<FunctionSignature>(functionsSql);
	const { rows: relations } = await client.query<RelationSignature>(relationsSql);
	return { functions, relations };
}

/** What processes of the old release would miss in the new database, each as `name: what is missing`. */
export function missingIn(now: Signatures, old: Signatures): string[] {
	return [
		...old.functions.flatMap((one) => missingFunction(now, one)),
		...old.relations.flatMap((one) => missingColumns(now, one))
	];
}

function missingFunction(now: Signatures, old: FunctionSignature): string[] {
	const same = now.functions.filter(({ name }) => name === old.name);
	const called = same.find(
		({ takes, defaults }) =>
			old.takes.every((each, at) => takes[at] === each) && takes.length - defaults <= old.takes.length
	);
	if (!called) return [`${old.name}: nothing takes (${old.takes.join(', ')})`];
	const roles = old.roles.filter((role) => !called.roles.includes(role));
	const found = roles.map((role) => `${old.name}: ${role} may not call it`);
	return answersAs(called.answers, old.answers)
		? found
		: [...found, `${old.name}: answers ${called.answers}, not ${old.answers}`];
}

// A table of answers may have more columns, at its end.
function answersAs(now: string, old: string): boolean {
	return now === old || (old.startsWith('TABLE(') && now.startsWith(`${old.slice(0, -1)}, `));
}

function missingColumns(now: Signatures, old: RelationSignature): string[] {
	const same = now.relations.find(({ name }) => name === old.name);
	if (!same) return [`${old.name}: is not there`];
	const columns = Object.entries(old.columns)
		.filter(([column, type]) => same.columns[column] !== type)
		.map(([column, type]) => `${old.name}.${column}: is ${same.columns[column] ?? 'not there'}, not ${type}`);
	const demands = same.demands.filter((column) => !old.demands.includes(column));
	return [...columns, ...demands.map((column) => `${old.name}.${column}: must be filled`)];
}
