import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { SeatRules } from '#lib/summits/seat-rules.ts';
import type { OwnSummit, Summit, SummitState } from '#lib/summits/summit.ts';
import { forgetSummits } from './cache.ts';
import type { CopiedEdition, SavedSummit, SummitSettings } from '#lib/database/answers/summits.ts';
import type { EditionPart } from '../copied-edition.ts';

/** A Summit with its lists as it is now, never a cached one. */
export async function readSummit(client: DataClient, slug: string): Promise<Summit> {
	const found = await rpc(client, 'read_summit', { slug });
	if (!found) throw new Error('The Summit is not there any more.');
	return found;
}

/** The current settings, never cached ones. */
export function readSummitSettings(client: DataClient, slug: string): Promise<SummitSettings> {
	return readSummit(client, slug);
}

/** Creates a Summit as a draft; `from`: an earlier edition and the parts of it that are copied. */
export async function createSummit(
	client: DataClient,
	settings: Record<string, unknown>,
	from: { template: string; parts: readonly EditionPart[] } | null = null
): Promise<SavedSummit> {
	return from === null
		? rpc(client, 'create_summit', { settings })
		: rpc(client, 'create_summit_from', { template: from.template, settings, parts: [...from.parts] });
}

/** What to look at in a Summit that was created from an earlier edition; null where it was not. */
export function readCopiedEdition(client: DataClient, summit: string): Promise<CopiedEdition | null> {
	return rpc(client, 'read_copied_edition', { summit });
}

/** Changes the values in `settings`. */
export async function saveSummit(
	client: DataClient,
	summit: string,
	settings: Record<string, unknown>
): Promise<SavedSummit> {
	const saved = await rpc(client, 'save_summit', { summit, settings });
	forgetSummits();
	return saved;
}

/** Changes the state of a Summit; refused while something has to be done first, or is open and not `accepted`. */
export async function setSummitState(
	client: DataClient,
	summit: string,
	state: SummitState,
	accepted: string[] = []
): Promise<AnswerOf<'set_summit_state'>> {
	const answer = await rpc(client, 'set_summit_state', { summit, state, accepted });
	forgetSummits();
	return answer;
}

/** Saves one of the Summit's texts; an empty one is deleted. */
export async function saveText(client: DataClient, summit: string, kind: string, body: TextMap) {
	const status = await rpc(client, 'save_summit_text', { summit, kind, body });
	forgetSummits();
	return status;
}

/** Capacities and ceilings. */
export async function readSeats(client: DataClient, summit: string): Promise<SeatRules> {
	return rpc(client, 'read_seat_settings', { summit });
}

/** Saves capacities and ceilings; refused below the seats taken. */
export async function saveSeats(
	client: DataClient,
	summit: string,
	rules: SeatRules
): Promise<AnswerOf<'save_seat_settings'>> {
	return rpc(client, 'save_seat_settings', { summit, rules });
}

/** The Summits that the reader organises, drafts included. */
export async function listSummits(client: DataClient): Promise<OwnSummit[]> {
	return rpc(client, 'list_summits');
}
