import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { versionsIn } from './build.ts';

test('the configuration names the same version each time that it is read in a build, in other processes too', async () => {
	const read = async (times: number) => {
		const address = new URL(`../../svelte.config.js?times=${times}`, import.meta.url).href;
		const { default: config } = (await import(/* @vite-ignore */ address)) as {
			default: { kit: { version: { name: string } } };
		};
		return config.kit.version.name;
	};
	const first = await read(1);
	// The time is another one by now.
	await new Promise((done) => setTimeout(done, 5));
	expect(await read(2)).toBe(first);
	const script = `import('./svelte.config.js').then(({ default: { kit } }) => console.log(kit.version.name))`;
	const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
	expect(stdout.trim()).toBe(first);
	expect(first).toMatch(/^\d+\.\d+\.\d+-[0-9a-z]+$/);
});

test('finds the versions that the parts of a build are of', () => {
	const chunk = 'fetch(`x`),globalThis.__sveltekit_1ei65xg.data;e(`__sveltekit_sw`)';
	expect(versionsIn(['options = { version_hash: "1ei65xg", x }', chunk])).toEqual(new Set(['1ei65xg']));
	expect(versionsIn(['version_hash:"8fxlcq"', chunk]).size).toBe(2);
});
