import { expect, test } from 'vitest';
import { isOlder, ownVersion } from './version.ts';

test('compares versions by their numbers', () => {
	expect(isOlder('1.9.0', '1.10.0')).toBe(true);
	expect(isOlder('1.10.0', '1.9.3')).toBe(false);
	expect(isOlder('1.2.0', '1.2.0')).toBe(false);
	expect(isOlder('0.9.9', '1.0.0')).toBe(true);
	expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
