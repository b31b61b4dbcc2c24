/* `npm run schema`: supabase/schemas, where each object is stated once, made into the migration that an empty database takes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ordered, type Section } from './order.ts';
import { releasedMigrations } from './released.ts';
import { splitStatements, type Statement } from './statements.ts';

const supabase = resolve(import.meta.dirname, '../../../supabase');

/** The migration that `npm run schema` writes. */
export const baselineFile = join(supabase, 'migrations/20261128000000_baseline.sql');

const headings: Record<Section, string> = {
	setup: 'Schemas, extensions and roles',
	types: 'Types, and the functions that types and tables call',
	tables: 'Tables',
	constraints: 'Constraints that refer back',
	functions: 'Functions',
	views: 'Views',
	indexes: 'Indexes',
	policies: 'Row security and policies',
	triggers: 'Triggers',
	grants: 'Grants',
	rows: 'Rows that the rules need'
};

/** The baseline, made from the schema files in the order of their folders. Throws when an object is stated twice. */
export function makeBaseline(folder = join(supabase, 'schemas')): string {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.sql'))
		// In each folder the tables come first.
		.sort((a, b) => compare(a.replace(/tables\.sql$/, ''), b.replace(/tables\.sql$/, '')));
	const statements = files.flatMap((file) => splitStatements(readFileSync(join(folder, file), 'utf8'), file));
	const parts = [...ordered(statements)].map(([section, made]) =>
		[`-- ${headings[section]}`, joined(made)].join('\n\n')
	);
	return [
		'-- Made from supabase/schemas by `npm run schema`. Change the files there, never this one.',
		'set check_function_bodies = off;',
		...parts,
		'reset check_function_bodies;\n'
	].join('\n\n');
}

// Short statements follow each other without blank lines, as a list.
function joined(statements: Statement[]): string {
	return statements
		.map(({ comment, sql }, index) => {
			const text = `${comment ? `${comment}\n` : ''}${sql};`;
			const before = statements[index - 1]?.sql;
			if (before === undefined) return text;
			return `${text.includes('\n') || before.includes('\n') ? '\n\n' : '\n'}${text}`;
		})
		.join('');
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Once released it never changes: later changes are separate migrations of deployed databases. */
export const isReleased = () => releasedMigrations().has(basename(baselineFile));

if (import.meta.main && !isReleased()) writeFileSync(baselineFile, makeBaseline());
