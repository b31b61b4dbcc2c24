import {
	appleCertificate,
	hasOtherAppleKey,
	readAppleWallet,
	readGoogleWallet,
	type AppleWallet
} from '#lib/badges/wallet-settings.ts';
import { pushKeys } from '#lib/live/server/push.ts';
import { smsProvider } from '#lib/safeguarding/server/sms.ts';
import { probeKeys } from '../../backup/sealed.ts';
import { withClient } from '../../hosted-database.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Diagnosis } from '../check.ts';

/** Web push: the key of the app. */
export const push: Check = {
	name: 'push',
	async run({ env }) {
		if (!env['PUSH_KEY'])
			return [warning('nothing is pushed', 'Set PUSH_KEY (npx web-push generate-vapid-keys), and keep it.')];
		try {
			return [ok(`the key is whole; push services write to ${pushKeys(env)?.subject}`)];
		} catch {
			return [fault('PUSH_KEY is no key', 'Give 32 bytes of a P-256 private key in base64url.')];
		}
	}
};

/** Text messages to those on call: the provider is reached, and nothing is sent. */
export const sms: Check = {
	name: 'sms',
	async run({ env }) {
		const provider = smsProvider(env);
		if (!provider)
			return [
				env['SMS_URL']
					? fault('SMS_BODY is missing', 'Give the body of a message with {to} and {text}.')
					: warning('alarms come by push and mail alone', 'Set SMS_URL, so that safeguarding on call is woken.')
			];
		if (!provider.body.includes('{to}') || !provider.body.includes('{text}'))
			return [fault('SMS_BODY names no {to} or {text}', 'Write both where the provider expects them.')];
		const { host } = new URL(provider.url);
		try {
			await fetch(provider.url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(8000) });
			return [ok(`${host} is reached; no message was sent`)];
		} catch (error) {
			return [
				fault(`${host} does not answer (${reasonOf(error)})`, 'Check SMS_URL, and whether this server reaches it.')
			];
		}
	}
};

// A database that does not answer has its own finding.
const tryKeys = async (url: string | undefined, key: string) =>
	url ? withClient(url, (client) => probeKeys(client, key)).catch(() => null) : null;

/** The two keys that nothing can replace. */
export const keys: Check = {
	name: 'keys',
	async run({ env, isLocal }) {
		if (isLocal) return [notAsked('local keys are in the data folder (secrets.json)')];
		const missing = ['SEALING_KEY', 'BADGE_KEY'].filter((name) => !env[name]);
		if (missing.length > 0)
			return missing.map((name) =>
				fault(`${name} is missing`, 'Set the one with which this installation began: no other opens what it has.')
			);
		const tried = await tryKeys(env['DATABASE_URL'], env['SEALING_KEY'] ?? '');
		if (tried && tried.opened < tried.tried)
			return [
				fault(
					`SEALING_KEY opens ${tried.opened} of ${tried.tried} sealed values that were tried`,
					'Set the key with which they were sealed, also behind a comma after a newer one.'
				)
			];
		const older = (env['SEALING_KEY'] ?? '').split(',').length - 1;
		return [
			ok(
				`SEALING_KEY and BADGE_KEY are set${older > 0 ? `, with ${older} older ones that still open` : ''}; keep a copy apart from the backups`
			)
		];
	}
};

const day = 86_400_000;

function appleDiagnosis(wallet: AppleWallet, now: number): Diagnosis[] {
	const { endsAt, passType, team } = appleCertificate(wallet);
	const days = Math.floor((endsAt.getTime() - now) / day);
	const words = `the certificate of Apple Wallet is valid until ${endsAt.toISOString().slice(0, 10)}, ${days} days`;
	const renew = 'Make another one for the same pass type identifier (docs/wallet.md).';
	const isOther = passType !== wallet.passType || team !== wallet.team;
	return [
		days < 0 ? fault(words, renew) : days < 30 ? warning(words, renew) : ok(words),
		...(isOther
			? [
					fault(
						`the certificate of Apple Wallet is of ${passType}, team ${team}`,
						'Set WALLET_APPLE_PASS_TYPE and WALLET_APPLE_TEAM to these.'
					)
				]
			: [])
	];
}

/** Wallet passes: the keys, and how long Apple's certificate is valid. */
export const wallets: Check = {
	name: 'wallets',
	async run({ env, now }) {
		if (hasOtherAppleKey(env))
			return [
				fault('WALLET_APPLE_KEY is not the key of the certificate', 'Give that key, and its passphrase if it has one.')
			];
		const [apple, google] = [readAppleWallet(env), readGoogleWallet(env)];
		const found = [
			...(apple ? appleDiagnosis(apple, now()) : []),
			...(google ? [ok('the key of Google Wallet is whole')] : [])
		];
		return found.length > 0 ? found : [notAsked('there are no wallet passes (WALLET_APPLE_…, WALLET_GOOGLE_…)')];
	}
};
