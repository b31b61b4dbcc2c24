import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Booth, BoothView, Languages } from '#lib/interpretation/interpretation.ts';
import { withNames } from '#lib/stage/naming.ts';

/** The languages of a room's current session; none for readers who may not enter. */
export async function readLanguages(client: DataClient, summit: string, room: string): Promise<Languages> {
	return (await rpc(client, 'read_languages', { summit, room })) ?? { languages: [], own: [] };
}

/** The page of one booth; null for everybody outside it. */
export async function readBooth(
	client: DataClient,
	summit: string,
	room: string,
	language: string
): Promise<BoothView | null> {
	const booth = await rpc(client, 'read_booth', { summit, room, language });
	return booth && { ...booth, on_stage: withNames(booth.on_stage) };
}

/** Every booth of a run that the reader may see. */
export async function readBooths(client: DataClient, run: string): Promise<Booth[]> {
	return (await rpc(client, 'read_booths', { run })) ?? [];
}

/** Takes the microphone. */
export function takeBooth(client: DataClient, run: string, language: string) {
	return rpc(client, 'take_booth', { run, language });
}

/** Offers the microphone to the partner, or withdraws the offer. */
export function offerBooth(client: DataClient, run: string, language: string, offered: boolean) {
	return rpc(client, 'offer_booth', { run, language, offered });
}

/** Leaves the microphone. */
export function leaveBooth(client: DataClient, run: string, language: string) {
	return rpc(client, 'leave_booth', { run, language });
}

/** Reports that the page of a booth is open and connected. */
export function sendBoothHeartbeat(client: DataClient, run: string, language: string) {
	return rpc(client, 'send_booth_heartbeat', { run, language });
}

/** Sends a message to the others of a booth. */
export function sayInBooth(client: DataClient, run: string, language: string, words: string) {
	return rpc(client, 'send_booth_message', { run, language, words });
}

/** Opens a booth or changes one. */
export function saveBooth(client: DataClient, run: string, language: string, minutes: number) {
	return rpc(client, 'save_booth', { run, language, is_signed: null, hint_minutes: minutes });
}

/** Closes a booth. */
export function closeBooth(client: DataClient, run: string, language: string) {
	return rpc(client, 'close_booth', { run, language });
}

/** Assigns an interpreter to a booth, or removes one. */
export function seatInBooth(client: DataClient, run: string, language: string, person: string, seated: boolean) {
	return rpc(client, 'seat_in_booth', { run, language, person, seated });
}

/** Puts an interpreter on air, or (null) nobody. */
export function putOnAir(client: DataClient, run: string, language: string, person: string | null) {
	return rpc(client, 'put_on_air', { run, language, person });
}
