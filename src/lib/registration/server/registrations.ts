import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { ConsentRecord } from '#lib/registration/consents.ts';
import type { Mode, MyRegistration, SeatsLeft } from '#lib/registration/registration.ts';
import type { Desk, Filled } from '#lib/database/answers/registration/registration.ts';

export type { Filled, Submitted } from '#lib/database/answers/registration/registration.ts';

/** The reader's registration at a Summit: the active one, else the last. */
export async function myRegistration(client: DataClient, summit: string): Promise<MyRegistration | null> {
	return rpc(client, 'my_registration', { summit });
}

/** The values of one step: its number, and fields as the database names them. */
export interface Write {
	step: number;
	fields: Record<string, unknown>;
}

/**
 * Saves the answers of one step of the reader's own form, all or nothing, and sends it on request; a first step begins
 * it. `conflict` when another window saved since `fields.version`, `already` when it was sent before.
 */
export async function fillRegistration(
	client: DataClient,
	summit: string,
	writes: readonly Write[],
	send: boolean
): Promise<Filled> {
	return rpc(client, 'save_registration_steps', { summit, writes, ...(send && { send }) });
}

/**
 * Saves steps that stay open after sending (needs, consents), all or nothing; `conflict` with the version that the
 * first carries.
 */
export async function saveSentSteps(
	client: DataClient,
	registration: string,
	writes: readonly Write[]
): Promise<AnswerOf<'save_sent_steps'>> {
	return rpc(client, 'save_sent_steps', { registration, writes });
}

/** What is recorded of the consents of a registration. */
export async function consentRecords(client: DataClient, registration: string): Promise<ConsentRecord[]> {
	const { data, error } = await client
		.from('consents')
		.select('item_id, given_at, withdrawn_at, agreed_label, agreed_detail')
		.eq('registration_id', registration);
	if (error) throw error;
	return data as ConsentRecord[];
}

/** Seats of both modes, in total and of one member. */
export async function seatsLeft(
	client: DataClient,
	summit: string,
	member: string | null = null
): Promise<SeatsLeft[]> {
	return rpc(client, 'seats_left', { summit, member });
}

/** Withdraws the reader's own registration, or a colleague's as focal point. */
export async function withdrawRegistration(
	client: DataClient,
	registration: string,
	reason: string
): Promise<AnswerOf<'withdraw_registration'>> {
	return rpc(client, 'withdraw_registration', { registration, reason });
}

/** Switches seat, fee, badge and stream rights to the other mode, or nothing. */
export async function switchMode(
	client: DataClient,
	registration: string,
	mode: Mode
): Promise<AnswerOf<'switch_mode'>> {
	return rpc(client, 'switch_mode', { registration, mode });
}

/** What a switch would cost or refund now, minor units; null before accreditation, when nothing is charged. */
export async function quoteSwitch(
	client: DataClient,
	registration: string,
	mode: Mode
): Promise<{ due: number; credit: number; currency: string } | null> {
	return rpc(client, 'quote_switch', { registration, mode });
}

/** Joins the queue for a seat of the other mode and keeps the current one. */
export async function joinQueue(client: DataClient, registration: string, mode: Mode): Promise<AnswerOf<'join_queue'>> {
	return rpc(client, 'join_queue', { registration, mode });
}

/** Leaves the queue of a mode that is not the registration's own. */
export async function leaveQueue(
	client: DataClient,
	registration: string,
	mode: Mode
): Promise<AnswerOf<'leave_queue'>> {
	return rpc(client, 'leave_queue', { registration, mode });
}

/** Revokes the badge and issues a new one. */
export async function replaceBadge(client: DataClient, registration: string): Promise<AnswerOf<'replace_badge'>> {
	return rpc(client, 'replace_badge', { registration });
}

/** The reader's own at a Summit; null without a registration that was sent. */
export async function myDesk(client: DataClient, summit: string): Promise<Desk | null> {
	return rpc(client, 'read_my_desk_requests', { summit });
}

/** Answers a question of the organisers. */
export async function answerInformation(client: DataClient, request: string, answer: string) {
	return rpc(client, 'answer_information_request', { request, answer });
}

/** Changes the display record, after the form was sent; `review`: whether the change is under review. */
export async function changeDetails(
	client: DataClient,
	registration: string,
	fields: { display_name: string; office: string; country: string }
): Promise<AnswerOf<'update_my_details'>> {
	return rpc(client, 'update_my_details', { registration, fields });
}

/** Accepts or declines a seat that came from the queue. */
export async function answerOffer(
	client: DataClient,
	entry: string,
	accept: boolean
): Promise<AnswerOf<'answer_offer'>> {
	return rpc(client, 'answer_offer', { entry, accept });
}
