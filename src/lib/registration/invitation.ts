import type { Mode } from './registration.ts';

/** The state of an invitation. */
export type InvitationState = 'sent' | 'opened' | 'used' | 'expired' | 'revoked';

/** What the holder of a link sees; `mine` is null for readers who are signed out. Instants are ISO. */
export interface Invitation {
	state: InvitationState;
	category: string;
	mode: Mode;
	until: string;
	/** Name of the inviting member; null for a pool of the organisers. */
	member: string | null;
	/** The Summit's slug. */
	summit: string;
	/** Whether registration is open. */
	open: boolean;
	mine: boolean | null;
	/** The reader has another live registration, so that this one cannot be used. */
	elsewhere: boolean;
	registered_with: string | null;
}

/** An address that its senders can recognise: "m…a@ministry.example". */
export function maskAddress(address: string): string {
	const at = address.lastIndexOf('@');
	const name = [...address.slice(0, at)];
	const ends = name.length > 3 ? `${name[0]}…${name.at(-1)}` : `${name.length > 1 ? name[0] : ''}…`;
	return `${ends}${address.slice(at)}`;
}
