import { expect, test } from 'vitest';
import { CutWatch } from './cut-watch.ts';

function watched(counts: (number | null)[], answers: boolean) {
	const events: string[] = [];
	let asked = 0;
	const watch = new CutWatch({
		received: async () => counts.shift() ?? null,
		answers: async () => {
			asked += 1;
			return answers;
		},
		oncut: () => events.push('cut'),
		onback: () => events.push('back')
	});
	return { watch, events, asked: () => asked };
}

async function looks(watch: CutWatch, times: number): Promise<void> {
	for (let time = 0; time < times; time++) await watch.check();
}

test('reports a cut when no byte arrives and the site does not answer, after two seconds of checks plus the timeout', async () => {
	const { watch, events } = watched([10, 20, 20, 20, 20, 30], false);
	await looks(watch, 4);
	expect(events).toEqual([]);
	await looks(watch, 1);
	expect(events).toEqual(['cut']);
	await looks(watch, 1);
	expect(events).toEqual(['cut', 'back']);
});

test('reports no cut in silence, and pings the site once for each silence', async () => {
	const { watch, events, asked } = watched([10, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20], true);
	await looks(watch, 11);
	expect([events, asked()]).toEqual([[], 2]);
});

test('relies on the browser’s offline state where bytes cannot be counted', async () => {
	const { watch, events, asked } = watched([null, null, null, null, null], false);
	await looks(watch, 5);
	expect([events, asked()]).toEqual([[], 0]);
	watch.offline();
	watch.offline();
	expect(events).toEqual(['cut']);
});
