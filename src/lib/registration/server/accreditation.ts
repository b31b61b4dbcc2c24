import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import {
	type AccreditationDecision,
	type NotedPerson,
	type ReadRegistration
} from '#lib/registration/accreditation.ts';
import { listFilters, type ListQuery } from '#lib/registration/accreditation-list.ts';
import type { DecisionOutcome } from '#lib/registration/accreditation-words.ts';
import type { AccreditationRules } from '#lib/registration/accreditation-rules.ts';
import type {
	Batch,
	ExportedRegistration,
	RegistrationList
} from '#lib/database/answers/registration/accreditation.ts';

/** Rows on one page of the list. */
const pageSize = 50;

/** One page of registrations, for registration organisers; null for everybody else. */
export async function listRegistrations(
	client: DataClient,
	summit: string,
	query: ListQuery
): Promise<RegistrationList | null> {
	return rpc(client, 'list_registrations', {
		summit,
		filters: listFilters(query),
		page_size: pageSize,
		after: query.after || null
	});
}

/** All rows that match the query, for a file; null when not allowed. The history records it. */
export async function exportRegistrations(
	client: DataClient,
	summit: string,
	query: ListQuery
): Promise<ExportedRegistration[] | null> {
	return rpc(client, 'export_registrations', { summit, filters: listFilters(query) });
}

/** One registration with everything that accreditation needs, or null. */
export async function readRegistration(client: DataClient, registration: string): Promise<ReadRegistration | null> {
	return rpc(client, 'read_registration', { registration });
}

/** Decides each registration separately; the answer has a result for each. */
export async function decideRegistrations(
	client: DataClient,
	ids: readonly string[],
	decision: AccreditationDecision,
	reason: string
): Promise<(DecisionOutcome & { id: string })[]> {
	return rpc(client, 'decide_registrations', { ids, decision, reason });
}

/** Freezes the selection to decide on: these ids, or all that match the query now. */
export async function chooseRegistrations(
	client: DataClient,
	summit: string,
	decision: AccreditationDecision,
	chosen: readonly string[] | ListQuery
): Promise<AnswerOf<'create_decision_batch'>> {
	const these = 'tab' in chosen ? { filters: listFilters(chosen) } : { ids: chosen };
	return rpc(client, 'create_decision_batch', { summit, decision, ...these });
}

/** A choice, for the person who made it; null for everybody else. */
export async function readBatch(client: DataClient, batch: string): Promise<Batch | null> {
	return rpc(client, 'read_decision_batch', { batch });
}

/** Decides on a whole selection, part by part; each part is its own transaction. */
export async function decideBatch(
	client: DataClient,
	batch: string,
	reason: string
): Promise<AnswerOf<'decide_next_of_batch'>['status']> {
	for (;;) {
		const answer = await rpc(client, 'decide_next_of_batch', { batch, reason });
		if (answer.status !== 'ok' || !answer.left) return answer.status;
	}
}

/** The rules of the desk; null for readers who may not see them. */
export async function readRules(client: DataClient, summit: string): Promise<AccreditationRules | null> {
	const { data, error } = await client
		.from('accreditation_settings')
		.select('second_person_for, second_person_decisions, checked_fields, pauses_rights, aim_days')
		.eq('summit_id', summit)
		.maybeSingle();
	if (error) throw new Error(`Reading the rules was refused (${error.code}).`);
	return data;
}

/** Sets the rules, for owners. */
export async function saveRules(client: DataClient, summit: string, rules: AccreditationRules) {
	return rpc(client, 'save_accreditation_settings', { summit, settings: rules });
}

/** Requests more information from the person; `deadline` is an instant. */
export async function requestInformation(
	client: DataClient,
	registration: string,
	question: string,
	deadline: string
): Promise<AnswerOf<'request_information'>['status']> {
	return (await rpc(client, 'request_information', { registration, question, deadline })).status;
}

/** Withdraws an open question, or marks its answer as read. */
export async function closeInformation(client: DataClient, request: string) {
	return rpc(client, 'close_information_request', { request });
}

/** Notes of registration organisers for safeguarding; null for everybody else. */
export async function safeguardingNotes(client: DataClient, summit: string): Promise<NotedPerson[] | null> {
	return rpc(client, 'list_safeguarding_notes', { summit });
}

/** Adds a note for other organisers. */
export async function addNote(client: DataClient, registration: string, note: string, forSafeguarding: boolean) {
	return rpc(client, 'add_registration_note', { registration, note, for_safeguarding: forSafeguarding });
}

/** Answers "mine is not listed" with a member of the Summit. */
export async function linkMemberRequest(client: DataClient, request: string, member: string) {
	return rpc(client, 'link_member_request', { request, member });
}

/** Answers "mine is not listed" with no. */
export async function refuseMemberRequest(client: DataClient, request: string, reason: string) {
	return rpc(client, 'refuse_member_request', { request, reason });
}

/** Corrects a name; with `override` also one whose lists were sent. */
export function correctName(
	client: DataClient,
	registration: string,
	correction: { display_name: string; office: string; reason: string; override: boolean }
) {
	const { reason, override, ...fields } = correction;
	return rpc(client, 'correct_name', { registration, fields, reason, override });
}
