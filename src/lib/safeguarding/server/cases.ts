import { randomBytes } from 'node:crypto';
import type { SealedCase } from '#lib/database/answers/safeguarding/cases.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, Sealer, theSealer } from '#lib/people/sealing.ts';
import type { CaseAct, CaseTargets } from '#lib/safeguarding/case-acts.ts';
import type {
	Case,
	caseCategories,
	ConcernFigures,
	ListedCase,
	outcomes,
	caseSeverities
} from '#lib/safeguarding/cases.ts';
import { openedConcern } from './concerns.ts';

interface CaseFacts {
	severity: (typeof caseSeverities)[number];
	category: (typeof caseCategories)[number];
}

/** Opens a case with a key of its own, which is kept sealed. */
export function openCase(
	client: DataClient,
	concerns: string[],
	{ severity, category }: CaseFacts
): Promise<AnswerOf<'open_case'>> {
	const { sealed, keyId } = theSealer().seal(randomBytes(32).toString('base64'), contexts.caseKey);
	return rpc(client, 'open_case', { concerns, severity, category, key_sealed: sealed.toString('hex'), key_id: keyId });
}

/** Joins a concern to a case. */
export function joinCase(client: DataClient, id: string, concern: string) {
	return rpc(client, 'join_case', { this_case: id, concern });
}

/** The cases that the reader may read; null for everybody but safeguarding leads and deputies. */
export function listCases(client: DataClient, summit: string): Promise<ListedCase[] | null> {
	return rpc(client, 'list_cases', { summit });
}

// Everything of a case is sealed with its own key; null when SEALING_KEY lacks the one that this is sealed with.
function sealerOf({ key_sealed, key_id }: Pick<SealedCase, 'key_sealed' | 'key_id'>): Sealer | null {
	try {
		return new Sealer(`case:${theSealer().open(key_sealed, key_id, contexts.caseKey)}`);
	} catch {
		return null;
	}
}

function openedText(sealer: Sealer | null, sealed: string): string | null {
	return sealer?.tryOpen(sealed, 'case', contexts.caseEntry) ?? null;
}

/** A case, opened; null for those who may not read it. The database logs the reading before it answers. */
export async function readCase(client: DataClient, summit: string, id: string): Promise<Case | null> {
	const found = await rpc(client, 'read_case', { summit, this_case: id });
	if (!found) return null;
	const { key_sealed, key_id, entries, concerns, ...rest } = found;
	const sealer = sealerOf({ key_sealed, key_id });
	return {
		...rest,
		isOpenable: sealer !== null,
		entries: entries.map(({ text_sealed, ...entry }) => ({ ...entry, words: openedText(sealer, text_sealed) })),
		concerns: concerns.map(openedConcern)
	};
}

/** What is written, sealed with the key of its case; null for those who may not read the case. */
async function sealedFor(client: DataClient, summit: string, id: string, form: string, words: string) {
	const found = await rpc(client, 'read_case', { summit, this_case: id });
	const sealer = found && sealerOf(found);
	if (!sealer) return null;
	return {
		this_case: id,
		text_sealed: sealer.seal(words.trim(), contexts.caseEntry).sealed.toString('hex'),
		form_hash: theSealer()
			.hash(JSON.stringify([form, id, words.trim()]), 'case entry')
			.toString('hex')
	};
}

/** Adds to the timeline of a case. */
export async function addCaseEntry(
	client: DataClient,
	summit: string,
	id: string,
	{ kind, form, words }: { kind: 'note' | 'handover' | 'act'; form: string; words: string }
): Promise<AnswerOf<'add_case_entry'>> {
	const sealed = await sealedFor(client, summit, id, form, words);
	return sealed ? rpc(client, 'add_case_entry', { ...sealed, kind }) : 'not_found';
}

/** Changes a case, unless somebody else has since `version`. `lead` null: nobody. */
export function saveCase(
	client: DataClient,
	id: string,
	version: number,
	{ severity, category, state, lead }: CaseFacts & { state: 'open' | 'waiting'; lead: string | null }
) {
	return rpc(client, 'save_case', {
		this_case: id,
		version,
		severity,
		category,
		state,
		...(lead !== null && { lead })
	});
}

/** Closes a case with how it ended. */
export async function closeCase(
	client: DataClient,
	summit: string,
	id: string,
	{
		version,
		outcome,
		form,
		words
	}: { version: number; outcome: (typeof outcomes)[number]; form: string; words: string }
): Promise<AnswerOf<'close_case'>> {
	const sealed = await sealedFor(client, summit, id, form, words);
	return sealed ? rpc(client, 'close_case', { ...sealed, version, outcome }) : 'not_found';
}

/** What the reader can act on as the lead of an open case; null for everybody else. */
export function readCaseTargets(client: DataClient, id: string): Promise<CaseTargets | null> {
	return rpc(client, 'read_case_targets', { this_case: id });
}

/** Does one act of a case, and notes it in the timeline in the same transaction. */
export async function actOnCase(
	client: DataClient,
	summit: string,
	id: string,
	{ act, target, form, words }: { act: CaseAct; target: string; form: string; words: string }
): Promise<AnswerOf<'act_on_case'>> {
	const sealed = await sealedFor(client, summit, id, form, words);
	return sealed ? rpc(client, 'act_on_case', { ...sealed, act, target }) : 'not_found';
}

/** Figures without small groups, for safeguarding leads; null for everybody else. */
export function readConcernFigures(client: DataClient, summit: string): Promise<ConcernFigures | null> {
	return rpc(client, 'concern_figures', { summit });
}
