import { rpc } from '#lib/database/server/rpc.ts';
import { defaultFields, type FieldDraft } from '#lib/logistics/defaults.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { DataClient } from '#lib/database/client.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { openAnswer } from './logistics.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { HostList, LogisticsOverview, SealedList } from '#lib/database/answers/logistics.ts';

export type { HostList } from '#lib/database/answers/logistics.ts';

/** The host state's list with its answers opened, for the file alone. */
type HostListDownload = Omit<SealedList, 'rows'> & {
	rows: (Omit<SealedList['rows'][number], 'answers' | 'real_name'> & { answers: Record<string, string> })[];
};

export const unansweredPageSize = 50;

/** The overview with one page of people who have not answered; null for readers without the role. */
export function readLogisticsOverview(client: DataClient, summit: string, page = 1): Promise<LogisticsOverview | null> {
	return rpc(client, 'read_logistics_overview', {
		summit,
		page_size: unansweredPageSize,
		page_start: (page - 1) * unansweredPageSize
	});
}

/** Adds a field or changes the one with its key. */
export function saveLogisticsField(
	client: DataClient,
	summit: string,
	field: FieldDraft
): Promise<AnswerOf<'save_logistics_field'>> {
	return rpc(client, 'save_logistics_field', { summit, field });
}

/** Adds the usual fields that are still missing; answers how many. */
export async function addDefaultFields(
	client: DataClient,
	summit: string,
	present: readonly { key: string }[]
): Promise<number> {
	const missing = defaultFields.filter(({ key }) => !present.some((field) => field.key === key));
	let added = 0;
	for (const field of missing) if ((await saveLogisticsField(client, summit, field)).status === 'ok') added += 1;
	return added;
}

/** Moves a field one place within its form. */
export function moveLogisticsField(client: DataClient, summit: string, field: string, isUp: boolean) {
	return rpc(client, 'move_logistics_field', { summit, field, is_up: isUp });
}

/** Chooses the question whose answer badges show, for owners; none with null. */
export function setBadgeQuestion(client: DataClient, summit: string, field: string | null) {
	return rpc(client, 'set_badge_question', { summit, field });
}

/** Removes a field and erases its answers. */
export function retireLogisticsField(client: DataClient, summit: string, field: string) {
	return rpc(client, 'retire_logistics_field', { summit, field });
}

/** What was answered to a field, opened, for the roles that it names; null for others. The database notes the look. */
export async function readLogisticsAnswers(client: DataClient, summit: string, field: string) {
	const found = await rpc(client, 'read_logistics_answers', { summit, field });
	if (found.status !== 'ok') return null;
	const rows = found.rows.map(({ answer_sealed, key_id, value, ...row }) => ({
		...row,
		answer: openAnswer(field, { answer_sealed, key_id, value })
	}));
	return { field: found.field, withheld: found.withheld, rows };
}

/** The issuer of visa letters; null until it is set. */
interface LetterSettings {
	issuer_name: string;
	issuer_address: string;
	signatory_name: string;
	signatory_office: string;
	prefix: string;
}

export async function readLetterSettings(client: DataClient, summit: string): Promise<LetterSettings | null> {
	const { data, error } = await client
		.from('visa_letter_settings')
		.select('issuer_name, issuer_address, signatory_name, signatory_office, prefix')
		.eq('summit_id', summit)
		.maybeSingle();
	if (error) throw new Error(`Reading the letterhead was refused (${error.code}).`);
	return data;
}

/** Saves the letterhead of visa letters. */
export function saveLetterSettings(client: DataClient, summit: string, settings: LetterSettings) {
	return rpc(client, 'save_visa_letter_settings', { summit, settings });
}

/** The requests for the host state's list; null for all but registration and safeguarding. */
export function readHostLists(
	client: DataClient,
	summit: string
): Promise<{
	may_ask: boolean;
	now: { rows: number; withheld: number };
	fields: { id: string; key: string; label: TextMap }[];
	lists: HostList[];
} | null> {
	return rpc(client, 'read_host_lists', { summit });
}

/** Requests a list. */
export async function requestHostList(
	client: DataClient,
	summit: string,
	request: { purpose: string; recipient: string; fields: string[] }
): Promise<AnswerOf<'request_host_list'>['status']> {
	return (await rpc(client, 'request_host_list', { summit, ...request })).status;
}

/** Confirms or refuses it. */
export function decideHostList(client: DataClient, summit: string, list: string, confirmed: boolean) {
	return rpc(client, 'decide_host_list', { summit, list, confirmed });
}

function openRealName({ sealed, key_id }: { sealed: string; key_id: string }): string {
	return theSealer().open(sealed, key_id, contexts.realName);
}

/** Takes a confirmed list; 'not_found' or 'wrong_state' when it cannot be, or not any more. */
export async function downloadHostList(
	client: DataClient,
	summit: string,
	list: string
): Promise<HostListDownload | 'not_found' | 'wrong_state'> {
	const found = await rpc(client, 'take_host_list', { summit, list });
	if (found.status !== 'ok') return found.status;
	return {
		fields: found.fields,
		withheld: found.withheld,
		rows: found.rows.map(({ real_name, ...row }) => ({
			...row,
			display_name: real_name ? openRealName(real_name) : row.display_name,
			answers: Object.fromEntries(
				Object.entries(row.answers).map(([field, { sealed, key_id }]) => [
					field,
					openAnswer(field, { answer_sealed: sealed, key_id })
				])
			)
		}))
	};
}
