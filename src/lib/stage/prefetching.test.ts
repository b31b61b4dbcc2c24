import { expect, test } from 'vitest';
import { canPrefetch } from './prefetching.ts';

const file = (transferSize: number, startTime: number, responseEnd: number) => ({
	transferSize,
	startTime,
	responseEnd
});

test('prefetches only on good connections', () => {
	const good = [file(60_000, 0, 200), file(60_000, 100, 400)];
	const thin = [file(60_000, 0, 7000), file(60_000, 100, 15_000)];
	expect([canPrefetch({}, good), canPrefetch({ effectiveType: '4g' }, good), canPrefetch({}, [])]).toEqual([
		true,
		true,
		true
	]);
	expect([
		canPrefetch({ saveData: true }, good),
		canPrefetch({ effectiveType: '3g' }, good),
		canPrefetch({ effectiveType: '4g' }, thin),
		canPrefetch({}, thin)
	]).toEqual([false, false, false, false]);
	// Cached files say nothing about the connection.
	expect(canPrefetch({}, [file(0, 0, 9000), file(1000, 0, 50)])).toBe(true);
});
