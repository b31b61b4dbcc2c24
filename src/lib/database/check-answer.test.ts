import { afterEach, expect, test, vi } from 'vitest';
import { checkAnswer, checkRows } from './server/check-answer.ts';

const seats = { mode: 'virtual', capacity: 5, left: 2, member_ceiling: null, member_left: null, waiting: 0 };

afterEach(() => vi.unstubAllEnvs());

test('accepts what the schema says, and no other key', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	await expect(checkAnswer('seats_left', [seats, seats])).resolves.toBeUndefined();
	await expect(checkAnswer('seats_left', [seats, { ...seats, another: 'canary' }])).rejects.toThrow(
		'seats_left answered what is not in its type: 1.another.'
	);
});

test('names the function and the place of another type, and no value', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	const error = checkAnswer('seats_left', [seats, { ...seats, left: 'canary' }]);
	await expect(error).rejects.toThrow('seats_left answered what is not its type: 1.left should be number');
	await expect(error).rejects.not.toThrow('canary');
});

test('accepts each status with what it carries', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'yes');
	const pass = (value: object) => checkRows('desk_pass', [{ desk_pass: value }]);
	await expect(pass({ status: 'ok', room: 'a', identity: 'b' })).resolves.toBeUndefined();
	await expect(pass({ status: 'none' })).resolves.toBeUndefined();
	await expect(pass({ status: 'ok' })).rejects.toThrow('desk_pass answered what is not its type: room should be');
	await expect(pass({ status: 'none', room: 'a' })).rejects.toThrow(
		'desk_pass answered what is not in its type: room.'
	);
	await expect(pass({ status: 'noone' })).rejects.toThrow('desk_pass answered what is not its type: status should be');
});

test('trusts every answer in production', async () => {
	vi.stubEnv('CHECK_ANSWERS', 'no');
	await expect(checkAnswer('seats_left', 'canary')).resolves.toBeUndefined();
});
