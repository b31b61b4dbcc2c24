import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type {
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON
} from '@simplewebauthn/browser';

/** Why nothing came of a passkey. Unsupported: by this browser; failed: it was cancelled, or the request was lost. */
export type PasskeyFailure =
	'unknown' | 'expired' | 'not_allowed' | 'copied' | 'already' | 'limited' | 'unsupported' | 'failed';

/** The result of a ceremony; `next` after signing in. */
type Outcome = { status: 'ok'; next?: string } | { status: PasskeyFailure };

const words: Record<PasskeyFailure, () => string> = {
	unknown: m.accounts_passkey_unknown,
	expired: m.accounts_passkey_expired,
	not_allowed: m.accounts_passkey_confirm_add,
	copied: m.accounts_passkey_copied,
	already: m.accounts_passkey_already,
	limited: m.accounts_passkey_limited,
	unsupported: m.accounts_passkey_unsupported,
	failed: m.accounts_passkey_failed
};

/** The sentence for a failure. */
export function passkeyWords(failure: PasskeyFailure): string {
	return words[failure]();
}

async function post<Answer>(body: object): Promise<Answer | null> {
	const answer = await fetch(href('/api/passkeys'), {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body)
	}).catch(() => null);
	return answer?.ok ? ((await answer.json()) as Answer) : null;
}

type Options<Given> = { status: 'ok'; options: Given } | { status: 'not_allowed' };

// The library is loaded when somebody uses a passkey.
const library = () => import('@simplewebauthn/browser');

/** Runs one ceremony: options, the authenticator, the answer. */
async function run<Given>(
	purpose: 'sign_in' | 'confirm' | 'add',
	ask: (options: Given) => Promise<unknown>,
	more: object = {}
): Promise<Outcome> {
	const { browserSupportsWebAuthn } = await library();
	if (!browserSupportsWebAuthn()) return { status: 'unsupported' };
	const asked = await post<Options<Given>>({ act: 'options', purpose });
	if (asked?.status !== 'ok') return { status: asked?.status ?? 'failed' };
	try {
		const response = await ask(asked.options);
		return (await post<Outcome>({ act: purpose, response, ...more })) ?? { status: 'failed' };
	} catch (thrown) {
		// The authenticator has a passkey of the list already.
		return { status: (thrown as Error).name === 'InvalidStateError' ? 'already' : 'failed' };
	}
}

/** Confirms this session with a passkey. */
export async function confirmWithPasskey(): Promise<Outcome> {
	const { startAuthentication } = await library();
	return run('confirm', (optionsJSON: PublicKeyCredentialRequestOptionsJSON) => startAuthentication({ optionsJSON }));
}

/** Makes a passkey on this device or on another one. */
export async function makePasskey(name: string): Promise<Outcome> {
	const { startRegistration } = await library();
	return run('add', (optionsJSON: PublicKeyCredentialCreationOptionsJSON) => startRegistration({ optionsJSON }), {
		name
	});
}

/**
 * Signs in with a passkey. With `offer` the browser offers passkeys in the field of the address, and nothing happens
 * until one is chosen there.
 */
export async function signInWithPasskey(next: string, offer = false): Promise<Outcome> {
	const { browserSupportsWebAuthnAutofill, startAuthentication } = await library();
	if (offer && !(await browserSupportsWebAuthnAutofill())) return { status: 'unsupported' };
	return run(
		'sign_in',
		(optionsJSON: PublicKeyCredentialRequestOptionsJSON) =>
			startAuthentication({ optionsJSON, useBrowserAutofill: offer }),
		{ next }
	);
}
