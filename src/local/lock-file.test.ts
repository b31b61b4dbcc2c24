import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Lists {
	dependencies: object;
	devDependencies: object;
	optionalDependencies: object;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

// npm installs no optional package that the lock file lists as a necessary one too, and does not say so.
test('the lock file lists each package as package.json does', () => {
	const stated = read<Lists>('package.json');
	const { dependencies, devDependencies, optionalDependencies } = read<{ packages: Record<'', Lists> }>(
		'package-lock.json'
	).packages[''];
	expect({ dependencies, devDependencies, optionalDependencies }).toEqual({
		dependencies: stated.dependencies,
		devDependencies: stated.devDependencies,
		optionalDependencies: stated.optionalDependencies
	});
});
