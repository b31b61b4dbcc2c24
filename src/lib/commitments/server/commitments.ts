import type { AnswerOf } from '#lib/database/calls.ts';
import type {
	CommitmentLink,
	CommitmentMember,
	CommitmentPage,
	CommitmentRegister,
	CommitmentsToCheck,
	OwnCommitments,
	SessionCommitment
} from '#lib/database/answers/commitments.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import type { Enums } from '#lib/database/types.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { hashOfToken, hintOf, linkedAddress } from '#lib/people/links.ts';

/** The register as the reader sees it. */
export function readRegister(client: DataClient): Promise<CommitmentRegister> {
	return rpc(client, 'list_commitments');
}

/** One announced commitment; null where there is none or the reader does not see it. */
export function readCommitment(client: DataClient, code: string): Promise<CommitmentPage | null> {
	return rpc(client, 'read_commitment', { code });
}

/** The commitments that name a session and that the reader finds in the register. */
export function listSessionCommitments(client: DataClient, session: string): Promise<SessionCommitment[]> {
	return rpc(client, 'list_session_commitments', { session });
}

/** A member that has a commitment or a document for the reader; null otherwise. */
export function readMemberPage(client: DataClient, code: string): Promise<CommitmentMember | null> {
	return rpc(client, 'read_member_page', { code });
}

/** The members for which the reader is a focal point today, and their commitments. */
export function readOwnCommitments(client: DataClient): Promise<OwnCommitments> {
	return rpc(client, 'my_commitments');
}

/** What waits for the secretariat, and for a stage organiser what is ready to be announced; null for others. */
export function readCommitmentWork(client: DataClient): Promise<CommitmentsToCheck | null> {
	return rpc(client, 'list_commitment_work');
}

/** Whether the reader gets that list. */
export function hasCommitmentWork(client: DataClient): Promise<boolean> {
	return rpc(client, 'has_commitment_work');
}

/** What a focal point saves; `commitment` null: a new one. */
interface SavedCommitment {
	commitment: string | null;
	summit: string;
	member: string;
	version: number;
	fields: Record<string, unknown>;
}

/** Drafts a commitment, or writes another version of one. */
export function saveCommitment(client: DataClient, saved: SavedCommitment): Promise<AnswerOf<'save_commitment'>> {
	return rpc(client, 'save_commitment', saved);
}

/** Asks the head of a member to agree, by a personal link to an address. */
export function askAgreement(
	client: DataClient,
	commitment: string,
	version: number,
	asked: { member: string; address: string }
) {
	const address = { ...linkedAddress(asked.address), hint: hintOf(asked.address) };
	return rpc(client, 'ask_commitment_agreement', { commitment, version, member: asked.member, address });
}

/** Ends the open link of a member. */
export function revokeLink(client: DataClient, commitment: string, member: string) {
	return rpc(client, 'revoke_commitment_link', { commitment, member });
}

/** Withdraws a commitment with a reason. */
export function withdrawCommitment(client: DataClient, commitment: string, reason: string) {
	return rpc(client, 'withdraw_commitment', { commitment, reason });
}

/** What a personal link leads to; null for an unknown one. */
export async function readLink(token: string): Promise<CommitmentLink | null> {
	const hash = hashOfToken(token);
	if (hash === null) return null;
	const [row] = await callPrivate('read_commitment_link', [hash]);
	return row?.read_commitment_link ?? null;
}

/** The head agrees, or sends the version back with a reason. */
export async function answerLink(token: string, agrees: boolean, reason: string) {
	const hash = hashOfToken(token);
	if (hash === null) return 'over' as const;
	const [row] = await callPrivate('answer_commitment_link', [hash, agrees, reason]);
	return row?.answer_commitment_link ?? ('over' as const);
}

/** Checks a version, or sends it back with a reason. */
export function checkCommitment(
	client: DataClient,
	commitment: string,
	version: number,
	checked: { accepted: boolean; reason: string }
) {
	return rpc(client, 'check_commitment', { commitment, version, ...checked });
}

/** Takes back an announcement whose time has not come. */
export function unscheduleCommitment(client: DataClient, commitment: string, version: number) {
	return rpc(client, 'unschedule_commitment', { commitment, version });
}

/** Announces a checked or scheduled version at once (`at` null), or at a time. */
export function announceCommitment(client: DataClient, commitment: string, version: number, at: string | null) {
	return rpc(client, 'announce_commitment', { commitment, version, ...(at !== null && { at }) });
}

/** A report of progress for a member. */
interface SentReport {
	commitment: string;
	member: string;
	progress: Enums<'commitment_progress'>;
	value: number;
	body: TextMap;
	links: { url: string; title: string }[];
}

/** Reports for a member. */
export function reportCommitment(client: DataClient, report: SentReport) {
	return rpc(client, 'report_commitment', report);
}

/** The secretariat verifies a report. */
export function verifyReport(client: DataClient, report: string) {
	return rpc(client, 'verify_commitment_report', { report });
}

/** Removes a file of a report. */
export function removeReportFile(client: DataClient, file: string) {
	return rpc(client, 'remove_commitment_file', { file });
}

/** Comments for a member. */
export function commentCommitment(client: DataClient, commitment: string, member: string, body: string) {
	return rpc(client, 'comment_commitment', { commitment, member, body });
}

/** Adds a theme, changes it or retires it. */
export function saveTheme(
	client: DataClient,
	{ position, ...theme }: { slug: string; name: TextMap; position: number; retired: boolean }
) {
	return rpc(client, 'save_commitment_theme', { ...theme, place: position });
}

/** How many months after which a report is asked for. */
export function saveReminderMonths(client: DataClient, months: number) {
	return rpc(client, 'save_commitment_settings', { months });
}

/** The sites that may embed the register. */
export function readRegisterOrigins(): Promise<string[]> {
	return rpc(anonymousClient(), 'read_register_origins');
}

/** Replaces the sites that may embed the register. */
export function saveRegisterOrigins(client: DataClient, origins: readonly string[]) {
	return rpc(client, 'save_register_origins', { origins });
}

/** Sends what is due: announcements and reminders. */
export async function sendCommitmentMails(): Promise<void> {
	await callPrivate('send_commitment_mails');
}
