import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { readAppleWallet, readGoogleWallet } from '../wallet-settings.ts';
import { pushToDevices, type ApplePushService } from './apple-devices.ts';
import { updateGooglePasses, type GoogleServices } from './google-passes.ts';
import type { SignDoorCode } from './wallet-passes.ts';

/** Other services than Apple's and Google's, for tests. */
interface WalletServices {
	apple?: ApplePushService;
	google?: GoogleServices;
}

/**
 * Looks for what changed of passes, of one badge or of those that were looked at longest ago, and tells Apple and Google. Throws
 * the first error once both were tried.
 */
export async function updateWalletPasses(
	badge: string | null,
	sign: SignDoorCode,
	{ apple, google }: WalletServices = {}
): Promise<void> {
	const [atApple, atGoogle] = [readAppleWallet(process.env), readGoogleWallet(process.env)];
	if (!atApple && !atGoogle) return;
	await callPrivate('refresh_wallet_passes', [badge]);
	const ends = await Promise.allSettled([
		atApple && pushToDevices(atApple, apple),
		atGoogle && updateGooglePasses(atGoogle, sign, google)
	]);
	const failed = ends.find((end) => end.status === 'rejected');
	if (failed) throw failed.reason;
}

/** The worker's part in wallet passes: a badge that changed at once, and all others in turn. */
export function walletJobs(sign: SignDoorCode): Job[] {
	const task = 'update_wallet_passes';
	return [
		{
			task,
			everyMinute: true,
			run: (badge) => updateWalletPasses(badge, sign),
			trigger: { kind: 'wallet', run: (ids, add) => add(ids.map((id) => ({ task, id }))) }
		}
	];
}
