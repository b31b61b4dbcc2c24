/* The definitions of a database (tables, policies, grants, triggers, functions), to see whether two have the same rules. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { readObjects } from '../database-objects.ts';

// Of other schemas a server has its own.
const ours = /^\w+ (?:public|private|audit)\b/;
const kinds = 'schema relation column constraint index policy trigger view type function body'.split(' ');
const kindOf = (object: string) => object.slice(0, object.indexOf(' '));

/** Every object of our schemas with its definition. */
export async function readDatabaseRules(client: pg.Client): Promise<Map<string, string>> {
	const found = [...(await readObjects(client))].filter(
		([object]) => kinds.includes(kindOf(object)) && ours.test(object)
	);
	return new Map(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** One sum for each kind of object. */
export function sumRules(rules: ReadonlyMap<string, string>): Record<string, string> {
	const hashes = new Map(kinds.map((kind) => [kind, createHash('sha256')]));
	for (const [object, definition] of rules) hashes.get(kindOf(object))?.update(`${object}\0${definition}\0`);
	return Object.fromEntries([...hashes].map(([kind, hash]) => [kind, hash.digest('hex')]));
}

/** The objects that only one of two databases has, or that differ. */
export function compareRules(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
	return [...new Set([...one.keys(), ...other.keys()])].filter((object) => one.get(object) !== other.get(object));
}
