import { readStoredValue, storeValue } from '#lib/ui/stored.ts';

/** The chosen devices, and which are on; stored on this device. */
export interface DeviceChoice {
	cameraId: string | null;
	microphoneId: string | null;
	camera: boolean;
	microphone: boolean;
}

/** Why a camera or microphone cannot be used. ended: it worked, and is gone. */
export type DeviceProblem = 'refused' | 'missing' | 'busy' | 'unsupported' | 'failed' | 'ended';

const memory = 'stage-devices';

/** The stored choice; `camera` is initially off for people who want no photographs. */
export function rememberedDevices(camera = true): DeviceChoice {
	const fresh: DeviceChoice = { cameraId: null, microphoneId: null, camera, microphone: true };
	return choiceFrom(readStoredValue(memory), fresh);
}

/** Reads a stored choice; missing or invalid values are taken from `fresh`. */
export function choiceFrom(value: unknown, fresh: DeviceChoice): DeviceChoice {
	if (typeof value !== 'object' || value === null) return fresh;
	const { cameraId, microphoneId, camera, microphone } = value as Record<string, unknown>;
	return {
		cameraId: typeof cameraId === 'string' ? cameraId : fresh.cameraId,
		microphoneId: typeof microphoneId === 'string' ? microphoneId : fresh.microphoneId,
		camera: typeof camera === 'boolean' ? camera : fresh.camera,
		microphone: typeof microphone === 'boolean' ? microphone : fresh.microphone
	};
}

/** Stores a choice for the next page and the next visit. */
export function rememberDevices(choice: DeviceChoice): void {
	storeValue(memory, choice);
}

/** The problem, from the error that a browser throws. */
export function problemOf(error: unknown): DeviceProblem {
	const name = error instanceof Error || error instanceof DOMException ? error.name : '';
	if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
	if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
	if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
	if (name === 'TypeError' || name === 'DeviceUnsupportedError') return 'unsupported';
	return 'failed';
}
