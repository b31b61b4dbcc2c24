import { expect, test } from 'vitest';

test('the configuration names the same version each time that it is read in a build', async () => {
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
	expect(first).toMatch(/^\d+\.\d+\.\d+-[0-9a-z]+$/);
});
