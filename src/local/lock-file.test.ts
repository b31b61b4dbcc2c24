import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// Without an address npm asks for the list of versions of each package first, which doubles the time that it takes. npm puts
// the registry that it is set to in the place of the default one.
test('the lock file says where each package is', () => {
	const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
		packages: Record<string, { resolved?: string }>;
	};
	const elsewhere = Object.entries(packages).filter(
		([name, { resolved }]) => name !== '' && !resolved?.startsWith('https://registry.npmjs.org/')
	);
	expect(elsewhere).toEqual([]);
});
