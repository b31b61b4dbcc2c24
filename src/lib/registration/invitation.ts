export type { RegistrationInvitation, InvitationState } from '#lib/database/answers/registration/delegation.ts';

/** An address that its senders can recognise: "m…a@ministry.example". */
export function maskAddress(address: string): string {
	const at = address.lastIndexOf('@');
	const name = [...address.slice(0, at)];
	const ends = name.length > 3 ? `${name[0]}…${name.at(-1)}` : `${name.length > 1 ? name[0] : ''}…`;
	return `${ends}${address.slice(at)}`;
}
