import { setTimeout } from 'node:timers/promises';

const deadlockDetected = '40P01';
const tries = 3;

/** The SQLSTATE of an answer's error. The local REST keeps it for itself and gives the words alone. */
export function sqlState({ code, message }: { code: string; message: string }): string {
	return message.endsWith('deadlock detected') ? deadlockDetected : code;
}

/**
 * Tries again what Postgres ended because two waited for each other: nothing of it was done. Each try must be one transaction.
 * Other errors, and the last, are thrown.
 */
export async function afterDeadlock<Result>(attempt: () => Promise<Result>): Promise<Result> {
	for (let left = tries - 1; ; left -= 1) {
		try {
			return await attempt();
		} catch (error) {
			if (left === 0 || (error as { code?: unknown }).code !== deadlockDetected) throw error;
			// Not all of them at the same moment once more.
			await setTimeout(Math.random() * 50);
		}
	}
}
