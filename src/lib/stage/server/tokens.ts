import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sessionOf } from '#lib/accounts/device.ts';
import type { RoomPass } from '#lib/database/answers/meetings.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Heartbeat } from '#lib/stage/heartbeat.svelte.ts';
import type { Purpose } from '#lib/stage/rights.ts';
import type { Pass, PassRequest } from '#lib/stage/stage.ts';
import { isLivekitAnswering, livekitSettings, mintToken, mintTrialToken } from './livekit.ts';

/** Whether streams are available now; `building`: LiveKit is being installed on this machine for the first time. */
type LiveKitState = 'ready' | 'building' | 'away';

// Long enough to read the page before joining, short enough that a kept one is soon worth nothing.
const life = 120;
const asked = { until: 0, answer: Promise.resolve(false) };

/** Whether LiveKit answers, checked at most once a second. */
export async function streamState(now = Date.now()): Promise<LiveKitState> {
	if (asked.until < now) {
		asked.until = now + 1000;
		asked.answer = isLivekitAnswering();
	}
	if (await asked.answer) return 'ready';
	return (await isBuilding()) ? 'building' : 'away';
}

async function isBuilding(): Promise<boolean> {
	const path = process.env['LOCAL_STATE'];
	if (!path) return false;
	try {
		const state = JSON.parse(await readFile(path, 'utf8')) as { livekit?: { state?: string } };
		return state.livekit?.state === 'building' || state.livekit?.state === 'starting';
	} catch {
		return false;
	}
}

/** Who asks for a pass, and of which Summit: the locals of a request. */
interface Asking {
	/** Null for a signed-out viewer. */
	viewer: { personId: string | null } | null;
	token: string | null;
	summit: { id: string };
}

// With the end of this sign-in session the pass ends.
const authSessionOf = ({ viewer, token }: Omit<Asking, 'summit'>) => (viewer && token ? sessionOf(token) : null);

/** Checks `can_enter` and the current role, and mints a token. */
export async function passFor(asking: Asking, room: string, request: PassRequest): Promise<Pass> {
	const found = livekitSettings();
	if (!found) return { status: 'away', building: await isBuilding() };
	const rows = await callPrivate('stage_pass', [
		asking.viewer?.personId ?? null,
		asking.summit.id,
		room,
		request.purpose,
		request.session,
		request.confirmed === true,
		authSessionOf(asking)
	]);
	const decision = rows[0]?.stage_pass;
	if (decision?.status !== 'ok') return decision ?? { status: 'none' };
	// A signed-out viewer gets a new identity for each visit, and no row.
	const identity = decision.identity ?? `v-${randomBytes(15).toString('base64url')}`;
	return {
		...(await mintPass(found.url, { ...decision, identity })),
		run: decision.run,
		purpose: request.purpose satisfies Purpose
	};
}

/** A pass for one identity in one LiveKit room, as the database decided. */
async function mintPass(
	url: string,
	{ identity, room, publish }: { identity: string; room: string; publish: string[] }
) {
	return {
		status: 'ok' as const,
		url,
		token: await mintToken(identity, room, publish, life),
		until: Date.now() + (life - 15) * 1000,
		run: '',
		purpose: 'stage' as const,
		publish
	};
}

/** A pass to the live room of a meeting of a group; `camera`: with a place among the cameras, if one is free. */
export async function meetingPassFor(
	asking: Omit<Asking, 'summit'>,
	group: string,
	meeting: string,
	camera: boolean
): Promise<Pass> {
	const rows = await callPrivate('meeting_pass', [
		asking.viewer?.personId ?? null,
		group,
		meeting,
		authSessionOf(asking),
		camera
	]);
	return roomPassOf(rows[0]?.meeting_pass);
}

/** A pass for an interpreter or captioner of a meeting to its live room. */
export async function meetingStaffPassFor(
	asking: Omit<Asking, 'summit'>,
	group: string,
	meeting: string
): Promise<Pass> {
	const person = asking.viewer?.personId ?? null;
	const rows = await callPrivate('meeting_staff_pass', [person, group, meeting, authSessionOf(asking)]);
	return roomPassOf(rows[0]?.meeting_staff_pass);
}

/** A pass to the room of a workshop; `camera`: with a place among the cameras, if one is free. */
export async function workshopPassFor(asking: Omit<Asking, 'summit'>, run: string, camera: boolean): Promise<Pass> {
	const values = [asking.viewer?.personId ?? null, run, authSessionOf(asking), camera] as const;
	const rows = await callPrivate('run_room_pass', [...values]);
	return roomPassOf(rows[0]?.run_room_pass);
}

/** A pass for an interpreter to the room of a workshop. */
export async function workshopStaffPassFor(asking: Omit<Asking, 'summit'>, run: string): Promise<Pass> {
	const rows = await callPrivate('run_staff_pass', [asking.viewer?.personId ?? null, run, authSessionOf(asking)]);
	return roomPassOf(rows[0]?.run_staff_pass);
}

// Who may not enter gets the same answer while LiveKit is unavailable.
async function roomPassOf(decision: RoomPass | null | undefined): Promise<Pass> {
	const found = livekitSettings();
	if (decision?.status !== 'ok') return decision ?? { status: 'none' };
	return found
		? { ...(await mintPass(found.url, decision)), number: decision.number }
		: { status: 'away', building: await isBuilding() };
}

/** What a request for a pass is answered: no token while LiveKit does not answer, as it would be useless. */
export async function passWhileReady(pass: Pass): Promise<Pass> {
	if (pass.status !== 'ok' && pass.status !== 'away') return pass;
	const stream = pass.status === 'ok' ? await streamState() : 'away';
	return stream === 'ready' ? pass : { status: 'away', building: stream === 'building' };
}

/**
 * A token for a room with a random name, for one person's test of their connection; null while LiveKit does not answer.
 */
export async function trialPass(): Promise<{ url: string; token: string } | null> {
	const found = livekitSettings();
	if (!found || (await streamState()) !== 'ready') return null;
	const room = `trial-${randomBytes(18).toString('base64url')}`;
	return { url: found.url, token: await mintTrialToken(room, 60) };
}

/** A token for a run's room for a recorder or a monitor: they watch, hidden, and publish nothing. */
export async function recorderPass(identity: string, room: string): Promise<Pass> {
	const found = livekitSettings();
	if (!found || (await streamState()) !== 'ready') return { status: 'away', building: await isBuilding() };
	return mintPass(found.url, { identity, room, publish: [] });
}

/** A token for a desk, to monitor the stage or the green room of one run unseen; null for people who may not. */
export async function deskPassFor(asking: Asking, run: string, purpose: Purpose = 'stage'): Promise<Pass | null> {
	const { viewer, summit } = asking;
	const rows = await callPrivate('desk_pass', [
		viewer?.personId ?? null,
		summit.id,
		run,
		authSessionOf(asking),
		purpose
	]);
	const decision = rows[0]?.desk_pass;
	return decision?.status === 'ok' ? recorderPass(decision.identity, decision.room) : null;
}

/** Records that a page is open: its listening language, or that it only reads or watches with a delay. */
export async function noteListener(person: string | null, { run, visit, language, reading, late = false }: Heartbeat) {
	// At this moment, by the database's clock.
	const rows = await callPrivate('save_listener', [person, run, visit, language, reading, null, late]);
	return rows[0]?.save_listener ?? 'none';
}
