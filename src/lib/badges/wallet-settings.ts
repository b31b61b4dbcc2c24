/* What the environment says about wallet passes: the keys with which Apple and Google know who makes them. Pure. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** With what passes of Apple Wallet are signed; certificates and key as PEM, the key without a passphrase. */
export interface AppleWallet {
	certificate: string;
	key: string;
	/** Apple's own certificate between its root and ours. */
	intermediate: string;
	passType: string;
	team: string;
}

/** With what links of Google Wallet are signed; the key as PEM (PKCS#8). */
export interface GoogleWallet {
	issuer: string;
	/** The address of the service account. */
	account: string;
	key: string;
}

type Variables = Record<string, string | undefined>;

// Lines break in few places where variables are set, so a file may come as base64 too.
const fileIn = (value: string): string =>
	/^\s*(?:-----BEGIN |\{)/.test(value) ? value : Buffer.from(value, 'base64').toString('utf8');

const orNull = <Value>(read: () => Value): Value | null => {
	try {
		return read();
	} catch {
		return null;
	}
};

const certificateIn = (value: string): X509Certificate | null => orNull(() => new X509Certificate(fileIn(value)));

const keyIn = (value: string, passphrase?: string): KeyObject | null =>
	orNull(() => createPrivateKey({ key: fileIn(value), ...(passphrase && { passphrase }) }));

/** The address and the key of a service account, from the file that Google gives. */
function serviceAccountIn(value: string): { account: string; key: string } | null {
	const file = orNull(() => JSON.parse(fileIn(value)) as { client_email?: unknown; private_key?: unknown });
	if (typeof file?.client_email !== 'string' || typeof file.private_key !== 'string') return null;
	const key = keyIn(file.private_key);
	if (key?.asymmetricKeyType !== 'rsa') return null;
	return { account: file.client_email, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const isPem = (value: string) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(fileIn(value));

/** Which values the variables take. */
export const walletForms = {
	WALLET_APPLE_CERTIFICATE: {
		test: (value: string) => certificateIn(value) !== null,
		form: 'the certificate of the pass type, PEM or base64 of it'
	},
	WALLET_APPLE_KEY: { test: isPem, form: 'the private key of that certificate, PEM or base64 of it' },
	WALLET_APPLE_INTERMEDIATE: {
		test: (value: string) => certificateIn(value) !== null,
		form: 'the WWDR certificate of Apple that signed the other one, PEM or base64 of it'
	},
	WALLET_APPLE_PASS_TYPE: {
		test: (value: string) => /^pass\.[\w.-]{1,100}$/.test(value),
		form: 'a pass type identifier, such as pass.org.example.summit'
	},
	WALLET_APPLE_TEAM: {
		test: (value: string) => /^[A-Z0-9]{10}$/.test(value),
		form: 'a team identifier, 10 characters'
	},
	WALLET_GOOGLE_ISSUER: { test: (value: string) => /^\d{10,25}$/.test(value), form: 'an issuer id, only digits' },
	WALLET_GOOGLE_KEY: {
		test: (value: string) => serviceAccountIn(value) !== null,
		form: 'the JSON file of a service account, or base64 of it'
	}
};

const appleSet = (env: Variables) => ({
	WALLET_APPLE_CERTIFICATE: env['WALLET_APPLE_CERTIFICATE'],
	WALLET_APPLE_KEY: env['WALLET_APPLE_KEY'],
	WALLET_APPLE_INTERMEDIATE: env['WALLET_APPLE_INTERMEDIATE'],
	WALLET_APPLE_PASS_TYPE: env['WALLET_APPLE_PASS_TYPE'],
	WALLET_APPLE_TEAM: env['WALLET_APPLE_TEAM']
});

const googleSet = (env: Variables) => ({
	WALLET_GOOGLE_ISSUER: env['WALLET_GOOGLE_ISSUER'],
	WALLET_GOOGLE_KEY: env['WALLET_GOOGLE_KEY']
});

/** The values that make sense together only, by variable. Some keys have a passphrase beside them. */
export const walletSets = (env: Variables): Record<string, string | undefined>[] => [appleSet(env), googleSet(env)];

/** The values of a set; null unless all are there and in their form. */
function wholeSet<Name extends keyof typeof walletForms>(
	set: Record<Name, string | undefined>
): Record<Name, string> | null {
	const isWhole = (Object.entries(set) as [Name, string | undefined][]).every(
		([name, value]) => value && walletForms[name].test(value)
	);
	return isWhole ? (set as Record<Name, string>) : null;
}

/** Reads again only when a value has changed: keys take milliseconds to read, and each page of a badge asks for them. */
function remembered<Value>(
	setOf: (env: Variables) => object,
	read: (env: Variables) => Value
): (env: Variables) => Value {
	let last: { values: string; read: Value } | undefined;
	return (env) => {
		const values = JSON.stringify(setOf(env));
		if (last?.values !== values) last = { values, read: read(env) };
		return last.read;
	};
}

function openAppleWallet(env: Variables): AppleWallet | null {
	const given = wholeSet(appleSet(env));
	if (!given) return null;
	const certificate = certificateIn(given.WALLET_APPLE_CERTIFICATE);
	const key = keyIn(given.WALLET_APPLE_KEY, env['WALLET_APPLE_PASSPHRASE']);
	if (!certificate || key?.asymmetricKeyType !== 'rsa' || !certificate.checkPrivateKey(key)) return null;
	return {
		certificate: certificate.toString(),
		key: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
		intermediate: fileIn(given.WALLET_APPLE_INTERMEDIATE),
		passType: given.WALLET_APPLE_PASS_TYPE,
		team: given.WALLET_APPLE_TEAM
	};
}

/** How passes of Apple Wallet are signed; null where the keys are missing or do not fit each other. */
export const readAppleWallet = remembered(
	(env) => ({ ...appleSet(env), passphrase: env['WALLET_APPLE_PASSPHRASE'] }),
	openAppleWallet
);

function openGoogleWallet(env: Variables): GoogleWallet | null {
	const given = wholeSet(googleSet(env));
	const account = given && serviceAccountIn(given.WALLET_GOOGLE_KEY);
	return account && { issuer: given.WALLET_GOOGLE_ISSUER, ...account };
}

/** How links of Google Wallet are signed; null where a key is missing. */
export const readGoogleWallet = remembered(googleSet, openGoogleWallet);

/** Whether the keys of Apple Wallet are all there, and the private key does not open or is another's. */
export const hasOtherAppleKey = (env: Variables): boolean =>
	wholeSet(appleSet(env)) !== null && readAppleWallet(env) === null;

/** The facts of the certificate that signs passes: until when, for which pass type and team. */
export function appleCertificate({ certificate }: AppleWallet): { endsAt: Date; passType: string; team: string } {
	const { validTo, subject } = new X509Certificate(certificate);
	const part = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(subject)?.[1] ?? '';
	return { endsAt: new Date(validTo), passType: part('UID'), team: part('OU') };
}
