/*
 * `npm run schema`, second half: src/lib/database/types.ts from the catalogue of a migrated database, in the form of
 * `supabase gen types typescript`. Ours says four things more: which arguments may be null, what a JSON argument takes,
 * which texts a domain lists, and for functions of `private`, which are called by position, the tuple of their arguments
 * and the row that comes back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { format } from 'prettier';
import { startCluster } from '../cluster.ts';
import {
	readCatalogue,
	type Catalogue,
	type Field,
	type PgType,
	type Procedure,
	type Relation,
	type ValueList
} from './catalogue.ts';

const root = join(import.meta.dirname, '../../..');

/** The file that `npm run schema` writes. */
export const typesFile = join(root, 'src/lib/database/types.ts');

// How a value travels: as JSON over REST, or between the pg driver and a connection.
type Way = 'json' | 'from-driver' | 'to-driver' | 'json-argument';

const numbers = new Set(['int2', 'int4', 'float4', 'float8', 'oid']);
const longNumbers = new Set(['int8', 'numeric']);
const moments = new Set(['timestamptz', 'timestamp', 'date']);

// The driver gives long numbers as text and moments as dates, and takes either.
const drivers: Record<'from-driver' | 'to-driver', { long: string; moment: string; bytes: string }> = {
	'from-driver': { long: 'string', moment: 'Date', bytes: 'Buffer' },
	'to-driver': { long: 'number | string', moment: 'Date | string', bytes: 'Uint8Array' }
};

function typeOf(type: PgType, way: Way): string {
	const isDriver = way === 'from-driver' || way === 'to-driver';
	if (type.element) {
		// The driver leaves arrays of our own types as text.
		if (way === 'from-driver' && type.element.kind !== 'b') return 'string';
		const element = typeOf(type.element, way);
		if (way === 'to-driver') return `readonly (${element} | null)[]`;
		return way === 'json-argument' ? `readonly (${element})[]` : `(${element})[]`;
	}
	if (type.kind === 'e') return `Database['${type.schema}']['Enums']['${type.name}']`;
	if (type.name === 'text_map') return way === 'json-argument' || way === 'to-driver' ? 'JsonArgument' : 'TextMap';
	// Every other domain is a list of texts.
	if (type.kind === 'd') return `Database['${type.schema}']['Domains']['${type.name}']`;
	if (type.kind === 'c') return isDriver ? 'string' : `Database['${type.schema}']['Tables']['${type.name}']['Row']`;
	return baseType(type.name, way);
}

function baseType(name: string, way: Way): string {
	const driver = way === 'from-driver' || way === 'to-driver' ? drivers[way] : null;
	if (name === 'bool') return 'boolean';
	if (numbers.has(name)) return 'number';
	if (longNumbers.has(name)) return driver?.long ?? (way === 'json' ? 'number' : 'number | string');
	if (name === 'json' || name === 'jsonb')
		return way === 'json' || way === 'from-driver' ? 'Json' : way === 'json-argument' ? 'JsonArgument' : 'DriverJson';
	if (name === 'void') return 'undefined';
	if (name === 'record') return 'Record<string, unknown>';
	if (driver && moments.has(name)) return driver.moment;
	if (driver && name === 'bytea') return driver.bytes;
	return 'string';
}

const named = (name: string) => (/^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name));
const block = (lines: string[], empty = '{ [_ in never]: never }') =>
	lines.length ? `{\n${lines.join('\n')}\n}` : empty;
const orNull = (type: string, isNullable: boolean) => (isNullable ? `${type} | null` : type);

function relation({ columns, relationships, isView }: Relation): string {
	const of = (write: (column: Relation['columns'][number]) => string) => block(columns.map(write));
	const row = of(
		({ name, type, isNullable }) => `${named(name)}: ${orNull(typeOf(type, 'json'), isNullable || isView)};`
	);
	const written = (isUpdate: boolean) =>
		of(({ name, type, isNullable, isOptional, isGenerated }) =>
			isGenerated
				? `${named(name)}?: never;`
				: `${named(name)}${isUpdate || isOptional ? '?' : ''}: ${orNull(typeOf(type, 'json'), isNullable)};`
		);
	const links = relationships.map(
		(one) => `{ foreignKeyName: '${one.name}'; columns: ${tuple(one.columns)}; isOneToOne: ${one.isOneToOne};
			referencedRelation: '${one.relation}'; referencedColumns: ${tuple(one.referenced)}; }`
	);
	const writes = isView ? '' : `Insert: ${written(false)};\nUpdate: ${written(true)};\n`;
	return `{ Row: ${row};\n${writes}Relationships: [${links.join(', ')}] }`;
}

