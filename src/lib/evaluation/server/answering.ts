import type { OwnSurveys, SurveyForm } from '#lib/database/answers/evaluation.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { createHash } from 'node:crypto';
import type { SurveyAnswers } from '../branching.ts';
import { isSigned, makeKeys, signBlinded } from './signing.ts';

const hashOf = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest();

/** What the reader is asked now; null for those who are not confirmed. */
export function readOwnSurveys(client: DataClient, summit: string): Promise<OwnSurveys | null> {
	return rpc(client, 'my_surveys', { summit });
}

/** The surveys that wait for the reader's answers, without those about sessions. */
export async function unansweredSurveys(client: DataClient, summit: string) {
	return (await readOwnSurveys(client, summit))?.surveys.filter(({ answered }) => !answered) ?? [];
}

/** Whether sessions of the Summit take feedback now. */
export async function takesFeedback(client: DataClient, summit: string): Promise<boolean> {
	return (await rpc(client, 'takes_feedback', { summit })) ?? false;
}

async function setKeys(collection: string): Promise<string | null> {
	const { modulus, privateKey } = await makeKeys();
	const { sealed, keyId } = theSealer().seal(privateKey, contexts.surveyKey);
	// Two who open it at once get the keys of the first.
	const [row] = await callPrivate('set_survey_keys', [collection, modulus, sealed, keyId]);
	return row?.set_survey_keys ?? null;
}

/** Opens a survey, or the form of a session, with its key; null where the reader is not asked. */
export async function openSurvey(
	client: DataClient,
	summit: string,
	asked: { survey: string | null; session: string | null }
): Promise<SurveyForm | null> {
	const form = await rpc(client, 'open_survey_form', { summit, ...asked });
	if (form?.state !== 'open' || form.public_key !== null || form.collection === null) return form;
	return { ...form, public_key: await setKeys(form.collection) };
}

async function keysOf(collection: string) {
	const [row] = await callPrivate('survey_keys', [collection]);
	return row?.survey_keys ?? null;
}

/** Signs a blinded token of the reader, once; the same one again as often as it is sent. */
export async function takeToken(client: DataClient, collection: string, blinded: string) {
	// First whether the reader is asked: others make the server compute nothing.
	const blinded_hash = hashOf(blinded).toString('hex');
	const status = await rpc(client, 'take_survey_token', { collection, blinded_hash });
	if (status !== 'ok') return { status };
	const keys = await keysOf(collection);
	if (!keys) return { status: 'invalid' as const };
	// The private key is deleted at the end.
	if (keys.sealed === null || keys.key_id === null) return { status: 'closed' as const };
	const signature = signBlinded(theSealer().open(keys.sealed, keys.key_id, contexts.surveyKey), blinded);
	return signature ? { status, signature } : { status: 'invalid' as const };
}

/** Keeps the answers of nobody in particular, who has a signed token of a collection of this Summit. */
export async function addAnswers(
	summit: string,
	collection: string,
	signed: { token: string; signature: string },
	given: SurveyAnswers
) {
	const keys = await keysOf(collection);
	if (keys?.summit !== summit || !isSigned(keys.public_key, signed.token, signed.signature)) return 'invalid' as const;
	const [row] = await callPrivate('add_survey_answers', [collection, hashOf(signed.token), given]);
	return row?.add_survey_answers ?? ('invalid' as const);
}

/** Answers as the reader, from a page without script. */
export function answerSurvey(client: DataClient, collection: string, answers: SurveyAnswers) {
	return rpc(client, 'answer_survey', { collection, answers });
}
