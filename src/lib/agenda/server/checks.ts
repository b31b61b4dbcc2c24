import type { DataClient } from '#lib/database/client.ts';
import type { Change } from '#lib/agenda/builder/builder.ts';
import type { Checks, CheckSettings } from '#lib/agenda/checks/checks.ts';
import type { PersonFacts, RoomFacts, WalkingTime, SessionNeeds } from '#lib/agenda/checks/facts.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The findings in the draft, or in the draft after `moves`; null for all but programme organisers. */
export async function readChecks(
	client: DataClient,
	summit: string,
	moves: readonly (Partial<Change> & { session: string })[] = []
): Promise<Checks | null> {
	return rpc(client, 'read_checks', { summit, moves });
}

/** The severity of each check, and its limits; null for all but programme organisers. */
export async function readCheckSettings(client: DataClient, summit: string): Promise<CheckSettings | null> {
	return rpc(client, 'read_check_settings', { summit });
}

/** Saves how severe each check is, and its limits. */
export async function saveCheckSettings(
	client: DataClient,
	summit: string,
	{ severities, limits }: { severities: Record<string, string>; limits: Record<string, unknown> }
) {
	return rpc(client, 'save_check_settings', { summit, severities, limits });
}

/** The equipment of the rooms, by slug; null for all but programme organisers. */
export async function readRoomFacts(client: DataClient, summit: string): Promise<Record<string, RoomFacts> | null> {
	return rpc(client, 'read_room_equipment', { summit });
}

/** Saves the equipment of rooms. */
export async function saveRoomFacts(client: DataClient, summit: string, facts: readonly RoomFacts[]) {
	return rpc(client, 'save_room_equipment', { summit, facts });
}

/** The minutes between each two rooms; null for all but programme organisers. */
export async function readWalkingTimes(client: DataClient, summit: string): Promise<WalkingTime[] | null> {
	return rpc(client, 'list_walking_times', { summit });
}

/** Sets the walking time between two rooms; null: as buildings and floors give it. */
export async function saveWalkingTime(
	client: DataClient,
	summit: string,
	one: string,
	other: string,
	minutes: number | null
) {
	return rpc(client, 'save_walking_time', { summit, one, other, minutes });
}

/** A session's requirements for its room. */
export async function readSessionNeeds(client: DataClient, session: string): Promise<SessionNeeds | null> {
	return rpc(client, 'read_session_needs', { session });
}

/** Saves a session's requirements for its room. */
export async function saveSessionNeeds(client: DataClient, session: string, needs: SessionNeeds) {
	return rpc(client, 'save_session_needs', { session, needs });
}

/** The participants of the sessions that the reader sees, when they are available, and the languages they interpret. */
export async function readPeopleFacts(client: DataClient, summit: string): Promise<PersonFacts[] | null> {
	return rpc(client, 'list_availabilities', { summit });
}

/** Records when a person is available and which languages they interpret. */
export async function savePersonFacts(
	client: DataClient,
	summit: string,
	facts: Pick<PersonFacts, 'person' | 'zone' | 'during' | 'pairs'>
) {
	const { person, zone, during, pairs } = facts;
	const status = await rpc(client, 'save_availability', { summit, person, zone, during });
	return status === 'ok' ? rpc(client, 'save_interpreter_languages', { summit, person, pairs }) : status;
}

/** Accepts a finding with a reason, until something that the check looked at changes. */
export async function acceptFinding(client: DataClient, summit: string, fingerprint: string, reason: string) {
	return rpc(client, 'accept_finding', { summit, fingerprint, reason });
}

/** Ends an acceptance. */
export async function reopenFinding(client: DataClient, summit: string, fingerprint: string) {
	return rpc(client, 'reopen_finding', { summit, fingerprint });
}
