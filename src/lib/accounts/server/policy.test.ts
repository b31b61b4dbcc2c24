import { afterEach, expect, it, vi } from 'vitest';
import { arePasskeysRequired } from './policy.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
	['https://summit.example.org', undefined, undefined, true],
	['https://summit.example.org', undefined, 'no', false],
	// A data folder of the sample under an address that others reach.
	['https://summit.example.org', '1', undefined, true],
	['http://localhost:3000', undefined, undefined, true],
	['http://localhost:3000', '1', undefined, false],
	['http://localhost:3000', '1', 'yes', true],
	['http://127.0.0.1:3000', undefined, undefined, false],
	['https://[2001:db8::1]', undefined, undefined, false],
	['https://192.0.2.7', undefined, 'yes', true],
	[undefined, undefined, undefined, true]
])('at %s, sample %s, set to %s: %s', (origin, sample, said, required) => {
	vi.stubEnv('ORIGIN', origin);
	vi.stubEnv('LOCAL_SAMPLE', sample);
	vi.stubEnv('PASSKEYS_REQUIRED', said);
	expect(arePasskeysRequired()).toBe(required);
});
