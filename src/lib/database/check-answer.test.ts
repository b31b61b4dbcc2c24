import { afterEach, expect, test, vi } from 'vitest';
import { checkAnswer, checkRows } from './server/check-answer.ts';

const seats = { mode: 'virtual', capacity: 5, left: 2, member_ceiling: null, member_left: null, waiting: 0 };

afterEach(() => vi.unstubAllEnvs());

test('accepts what the schema says, and keys that it does not name', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	await expect(checkAnswer('seats_left', [seats, { ...seats, another: true }])).resolves.toBeUndefined();
});

test('names the function and the place of another type, and no value', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	const error = checkAnswer('seats_left', [seats, { ...seats, left: 'canary' }]);
	await expect(error).rejects.toThrow('seats_left answered what is not its type: 1.left should be number');
	await expect(error).rejects.not.toThrow('canary');
});

test('accepts a refusal that is its status alone', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	await expect(checkRows('make_ingress', [{ make_ingress: { status: 'not_found' } }])).resolves.toBeUndefined();
});

test('trusts every answer in production', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'no');
	await expect(checkAnswer('seats_left', 'canary')).resolves.toBeUndefined();
});
