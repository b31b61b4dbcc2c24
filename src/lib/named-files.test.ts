/* Comments and documents that name a file name one that exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const inSchemas = /\b\d\d_[a-z_]+\/[a-z_]+\.sql\b/g;
const inProject =
	/(?<![\w./#@-])(?:src|tests|docs|supabase\/schemas)\/[\w./()[+-]*[\w)]\.(?:ts|svelte|sql|md|js|css)\b/g;

function missingIn(path: string): string[] {
	const text = readFileSync(join(root, path), 'utf8');
	const named = [
		...(text.match(inSchemas) ?? []).map((name) => `supabase/schemas/${name}`),
		...(text.match(inProject) ?? [])
	];
	return named.filter((name) => !existsSync(join(root, name))).map((name) => `${path}: ${name}`);
}

test.each(['supabase/schemas', 'src/lib', 'src/routes', 'docs', 'tests/database', 'tests/e2e', 'tests/fixtures'])(
	'files named in %s exist',
	(folder) => {
		const missing = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.(sql|ts|svelte|js|css|md)$/.test(name) && !name.includes('generated'))
			.flatMap((name) => missingIn(join(folder, name)));
		expect(missing).toEqual([]);
	}
);
