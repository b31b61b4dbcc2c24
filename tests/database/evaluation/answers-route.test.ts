/*
 * The address that takes answers to a survey from nobody in particular: what it does with strangers, other Summits, tokens
 * that are used, forged, of another collection or too late, and with what is no answer at all.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { blindToken, readPublicKey, unblindSignature } from '../../../src/lib/evaluation/blind-signature.ts';
import { makeKeys, signBlinded } from '../../../src/lib/evaluation/server/signing.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { POST } from '../../../src/routes/(public)/[summit]/answers/+server.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { endSurvey, makeSurveyWorld, openForm, publishSurvey, type SurveyWorld } from '../../fixtures/surveying.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: SurveyWorld;
let survey: string;
let collection: string;
const good = { useful: ['5'] };

beforeAll(() => {
	vi.stubEnv('APP_DATABASE_URL', db.appUrl);
	vi.stubEnv('SEALING_KEY', `test:${randomBytes(32).toString('base64')}`);
});
afterAll(async () => {
	await closePool();
	vi.unstubAllEnvs();
});
beforeEach(async () => {
	world = await makeSurveyWorld(db.owner);
	survey = await publishSurvey(world);
	collection = await openKeyed(survey);
});

interface Sent {
	collection: string;
	token: string;
	signature: string;
	answers: object;
}

/** Opens a survey as a delegate, with keys as the app makes them. */
async function openKeyed(of: string): Promise<string> {
	const form = await openForm(world, world.delegates[0] as TestPerson, of);
	const { modulus, privateKey } = await makeKeys();
	const { sealed, keyId } = theSealer().seal(privateKey, contexts.surveyKey);
	await db.app.query('select private.set_survey_keys($1, $2, $3, $4)', [form?.collection, modulus, sealed, keyId]);
	return form?.collection ?? '';
}

/** A token of a collection that its key has signed, for somebody who is asked. */
async function signedToken(who: TestPerson, of = collection): Promise<{ token: string; signature: string }> {
	const keys = await readValue<{ public_key: string; sealed: string; key_id: string }>(
		db.app,
		'select private.survey_keys($1)',
		[of]
	);
	const key = readPublicKey(keys.public_key);
	const made = await blindToken(key);
	const hash = `select encode(sha256(decode($1, 'hex')), 'hex')`;
	const blinded = await readValue<string>(db.owner, hash, [made.blinded]);
	expect(await callAs(db.owner, who, 'public.take_survey_token($1, $2)', [of, blinded])).toBe('ok');
	const signed = signBlinded(theSealer().open(keys.sealed, keys.key_id, contexts.surveyKey), made.blinded);
	return { token: made.token, signature: unblindSignature(key, made, signed ?? '') ?? '' };
}

/** Posts to the address of a Summit: as the page does, without a session. */
async function post(body: unknown, summit: string | null = world.summit, type = 'application/json') {
	const request = new Request('https://summit.example/montevideo/answers', {
		method: 'POST',
		headers: { 'content-type': type },
		body: typeof body === 'string' ? body : JSON.stringify(body)
	});
	const locals = {
		get summit() {
			if (summit === null) throw Object.assign(new Error('No such Summit'), { status: 404 });
			return { id: summit };
		}
	};
	const answer = await POST({ request, locals } as unknown as Parameters<typeof POST>[0]);
	const { status } = (await answer.json()) as { status: string };
	expect(answer.headers.get('set-cookie')).toBeNull();
	return [answer.status, status];
}
const answersOf = () =>
	readValue<number>(db.owner, 'select count(*)::int from private.survey_answers where collection_id = $1', [
		collection
	]);
const sent = async (n = 1): Promise<Sent> => ({
	collection,
	...(await signedToken(world.delegates[n] as TestPerson)),
	answers: good
});

test('keeps answers with a signed token once, also sent twice at once', async () => {
	const body = await sent();
	const both = await Promise.all([post(body), post(body)]);
	expect(both.map(([, status]) => status).sort()).toEqual(['already', 'ok']);
	expect([await post({ ...body, answers: { useful: ['1'] } }), await answersOf()]).toEqual([[200, 'already'], 1]);
});

test('keeps nothing of strangers: without a signature, with a forged one, or with that of another token', async () => {
	const body = await sent();
	const other = await sent(2);
	const forged = Buffer.from(body.signature, 'hex');
	forged[9] = (forged[9] ?? 0) ^ 1;
	for (const signature of ['00', randomBytes(256).toString('hex'), forged.toString('hex'), other.signature])
		expect(await post({ ...body, signature })).toEqual([200, 'invalid']);
	expect(await post({ ...body, token: randomBytes(32).toString('hex') })).toEqual([200, 'invalid']);
	expect(await post({ ...body, collection: '00000000-0000-4000-8000-000000000000' })).toEqual([200, 'invalid']);
	expect(await answersOf()).toBe(0);
	expect(await post(body)).toEqual([200, 'ok']);
});

test('takes a token in its own collection and at its own Summit alone', async () => {
	const body = await sent();
	const second = await openKeyed(await publishSurvey(world, { kind: 'follow_up' }));
	expect(await post({ ...body, collection: second })).toEqual([200, 'invalid']);
	const elsewhere = await makeSurveyWorld(db.owner);
	expect(await post(body, elsewhere.summit)).toEqual([200, 'invalid']);
	await expect(post(body, null)).rejects.toMatchObject({ status: 404 });
	expect([await answersOf(), await post(body)]).toEqual([0, [200, 'ok']]);
});

test('says of a token that came too late that the survey has closed, and keeps nothing', async () => {
	const [late, used] = [await sent(), await sent(2)];
	expect(await post(used)).toEqual([200, 'ok']);
	await endSurvey(world, survey);
	expect([await post(late), await answersOf()]).toEqual([[200, 'closed'], 1]);
	// After the end no stored hash is that of a token: the address does not say who has answered.
	expect(await post(used)).toEqual([200, 'closed']);
});

test('refuses what is no answer before it asks the database', async () => {
	const body = await sent();
	for (const wrong of [
		{},
		null,
		[],
		{ ...body, collection: 'x' },
		{ ...body, token: 'not hexadecimal' },
		{ ...body, signature: 'a'.repeat(1026) },
		{ ...body, answers: { useful: '5' } },
		{ ...body, answers: { useful: ['x'.repeat(2001)] } },
		{ ...body, answers: { ['x'.repeat(41)]: ['5'] } }
	])
		expect(await post(wrong)).toEqual([400, 'invalid']);
	expect(await post({ ...body, answers: { useful: ['99'] } })).toEqual([200, 'invalid']);
	expect([await answersOf(), await post(body)]).toEqual([0, [200, 'ok']]);
});
