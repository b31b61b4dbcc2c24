/* backup.json, which makes a backup whole: what it has, and what each part is compared by. It names nobody. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Sum } from './measuring.ts';
import type { BackupPlace } from './place.ts';

const sum = v.object({ size: v.number(), sha256: v.string() });
const leftOut = v.object({ name: v.string(), why: v.string() });

const schema = v.object({
	/** Of this file, and of the parts. */
	format: v.literal(1),
	/** The time at which the database was seen, as the name of the folder. */
	name: v.string(),
	/** Of the software. */
	version: v.string(),
	/** The site, as people know it. */
	origin: v.string(),
	finishedAt: v.string(),
	/** Of PostgreSQL. */
	server: v.string(),
	/** Whether it is the sample Summit. */
	sample: v.boolean(),
	recipients: v.array(v.string()),
	migrations: v.array(v.object({ version: v.string(), file: v.string(), sha256: v.string() })),
	/** The files beside this one. */
	parts: v.object({ database: sum, tables: sum, objects: sum, erasures: sum }),
	objects: v.object({
		/** Where the stored files lie in the place. */
		folder: v.string(),
		count: v.number(),
		size: v.number(),
		/** Those that the database names and the store did not have. */
		missing: v.array(v.string())
	}),
	leftOut: v.array(leftOut),
	/** Of the definitions of each kind of object, to see what was changed by hand. */
	rules: v.record(v.string(), v.string()),
	/** By the sealing key: nobody without it has made or changed this file. */
	proof: v.optional(v.string())
});

const tableSums = v.record(
	v.string(),
	v.object({ columns: v.array(v.string()), rows: v.number(), sha256: v.string() })
);

/** By the name of each table, what its rows are compared by. Encrypted: how many rows a table has says something too. */
export type TableSums = v.InferOutput<typeof tableSums>;

/** Reads the sums of a backup. */
export const parseTableSums = (text: string): TableSums => v.parse(tableSums, JSON.parse(text));

/** What backup.json says. */
export type Manifest = v.InferOutput<typeof schema>;

/** The files of a backup, in its folder. */
export const files = {
	manifest: 'backup.json',
	database: 'database.sql.gz.age',
	tables: 'tables.json.age',
	objects: 'objects.txt',
	erasures: 'erasures.log.age'
} as const;

/** The name of a backup of a moment. */
export const backupName = (moment: Date): string =>
	moment
		.toISOString()
		.replace(/\.\d+Z$/, 'Z')
		.replaceAll(':', '-');

const isName = (text: string) => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(text);

/** The moment of a backup. */
export function momentOf(name: string): Date {
	return new Date(name.replace(/T(\d\d)-(\d\d)-(\d\d)Z$/, 'T$1:$2:$3Z'));
}

/** The names of all backups of a place, the oldest first: whole ones, and what killed ones have left. */
export async function listBackups(place: BackupPlace): Promise<{ whole: string[]; unfinished: string[] }> {
	const whole: string[] = [];
	const unfinished: string[] = [];
	for (const folder of await place.list('')) {
		const name = folder.replace(/\/$/, '');
		if (!isName(name)) continue;
		const isWhole = (await place.list(`${name}/`)).includes(files.manifest);
		(isWhole ? whole : unfinished).push(name);
	}
	return { whole, unfinished };
}

async function readJson(place: BackupPlace, name: string): Promise<unknown> {
	const text = isName(name) ? await place.read(`${name}/${files.manifest}`) : null;
	if (text === null) throw new Error(`There is no whole backup ${name} in ${place.address}.`);
	try {
		return JSON.parse(text);
	} catch {
		throw new Error(`${name}/${files.manifest} cannot be read: it was cut off or changed.`);
	}
}

// All that a rotation needs to know: a backup that this version cannot restore has its files all the same.
const objectsPart = v.object({ parts: v.object({ objects: sum }), objects: v.object({ folder: v.string() }) });

/** Where the stored files of a backup lie, and the sum of their list. Throws a sentence for people. */
export async function readObjectsPart(place: BackupPlace, name: string): Promise<{ folder: string; list: Sum }> {
	const parsed = v.safeParse(objectsPart, await readJson(place, name));
	if (!parsed.success) throw new Error(`${name}/${files.manifest} is not what a backup writes.`);
	const { parts, objects } = parsed.output;
	return { folder: objects.folder, list: parts.objects };
}

/** Reads what a backup says of itself. Throws a sentence for people. */
export async function readManifest(place: BackupPlace, name: string): Promise<Manifest> {
	const found = await readJson(place, name);
	const format = (found as { format?: unknown } | null)?.format;
	if (typeof format === 'number' && format > 1)
		throw new Error(`The backup ${name} was made by a newer version of the software: restore it with that one.`);
	const parsed = v.safeParse(schema, found);
	if (!parsed.success || parsed.output.name !== name)
		throw new Error(`${name}/${files.manifest} is not what a backup writes: it was cut off or changed.`);
	return parsed.output;
}

/** The key of proofs that follows from a sealing key. */
export function proofKey(setting: string): Buffer {
	const secret = Buffer.from(setting.split(':')[1] ?? '', 'base64');
	return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'global-summit backup', 32));
}

/** What a holder of the sealing key writes: a manifest, or what describes a base copy. */
interface Provable {
	format: 1;
	name: string;
	proof?: string | undefined;
}

function proofOf(document: Provable, key: string): string {
	const { proof: _, ...rest } = document;
	return createHmac('sha256', proofKey(key))
		.update(JSON.stringify(sorted(rest)))
		.digest('hex');
}

// The order of a file that was parsed is that of the schema.
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
	return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** The sealing keys of a setting, the one in use first. */
export const sealingKeysOf = (setting: string): string[] =>
	setting
		.split(',')
		.map((key) => key.trim())
		.filter(Boolean);

/** A manifest, or what describes a base copy, with its proof by the first sealing key. */
export function prove<Document extends Provable>(document: Document, sealingKey: string): Document {
	const [key] = sealingKeysOf(sealingKey);
	return key ? { ...document, proof: proofOf(document, key) } : document;
}

/** Whether a holder of one of these sealing keys wrote it. */
export function isProven<Document extends Provable>(document: Document, sealingKey: string): boolean {
	const given = Buffer.from(document.proof ?? '', 'hex');
	return sealingKeysOf(sealingKey).some((key) => {
		const expected = Buffer.from(proofOf(document, key), 'hex');
		return expected.length === given.length && timingSafeEqual(expected, given);
	});
}
