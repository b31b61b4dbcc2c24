import { callPrivate } from '#lib/database/server/pool.ts';
import { subscribe } from '#lib/live/server/listener.ts';
import type { LiveEvent } from '#lib/live/topics.ts';
import { judgeRights, type Rights } from '#lib/stage/rights.ts';
import { sweepIngresses } from './livekit-ingress.ts';
import { streamState } from './tokens.ts';
import {
	closeRoom,
	listConnected,
	listRooms,
	livekitSettings,
	removeConnected,
	setRights,
	type Connected
} from './livekit.ts';
import type { RoomRights } from '#lib/database/answers/stage/rooms.ts';

const every = 3000;
/** How many rooms are checked in parallel: pages need the database as well. */
const concurrency = 4;

async function rightsIn(room: string, identities: string[]): Promise<RoomRights> {
	const rows = await callPrivate('room_rights', [room, identities]);
	return rows[0]?.room_rights ?? { is_known: false };
}

// An ingress requests no token: when it joins it becomes the hall, if it may.
async function decide(room: string, identities: string[]): Promise<RoomRights> {
	const decided = await rightsIn(room, identities);
	const waiting = Object.entries(decided.halls ?? {}).find(
		([identity, kind]) => kind === 'ingress' && decided.rights?.[identity] === null
	);
	if (!waiting) return decided;
	const rows = await callPrivate('assign_ingress', [room, waiting[0]]);
	return rows[0]?.assign_ingress ? rightsIn(room, identities) : decided;
}

// A participant without a row is signed out: a viewer while the stream is open to everybody, else removed.
function rightsOf(decided: RoomRights, identity: string): Rights {
	const own = decided.rights?.[identity];
	return own === undefined ? (decided.allows_signed_out ? [] : null) : own;
}

async function settle(room: string, one: Connected, decided: RoomRights): Promise<void> {
	const { identity, permission } = one;
	const rights = rightsOf(decided, identity);
	const kind = decided.halls?.[identity];
	const isEncoder = kind === 'encoder' || kind === 'ingress';
	const verdict = judgeRights(rights, permission, isEncoder);
	if (verdict === 'remove') return removeConnected(room, identity);
	if (verdict === 'change' && rights) await setRights(room, identity, rights, isEncoder);
	if (kind) await noteHall(room, one);
}

async function noteHall(room: string, { identity, sid, joinedAt, sends }: Connected): Promise<void> {
	await callPrivate('save_hall_connection', [room, identity, sid, new Date(joinedAt).toISOString(), sends]);
}

/** Records that a connection has ended, if it was the one of a hall. */
export async function endHallConnection(room: string, { identity, sid }: Connected): Promise<void> {
	await callPrivate('save_hall_connection', [room, identity, sid, null]);
}

/** Makes one LiveKit room follow the database; a room of others is left alone. */
async function reconcileRoom(room: string): Promise<void> {
	const connected = await listConnected(room);
	const decided = await decide(
		room,
		connected.map(({ identity }) => identity)
	);
	if (!decided.is_known) return;
	if (!decided.is_open) return closeRoom(room);
	await Promise.all(connected.map((one) => settle(room, one, decided)));
	const present = connected.filter(({ isActive }) => isActive);
	await callPrivate('reconcile_connections', [
		room,
		JSON.stringify(
			present.map(({ sid, identity, joinedAt }) => ({ sid, identity, joined_at: new Date(joinedAt).toISOString() }))
		),
		new Date().toISOString()
	]);
}

/** Checks one participant who has just joined. */
export async function reconcileJoin(room: string, joined: Connected): Promise<void> {
	const decided = await decide(room, [joined.identity]);
	if (!decided.is_known) return;
	if (!decided.is_open) return closeRoom(room);
	await settle(room, joined, decided);
}

/**
 * Checks every open LiveKit room, shared among the processes. Throws when LiveKit is unavailable, or one of the rooms.
 */
export async function reconcileAll(): Promise<void> {
	const open = await listRooms();
	const mine = await callPrivate('claim_livekit_rooms', [open]);
	const failures: unknown[] = [];
	// LiveKit lists a room whose node has died until somebody joins it; the other rooms are checked all the same.
	const worker = async () => {
		for (let one = mine.shift(); one; one = mine.shift())
			await (one.is_open ? reconcileRoom(one.name) : closeRoom(one.name)).catch((error: unknown) =>
				failures.push(error)
			);
	};
	await Promise.all(Array.from({ length: concurrency }, worker));
	await callPrivate('end_lost_connections', [open]);
	if (failures.length > 0) throw failures[0];
	if (Date.now() < sweeping) return;
	sweeping = Date.now() + 15_000;
	await sweepIngresses();
}

let sweeping = 0;

/** After a change of a session's run, of a meeting's room or of people's rights. */
async function react(session: string | null, people: string[]): Promise<void> {
	const rows = await callPrivate('list_livekit_rooms', [session, people]);
	if (rows.length === 0) return;
	// LiveKit would take an empty list for all rooms.
	const open = await listRooms(rows.map(({ list_livekit_rooms }) => list_livekit_rooms));
	await Promise.all(open.map(reconcileRoom));
	if (session) await sweepIngresses();
}

const kinds = new Set(['run', 'stage', 'voice', 'people', 'breakouts', 'cameras', 'room', 'rights', 'registration']);

// One check at a time for each session or meeting; an event during a check starts one more.
const checking = new Map<string, 'once' | 'again'>();

// The next check of all rooms does again what fails here.
async function checkSession(session: string): Promise<void> {
	if (checking.has(session)) return void checking.set(session, 'again');
	do {
		checking.set(session, 'once');
		await react(session, []).catch(reportOnce);
	} while (checking.get(session) === 'again');
	checking.delete(session);
}

// In a rush of registrations events about people come by the hundred: one check for all of a moment.
const changed = new Set<string>();

function checkPerson(person: string): void {
	if (changed.size === 0) {
		setTimeout(() => {
			const people = [...changed];
			changed.clear();
			void react(null, people).catch(reportOnce);
		}, 50).unref();
	}
	changed.add(person);
}

let away = false;
let report: (kind: string) => void = () => undefined;

// While LiveKit is being installed for the first time a missing answer is no error; it is reported if it is unavailable
// afterwards.
function reportOnce(error: unknown): void {
	if (away) return;
	away = true;
	void streamState().then((state) => {
		if (state === 'building') away = false;
		else report(error instanceof Error ? error.name : typeof error);
	});
}

let started = false;

/**
 * Makes LiveKit's rooms follow the database, for as long as this process lives. `onAway` is called once each time that
 * this fails, with the kind of the error.
 */
export function startStageJob(onAway: (kind: string) => void): void {
	if (started || !livekitSettings()) return;
	started = true;
	report = onAway;
	const stop = subscribe({
		onEvent: ({ topic, kind }: LiveEvent) => {
			const [about, id] = topic.split(':');
			if (!kinds.has(kind) || id === undefined) return;
			if (about === 'session' || about === 'meeting') void checkSession(id);
			if (about === 'person') checkPerson(id);
		},
		resync: () => undefined
	});
	let timer: NodeJS.Timeout;
	const next = () => {
		timer = setTimeout(() => {
			reconcileAll()
				.then(() => (away = false), reportOnce)
				.finally(next);
		}, every).unref();
	};
	next();
	process.once('sveltekit:shutdown', () => {
		clearTimeout(timer);
		stop();
	});
}
