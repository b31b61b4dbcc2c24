import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { OwnSideEvents, SideEvent } from '#lib/database/answers/proposals/side-events.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

/** The side events of the members for which the reader is a focal point. */
export async function mySideEvents(client: DataClient, summit: string): Promise<OwnSideEvents> {
	return rpc(client, 'my_side_events', { summit });
}

/** Asks for a side event (`side_event` null), or changes one that nobody changed since `version`. */
export async function saveSideEvent(
	client: DataClient,
	asked: { summit: string; member: string; side_event: string | null; version: number; fields: Record<string, unknown> }
): Promise<AnswerOf<'save_side_event'>> {
	return rpc(client, 'save_side_event', asked);
}

/** Withdraws a request that is not decided. */
export async function withdrawSideEvent(client: DataClient, event: string): Promise<AnswerOf<'withdraw_side_event'>> {
	return rpc(client, 'withdraw_side_event', { side_event: event });
}

/** All side events of a Summit; null for all but programme organisers. */
export async function listSideEvents(client: DataClient, summit: string): Promise<SideEvent[] | null> {
	return rpc(client, 'list_side_events', { summit });
}

/** Accepts a side event at a time in rooms; `format` names the format of side events when it is made. */
export async function acceptSideEvent(
	client: DataClient,
	event: string,
	version: number,
	{ place, format }: { place: { start: string; end: string; rooms: readonly string[] }; format: TextMap }
): Promise<AnswerOf<'decide_side_event'>['status']> {
	const decided = { side_event: event, version, state: 'accepted' as const, place, format };
	return (await rpc(client, 'decide_side_event', decided)).status;
}

/** Declines a side event, or asks its member for a change. */
export async function answerSideEvent(
	client: DataClient,
	event: string,
	version: number,
	{ decision, words }: { decision: 'declined' | 'change_asked'; words: string }
): Promise<AnswerOf<'decide_side_event'>['status']> {
	return (await rpc(client, 'decide_side_event', { side_event: event, version, state: decision, words })).status;
}
