import { flatten, type Statement } from './statements.ts';

/** What a statement makes: its place in the baseline, and the name that may occur only once. */
interface Made {
	section: Section;
	name: string;
}

/** The parts of a baseline, in their order. */
const sections = [
	'setup',
	'types',
	'tables',
	'constraints',
	'functions',
	'views',
	'indexes',
	'policies',
	'triggers',
	'grants',
	'rows'
] as const;
export type Section = (typeof sections)[number];

const forms: [RegExp, Section, (match: RegExpExecArray) => string][] = [
	[/^create (schema|extension)(?: if not exists)? ([\w.]+)/, 'setup', ([, kind, name]) => `${kind} ${name}`],
	[/^(create|alter) text search configuration ([\w.]+)/, 'setup', ([, act, name]) => `${act} text search ${name}`],
	[/^create (type|domain|sequence) ([\w.]+)/, 'types', ([, kind, name]) => `${kind} ${name}`],
	[/^create (?:unlogged )?table ([\w.]+)/, 'tables', ([, name]) => `table ${name}`],
	[/^alter table ([\w.]+) enable row level security/, 'policies', ([, name]) => `row security of ${name}`],
	[/^alter table ([\w.]+) (.*)/, 'constraints', ([, name, what]) => `${what} of ${name}`],
	[/^create function ([\w.]+) ?(\(.*)/, 'functions', ([, name, rest]) => `function ${name}${parameters(rest ?? '')}`],
	[/^alter function ([\w.]+)(.*)/, 'functions', ([, name, rest]) => `setting of ${name}${rest}`],
	[/^create view ([\w.]+)/, 'views', ([, name]) => `view ${name}`],
	[/^create (?:unique )?index (.*)/, 'indexes', ([, what]) => `index ${what}`],
	[/^create policy (\w+) on ([\w.]+)/, 'policies', ([, name, table]) => `policy ${name} on ${table}`],
	[
		/^create (?:constraint )?trigger (\w+) .*? on ([\w.]+)/,
		'triggers',
		([, name, table]) => `trigger ${name} on ${table}`
	],
	[/^select audit\.watch\('([\w.]+)'/, 'triggers', ([, name]) => `audit of ${name}`],
	[/^(?:grant usage on schema|revoke .* on schema|alter default privileges|do ).*/, 'setup', ([all]) => all],
	[/^(?:grant|revoke) .*/, 'grants', ([all]) => all],
	[/^insert into .*/, 'rows', ([all]) => all],
	// Puts triggers on the tables that the rows before it do not except.
	[/^select private\.close_with_summit\(\)/, 'rows', () => 'triggers of closed Summits']
];

// A function is told from others of its name by the types of its parameters.
function parameters(rest: string): string {
	let depth = 0;
	for (const [at, sign] of [...rest].entries()) {
		if (sign === '(') depth += 1;
		if (sign === ')' && --depth === 0) return rest.slice(0, at + 1);
	}
	return rest;
}

/** Says what a statement makes. Throws for one that has no place in a schema. */
export function madeBy({ sql, file, line }: Statement): Made {
	const flat = flatten(sql);
	for (const [form, section, name] of forms) {
		const match = form.exec(flat);
		if (match) return { section, name: name(match) };
	}
	throw new Error(`supabase/schemas/${file}:${line}: "${flat.slice(0, 60)}" has no place in a schema.`);
}

/** The statements in the order in which an empty database takes them. Throws when an object is stated twice. */
export function ordered(statements: Statement[]): Map<Section, Statement[]> {
	const parts = new Map<Section, Statement[]>(sections.map((section) => [section, []]));
	const places = new Map<string, Statement>();
	for (const statement of statements) {
		const { section, name } = madeBy(statement);
		const twin = places.get(name);
		if (twin)
			throw new Error(`${name} is stated twice: ${twin.file}:${twin.line} and ${statement.file}:${statement.line}.`);
		places.set(name, statement);
		parts.get(section)?.push(statement);
	}
	const [types, functions, tables] = (['types', 'functions', 'tables'] as const).map((name) => parts.get(name) ?? []);
	const early = calledBy([...(types ?? []), ...(tables ?? [])], functions ?? []);
	parts.set('types', [...(types ?? []).filter(isEnum), ...early, ...(types ?? []).filter((one) => !isEnum(one))]);
	parts.set(
		'functions',
		(functions ?? []).filter((one) => !early.includes(one))
	);
	parts.set('tables', byReference(tables ?? []));
	return parts;
}

const isEnum = ({ sql }: Statement) => /^create type/i.test(sql);
const nameOf = (statement: Statement) =>
	/^create (?:\w+ )*?(?:function|table) ([\w.]+)/.exec(flatten(statement.sql))?.[1] ?? '';

// A default, a check or a domain that calls a function needs it first.
function calledBy(users: Statement[], functions: Statement[]): Statement[] {
	const words = new Set(users.flatMap(({ sql }) => flatten(sql).match(/[\w]+\.[\w]+(?=\()/g) ?? []));
	return functions.filter((one) => words.has(nameOf(one)));
}

// A table comes after those that it refers to; file order decides between the others.
function byReference(tables: Statement[]): Statement[] {
	const byName = new Map(tables.map((table) => [nameOf(table), table]));
	const done = new Set<Statement>();
	const add = (table: Statement, above: Statement[]): void => {
		if (done.has(table)) return;
		if (above.includes(table))
			throw new Error(`Tables refer to each other in a circle: ${above.map(nameOf).join(', ')}.`);
		for (const [, other = ''] of flatten(table.sql).matchAll(/references ([\w.]+)/g)) {
			const needed = byName.get(other);
			if (needed && needed !== table) add(needed, [...above, table]);
		}
		done.add(table);
	};
	for (const table of tables) add(table, []);
	return [...done];
}
