import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '..');

// Each file of answers lists its functions under these two.
const lists = new Set(['answers', 'privateAnswers']);

function exportedNames(file: string): string[] {
	const text = readFileSync(join(src, file), 'utf8');
	const code = file.endsWith('.svelte') ? (/<script[^>]*\bmodule\b[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? '') : text;
	const found = code.matchAll(/^\s*export (?:async )?(?:class|const|function\*?|interface|let|type) (\w+)/gm);
	return [...new Set(Array.from(found, ([, name = '']) => name))].filter((name) => !lists.has(name));
}

// `params` and hooks are left out: SvelteKit wants the same names from each of these files.
// A name in an import, or in a search, then means one thing.
it('no two files export the same name', () => {
	const files = new Map<string, string[]>();
	for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
		if (!/\.(?:ts|js|svelte)$/.test(file) || /\.test\.|generated|^routes|^params|^hooks|^lib.database.types/.test(file))
			continue;
		for (const name of exportedNames(file)) files.set(name, [...(files.get(name) ?? []), file]);
	}
	expect([...files].filter(([, found]) => found.length > 1)).toEqual([]);
});
