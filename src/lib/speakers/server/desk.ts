import { rpc } from '#lib/database/server/rpc.ts';
import type {
	CoSpeakerSuggestion,
	SpeakerList,
	SpeakerRow,
	SpeakerSettings,
	TextSuggestion
} from '#lib/speakers/desk.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';

/** A page of the speakers of a Summit; null for all but programme organisers. */
export function listSpeakers(
	client: DataClient,
	summit: string,
	{
		missing,
		query,
		sort,
		size,
		page
	}: { missing: string | null; query: string; sort: string; size: number; page: number }
): Promise<SpeakerList | null> {
	return rpc(client, 'list_speakers', { summit, missing, query, sort, row_limit: size, row_offset: (page - 1) * size });
}

/** One speaker as the list has them; null for everybody else, and for all but programme organisers. */
export async function readListedSpeaker(
	client: DataClient,
	summit: string,
	person: string
): Promise<SpeakerRow | null> {
	const list = await rpc(client, 'list_speakers', { summit, person });
	return list?.rows[0] ?? null;
}

/** Reminds people of their open tasks now, each once a day. */
export function remindSpeakers(
	client: DataClient,
	summit: string,
	people: readonly string[]
): Promise<AnswerOf<'remind_speakers'>> {
	return rpc(client, 'remind_speakers', { summit, people });
}

/** Deadlines and reminders; null for all but programme organisers. */
export function readSpeakerSettings(client: DataClient, summit: string): Promise<SpeakerSettings | null> {
	return rpc(client, 'read_speaker_settings', { summit });
}

/** Saves the deadlines of speakers. */
export function saveSpeakerSettings(client: DataClient, summit: string, settings: SpeakerSettings) {
	return rpc(client, 'save_speaker_settings', { summit, settings });
}

/** Texts that wait for a decision, of the sessions that the organiser may see. */
export function listTextSuggestions(client: DataClient, summit: string): Promise<TextSuggestion[]> {
	return rpc(client, 'list_text_suggestions', { summit });
}

/** Decides on suggested texts, unless the session changed since `version`. */
export function decideTexts(client: DataClient, suggestion: string, accept: boolean, version: number, reason: string) {
	return rpc(client, 'decide_text_suggestion', { suggestion, accept, version, reason });
}

/** Suggested people who wait for a decision. */
export function listCoSpeakerSuggestions(client: DataClient, summit: string): Promise<CoSpeakerSuggestion[]> {
	return rpc(client, 'list_co_speaker_suggestions', { summit });
}

/** Accepting sends the invitation. */
export function decideCoSpeaker(client: DataClient, suggestion: string, accept: boolean) {
	return rpc(client, 'decide_co_speaker', { suggestion, accept });
}
