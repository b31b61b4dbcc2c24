import { setTimeout } from 'node:timers/promises';

const deadlockDetected = '40P01';
const tries = 3;

/** The SQLSTATE of an answer's error. The local REST omits it and gives only the message. */
export function sqlState({ code, message }: { code: string; message: string }): string {
	return message.endsWith('deadlock detected') ? deadlockDetected : code;
}

/**
 * Retries when Postgres ended a transaction because of a deadlock: nothing of it was done. Each try must be one
 * transaction. Other errors, and the last one, are thrown.
 */
export async function afterDeadlock<Result>(attempt: () => Promise<Result>): Promise<Result> {
	for (let left = tries - 1; ; left -= 1) {
		try {
			return await attempt();
		} catch (error) {
			if (left === 0 || (error as { code?: unknown }).code !== deadlockDetected) throw error;
			// A random pause, so that they do not collide again.
			await setTimeout(Math.random() * 50);
		}
	}
}
