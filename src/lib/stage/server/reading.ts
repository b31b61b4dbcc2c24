import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { SlidesState } from '#lib/stage/flow.ts';
import { withNames } from '#lib/stage/naming.ts';
import type { Backstage, BackstageMessage, OnAir, Stage, UpNext } from '#lib/stage/stage.ts';

/** A room and its current run, as the reader may see them; null for a room that does not exist. */
export async function readStage(client: DataClient, summit: string, room: string): Promise<Stage | null> {
	const stage = await rpc(client, 'read_stage', { summit, room });
	return stage?.run ? { ...stage, on_stage: withNames(stage.on_stage) } : stage;
}

/** The green room's page of a session; null for everybody who may not enter it. */
export async function readBackstage(client: DataClient, summit: string, code: string): Promise<Backstage | null> {
	const backstage = await rpc(client, 'read_backstage', { summit, code });
	return backstage && { ...backstage, people: withNames(backstage.people), guests: withNames(backstage.guests) };
}

/** Whether a session is cancelled, as far as the reader sees it. */
export async function isSessionCancelled(client: DataClient, summit: string, code: string): Promise<boolean> {
	const { data } = await client.from('sessions').select('state').eq('summit_id', summit).eq('code', code).maybeSingle();
	return data?.state === 'cancelled';
}

/** Each room with a run that the reader may see. */
export async function readOnNow(client: DataClient, summit: string): Promise<OnAir[]> {
	return (await rpc(client, 'on_now', { summit })) ?? [];
}

/** The next session of each room, within a day. */
export async function readUpNext(client: DataClient, summit: string): Promise<UpNext[]> {
	return (await rpc(client, 'up_next', { summit })) ?? [];
}

/** The green room messages of a session; null for everybody who may not enter it. */
export function readBackstageMessages(client: DataClient, session: string): Promise<BackstageMessage[] | null> {
	return rpc(client, 'read_backstage_messages', { session });
}

/** The slides of a run, for people who watch it; null for others. */
export function readSlides(client: DataClient, run: string): Promise<SlidesState | null> {
	return rpc(client, 'read_slides', { run });
}
