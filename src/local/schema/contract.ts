/*
 * Steps of a migration that break the processes of the last release, which still run beside the new database: they contract the schema. A
 * comment above the statement takes the responsibility: `-- contract: public.old_name is used by no release since 1.2.0`.
 */
import { splitStatements, type Statement } from './statements.ts';

/** A step that breaks old processes. */
export interface Contraction {
	line: number;
	what: string;
}

const ruleBegins = '20261201103500';

/**
 * Whether the last release is one beside which old processes go on. The upgrade from 0.1.0 stops them (docs/deployment.md), so the rule holds from the
 * release after it.
 */
export const isHeld = (released: ReadonlyMap<string, string>): boolean =>
	[...released.keys()].some((file) => file >= ruleBegins);

const marker = /^--\s*contract:\s*(\S.*)$/im;

/** What the marked statements of a migration say about what they take away. */
export function contractReasons(sql: string, file = 'a migration'): string[] {
	// To split a migration takes long, and few have such a comment.
	return marker.test(sql) ? splitStatements(sql, file).flatMap(({ comment }) => marker.exec(comment)?.[1] ?? []) : [];
}

/** The steps of a migration that break old processes, and that no comment takes responsibility for. */
export function contractions(sql: string, file = 'a migration'): Contraction[] {
	const statements = splitStatements(sql, file).map((statement) => ({ ...statement, plain: plainOf(statement) }));
	const made = new Set(statements.flatMap(({ plain }) => madeBy(plain)));
	return statements
		.filter(({ comment }) => !marker.test(comment))
		.flatMap(({ plain, line }) => breaks(plain, made).map((what) => ({ line, what })));
}

// Without comments, quoted texts and bodies of functions, and in one line.
function plainOf({ sql }: Statement): string {
	return sql
		.replace(/\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g, "''")
		.replace(/'[^']*'/g, "''")
		.replace(/--[^\n]*/g, '')
		.replace(/\s+/g, ' ')
		.trim()
		.toLowerCase();
}

function madeBy(plain: string): string[] {
	const [, kind, name] =
		/^create (?:or replace )?(?:unlogged )?(table|view|function|domain|type|sequence)(?: if not exists)? ([\w."]+)/.exec(
			plain
		) ?? [];
	return kind && name ? [`${kind} ${name}`] : [];
}

// Each clause of an ALTER TABLE, where commas in parentheses separate nothing.
function clausesOf(text: string): string[] {
	let depth = 0;
	return [...text]
		.reduce<string[]>(
			(clauses, sign) => {
				if (sign === '(') depth += 1;
				if (sign === ')') depth -= 1;
				if (sign === ',' && depth === 0) clauses.push('');
				else clauses[clauses.length - 1] += sign;
				return clauses;
			},
			['']
		)
		.map((clause) => clause.trim());
}

const objects = 'table|view|materialized view|function|procedure|domain|type|schema|sequence';

function breaks(plain: string, made: ReadonlySet<string>): string[] {
	const [, kind = '', dropped = ''] = new RegExp(`^drop (${objects})(?: if exists)? ([\\w."]+)`).exec(plain) ?? [];
	// A function or a view that is made again in the same file is judged by its signature.
	if (dropped) return made.has(`${kind} ${dropped}`) ? [] : [`drops the ${kind} ${dropped}`];
	const [, altered = '', name = '', rest = ''] =
		new RegExp(`^alter (${objects})(?: if exists)?(?: only)? ([\\w."]+(?:\\([^)]*\\))?) (.*)$`).exec(plain) ?? [];
	if (altered && made.has(`${altered} ${name.replace(/\(.*/, '')}`)) return [];
	if (/^rename\b/.test(rest) || /^set schema\b/.test(rest)) return [`renames ${name}`];
	if (altered === 'table') return clausesOf(rest).flatMap((clause) => breaksInTable(name, clause));
	if (altered === 'domain' && /^set not null/.test(rest)) return [`refuses null in ${name}`];
	const [, right = '', of = ''] = /^revoke (.+?) on (?:table |function )?([\w."]+)/.exec(plain) ?? [];
	if (
		of &&
		!/^all (?:tables|functions|sequences)/.test(of) &&
		!made.has(`function ${of}`) &&
		!made.has(`table ${of}`) &&
		!made.has(`view ${of}`)
	)
		return [`takes ${right} on ${of} away`];
	return [];
}

function breaksInTable(table: string, clause: string): string[] {
	const [, dropped] =
		/^drop (?:column )?(?:if exists )?(?!constraint\b|not null\b|default\b)([\w"]+)/.exec(clause) ?? [];
	if (dropped) return [`drops the column ${table}.${dropped}`];
	const [, added] =
		/^add (?:column )?(?:if not exists )?(?!constraint\b|primary\b|unique\b|check\b|foreign\b|exclude\b)([\w"]+)/.exec(
			clause
		) ?? [];
	const fills = /\bdefault\b|\bgenerated\b|\bserial\b/.test(clause);
	if (added && /\bnot null\b|\bprimary key\b/.test(clause) && !fills)
		return [`adds the column ${table}.${added}, which old processes do not fill`];
	const [, changed, what = ''] = /^alter (?:column )?([\w"]+) (.*)$/.exec(clause) ?? [];
	if (!changed) return [];
	if (/^(?:set data )?type\b/.test(what)) return [`changes the type of ${table}.${changed}`];
	if (/^set not null/.test(what)) return [`refuses null in ${table}.${changed}`];
	return /^drop default/.test(what) ? [`drops the default of ${table}.${changed}`] : [];
}
