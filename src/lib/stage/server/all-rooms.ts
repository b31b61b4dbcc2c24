import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { DeskRun } from '#lib/stage/desk.ts';
import type { UpNext } from '#lib/stage/stage.ts';
import { listConnected, listRooms, livekitSettings } from './livekit.ts';
import { readUpNext } from './reading.ts';

/** The desk's data: each run that is not over, and whether LiveKit answers. */
interface AllRooms {
	now: string;
	runs: DeskRun[];
	/** The next session of each room, within a day. */
	next: UpNext[];
	isAway: boolean;
}

/** For stage organisers and owners; null for everyone else. */
export async function readAllRooms(client: DataClient, summit: string): Promise<AllRooms | null> {
	const desk = await rpc(client, 'read_desk', { summit });
	if (!desk) return null;
	const [behind, next] = await Promise.all([peopleBehind(summit), readUpNext(client, summit)]);
	const runs = desk.runs.map((run) => ({
		...run,
		people: run.people.map((person) => ({
			...person,
			is_behind: person.identity !== null && (behind?.get(run.id)?.has(person.identity) ?? false)
		}))
	}));
	return { now: desk.now, runs, next, isAway: behind === null };
}

/**
 * The people in the green room of each run, by LiveKit's own list: they are stored nowhere. Null while LiveKit does not
 * answer.
 */
export async function peopleBehind(summit: string): Promise<Map<string, Set<string>> | null> {
	if (!livekitSettings()) return null;
	try {
		const rooms = await callPrivate('list_green_rooms', [summit]);
		const open = await listRooms(rooms.map(({ name }) => name));
		const found = await Promise.all(
			rooms
				.filter(({ name }) => open.includes(name))
				.map(async ({ run_id, name }) => {
					const here = await listConnected(name);
					return [run_id, new Set(here.map(({ identity }) => identity))] as const;
				})
		);
		return new Map(found);
	} catch {
		return null;
	}
}
