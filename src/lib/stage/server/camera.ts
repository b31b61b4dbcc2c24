import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { CameraFacts, CameraList } from '../camera.ts';

/** The crew's list of a day ("2027-06-10") at the venue; null for everybody but organisers of stages and programme. */
export function readCameraList(client: DataClient, summit: string, day: string): Promise<CameraList | null> {
	return rpc(client, 'read_camera_list', { summit, day });
}

/** What the crew is told about a session; null for everybody who does not belong to it. */
export function readSessionCamera(client: DataClient, session: string): Promise<CameraFacts | null> {
	return rpc(client, 'read_session_camera', { session });
}

/** Saves where in the room of a session nobody is in a picture; '' deletes it. */
export function saveNoPhotoArea(client: DataClient, session: string, words: string) {
	return rpc(client, 'save_no_photo_area', { session, words });
}

/** The same facts for the browser that sends for a hall, by its code; null while nothing is on or the code is invalid. */
export async function readHallCamera(code: string, summit: string, room: string) {
	const [row] = await callPrivate('read_hall_camera', [code, summit, room]);
	return row?.read_hall_camera.status === 'ok' ? row.read_hall_camera : null;
}