const tuple = (names: string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;

// Postgres takes a null for any argument; one that is strict then answers null without a look, which nobody means.
function argument({ type, hasDefault }: Field, { isStrict }: Procedure, way: Way, name: string): string {
	return `${name}${hasDefault ? '?' : ''}: ${orNull(typeOf(type, way), !isStrict)}`;
}

function returned(one: Procedure, way: Way): string {
	const whole = one.fields.length > 1 || (one.fields.length === 1 && one.type.name === 'record');
	const row = whole
		? block(one.fields.map(({ name, type }) => `${named(name)}: ${typeOf(type, way)};`))
		: typeOf(one.type, way);
	return one.isSet ? `(${row})[]` : row;
}

function publicFunction(one: Procedure): string {
	const taken = one.parameters.map((field) => `${argument(field, one, 'json-argument', named(field.name))};`);
	return `{ Args: ${block(taken, 'never')}; Returns: ${returned(one, 'json')} }`;
}

function privateFunction(one: Procedure): string {
	const taken = one.parameters.map((field) => `${argument(field, one, 'to-driver', named(field.name))};`);
	const inOrder = one.parameters.map((field, at) => argument(field, one, 'to-driver', field.name || `arg${at + 1}`));
	const columns = one.fields.length
		? one.fields
		: one.composite.length
			? one.composite
			: [{ name: one.name, type: one.type }];
	const row = columns.map(({ name, type }) => `${named(name)}: ${orNull(typeOf(type, 'from-driver'), true)};`);
	return `{ Args: ${block(taken, 'never')}; Positional: [${inOrder.join(', ')}]; Row: ${block(row)}; Returns: ${returned(one, 'from-driver')} }`;
}

function functions(all: Procedure[], write: (one: Procedure) => string): string {
	const byName = Map.groupBy(all, ({ name }) => name);
	return block([...byName].map(([name, overloads]) => `${named(name)}: ${overloads.map(write).join(' | ')};`));
}

function schema(name: string, { relations, procedures, enums, domains }: Catalogue): string {
	const own = <One extends { schema: string }>(all: One[]) => all.filter((one) => one.schema === name);
	const written = (isView: boolean) =>
		block(own(relations).flatMap((one) => (one.isView === isView ? [`${named(one.name)}: ${relation(one)};`] : [])));
	const union = ({ name, values }: ValueList) => `${name}: ${values.map((value) => `'${value}'`).join(' | ')};`;
	return `{
		Tables: ${written(false)};
		Views: ${written(true)};
		Functions: ${functions(own(procedures), name === 'private' ? privateFunction : publicFunction)};
		Enums: ${block(own(enums).map(union))};
		Domains: ${block(own(domains).map(union))};
		CompositeTypes: { [_ in never]: never };
	}`;
}

const head = `/* Made from the database by \`npm run schema\`. Change supabase/schemas, never this file. */
import type { TextMap } from '#lib/i18n/locale.ts';

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

/** What a JSON argument takes: any value, interfaces included, which \`Json\` refuses. The function checks its shape. */
export type JsonArgument = string | number | boolean | null | object;

/** The same for the pg driver, which would send an array as one of Postgres: JSON of an array goes as text. */
export type DriverJson = string | (object & { length?: never });
`;

const foot = `
type Public = Database['public'];

/** A row of a table or view of the API. */
export type Tables<Name extends keyof (Public['Tables'] & Public['Views'])> = (Public['Tables'] & Public['Views'])[Name] extends {
	Row: infer Row;
} ? Row : never;

/** The values of an enum of the API. */
export type Enums<Name extends keyof Public['Enums']> = Public['Enums'][Name];
`;

// The same values for schemas, which check what the compiler only believes.
function valuesOf(lists: ValueList[]): string {
	const rows = lists.map((one) => `${one.name}: [${one.values.map((value) => `'${value}'`).join(', ')}],`);
	return `{\n${rows.join('\n')}\n} as const;\n`;
}

/** The text of the types file for a migrated database. */
export async function makeTypes(client: pg.ClientBase): Promise<string> {
	const catalogue = await readCatalogue(client);
	const schemas = ['private', 'public'].map((name) => `${name}: ${schema(name, catalogue)};`);
	const options = JSON.parse(readFileSync(join(root, '.prettierrc'), 'utf8')) as { useTabs: boolean };
	const values = [
		`\n/** The values of every enum. */\nexport const enums = ${valuesOf(catalogue.enums)}`,
		`\n/** The texts of every domain that lists them. */\nexport const domains = ${valuesOf(catalogue.domains)}`
	].join('');
	return format(`${head}\nexport type Database = {\n${schemas.join('\n')}\n};\n${foot}${values}`, {
		...options,
		plugins: [],
		parser: 'typescript'
	});
}

/** Writes the types of a database that the migrations of this checkout make. */
async function writeTypes(): Promise<void> {
	const { port, template, passwords, stop } = await startCluster();
	const client = new pg.Client(`postgres://postgres:${passwords.postgres}@127.0.0.1:${port}/${template}`);
	try {
		await client.connect();
		writeFileSync(typesFile, await makeTypes(client));
	} finally {
		await client.end();
		await stop?.();
	}
}

if (import.meta.main) await writeTypes();
