import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, sealedAddress, theSealer } from '#lib/people/sealing.ts';
import type { QuestionState } from '#lib/participation/participation.ts';
import type { Principal } from '#lib/speakers/tasks.ts';
import type {
	CoSpeaker,
	SpeakerNeed,
	OwnTexts,
	Profile,
	QuestionBox,
	AdvanceQuestions,
	SessionTexts,
	SessionWording
} from '#lib/speakers/work.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import type { SealedNeed } from '#lib/database/answers/speakers/work.ts';

/** The reader and the people they act for at a Summit, each with their open tasks. */
export function mySpeaking(client: DataClient, summit: string): Promise<Principal[]> {
	return rpc(client, 'list_my_speaker_tasks', { summit });
}

/** A person's profile; null for everybody except them and their assistants. */
export function readProfile(client: DataClient, summit: string, person: string): Promise<Profile | null> {
	return rpc(client, 'read_speaker_profile', { summit, person });
}

/** Saves the whole profile, or says what prevents it. */
export function saveProfile(
	client: DataClient,
	summit: string,
	person: string,
	fields: Partial<Profile>,
	version: string
): Promise<AnswerOf<'save_speaker_profile'>> {
	return rpc(client, 'save_speaker_profile', { summit, person, fields, version });
}

/** The texts of a session for one of its speakers; null for everybody else. */
export function readTexts(client: DataClient, participation: string): Promise<OwnTexts | null> {
	return rpc(client, 'read_session_texts', { participation });
}

/** Saves texts in the draft, or as a suggestion; `conflict` comes with the current text. */
export function saveTexts(
	client: DataClient,
	participation: string,
	texts: SessionTexts & Partial<SessionWording>,
	version: number
): Promise<AnswerOf<'save_session_texts'>> {
	return rpc(client, 'save_session_texts', { participation, texts, version });
}

/** Withdraws a suggestion. */
export function withdrawTexts(client: DataClient, participation: string) {
	return rpc(client, 'withdraw_session_texts', { participation });
}

/** The people whom speakers of the session suggested for it. */
export function listCoSpeakers(client: DataClient, participation: string): Promise<CoSpeaker[]> {
	return rpc(client, 'list_co_speakers', { participation });
}

/** Suggests a co-speaker. The answer is the same whether or not anybody has the address. */
export function suggestCoSpeaker(
	client: DataClient,
	participation: string,
	who: { part: Enums<'session_role'>; address: string; name: string; note: string }
) {
	return rpc(client, 'suggest_co_speaker', {
		participation,
		wanted: who.part,
		address: sealedAddress(who.address),
		display_name: who.name,
		note: who.note
	});
}

/** Withdraws such a suggestion. */
export function withdrawCoSpeaker(client: DataClient, suggestion: string) {
	return rpc(client, 'withdraw_co_speaker', { suggestion });
}

/** The advance questions that the reader may send to a session; null when they may not see it. */
export function readQuestionBox(client: DataClient, session: string): Promise<QuestionBox | null> {
	return rpc(client, 'read_advance_questions', { session });
}

/** Sends a question before a session. */
export function askAdvanceQuestion(client: DataClient, session: string, body: string, shownAs: string) {
	return rpc(client, 'ask_advance_question', { session, body, shown_as: shownAs });
}

/** Withdraws a question of the reader. */
export function withdrawQuestion(client: DataClient, question: string) {
	return rpc(client, 'withdraw_question', { question });
}

/** The questions of a session; null for all but its speakers and people who run it. */
export function listQuestions(client: DataClient, session: string): Promise<AdvanceQuestions | null> {
	return rpc(client, 'list_advance_questions', { session });
}

/** Marks a question as answered, or not. */
export function markQuestion(client: DataClient, question: string, state: QuestionState) {
	return rpc(client, 'set_question_state', { question, state });
}

// A sealed need opens only for its person and kind.
const needPlace = (person: string, kind: string) => `${contexts.need} ${person} ${kind}`;

function opened(person: string, { kind, visible_to, need_sealed, key_id }: SealedNeed): SpeakerNeed {
	if (need_sealed === null || key_id === null) return { kind, visibleTo: visible_to, need: '' };
	return {
		kind,
		visibleTo: visible_to,
		need: theSealer().open(need_sealed, key_id, needPlace(person, kind))
	};
}

/** A person's access needs, for them and their assistants. */
export async function readNeeds(
	client: DataClient,
	summit: string,
	person: string
): Promise<{ isOpen: boolean; erasedOn: string; needs: SpeakerNeed[] } | null> {
	const found = await rpc(client, 'read_speaker_needs', { summit, person });
	return (
		found && {
			isOpen: found.is_open,
			erasedOn: found.erased_on,
			needs: found.needs.map((need) => opened(person, need))
		}
	);
}

/** Saves access needs, sealed. */
export function saveNeeds(
	client: DataClient,
	summit: string,
	person: string,
	written: Partial<Record<SpeakerNeed['kind'], string>>
) {
	const needs = Object.fromEntries(
		Object.entries(written).map(([kind, need]) => {
			if (need === '') return [kind, null];
			const { sealed, keyId } = theSealer().seal(need, needPlace(person, kind));
			return [kind, { sealed: sealed.toString('hex'), key_id: keyId }];
		})
	);
	return rpc(client, 'save_speaker_needs', { summit, person, needs });
}

/** The access needs that an organiser may read; the reading is logged. */
export async function openNeeds(client: DataClient, summit: string, person: string): Promise<SpeakerNeed[]> {
	const found = await rpc(client, 'reveal_speaker_needs', { summit, person });
	return found.map((need) => opened(person, { ...need, visible_to: [] }));
}
