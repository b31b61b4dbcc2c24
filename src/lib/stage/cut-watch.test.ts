import { expect, test } from 'vitest';
import { CutWatch } from './cut-watch.ts';

function watched(counts: (number | null)[], answers: boolean) {
	const said: string[] = [];
	let asked = 0;
	const watch = new CutWatch({
		received: async () => counts.shift() ?? null,
		answers: async () => {
			asked += 1;
			return answers;
		},
		oncut: () => said.push('cut'),
		onback: () => said.push('back')
	});
	return { watch, said, asked: () => asked };
}

async function looks(watch: CutWatch, times: number): Promise<void> {
	for (let time = 0; time < times; time++) await watch.look();
}

test('reports a cut when no byte arrives and the site does not answer, after two seconds of checks plus the timeout', async () => {
	const { watch, said } = watched([10, 20, 20, 20, 20, 30], false);
	await looks(watch, 4);
	expect(said).toEqual([]);
	await looks(watch, 1);
	expect(said).toEqual(['cut']);
	await looks(watch, 1);
	expect(said).toEqual(['cut', 'back']);
});

test('reports no cut in silence, and pings the site once for each silence', async () => {
	const { watch, said, asked } = watched([10, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20], true);
	await looks(watch, 11);
	expect([said, asked()]).toEqual([[], 2]);
});

test('relies on the browser’s offline state where bytes cannot be counted', async () => {
	const { watch, said, asked } = watched([null, null, null, null, null], false);
	await looks(watch, 5);
	expect([said, asked()]).toEqual([[], 0]);
	watch.offline();
	watch.offline();
	expect(said).toEqual(['cut']);
});
