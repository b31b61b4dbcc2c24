/** Which devices somebody chose, and what is on; remembered on this device. */
export interface DeviceChoice {
	cameraId: string | null;
	microphoneId: string | null;
	camera: boolean;
	microphone: boolean;
}

/** Why a camera or microphone cannot be used. ended: it worked, and is gone. */
export type DeviceProblem = 'refused' | 'missing' | 'busy' | 'unsupported' | 'failed' | 'ended';

const memory = 'stage-devices';

/** The choice of last time; `camera` is off at first for who wants no photographs. */
export function rememberedDevices(camera = true): DeviceChoice {
	const fresh: DeviceChoice = { cameraId: null, microphoneId: null, camera, microphone: true };
	try {
		return choiceFrom(JSON.parse(localStorage.getItem(memory) ?? 'null'), fresh);
	} catch {
		return fresh;
	}
}

/** Reads a stored choice; what is missing or of another shape is taken from `fresh`. */
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

/** Keeps a choice for the next page and the next visit. */
export function rememberDevices(choice: DeviceChoice): void {
	try {
		localStorage.setItem(memory, JSON.stringify(choice));
	} catch {
		// Without storage it is asked again.
	}
}

/** What went wrong, from the error that a browser throws. */
export function problemOf(error: unknown): DeviceProblem {
	const name = error instanceof Error || error instanceof DOMException ? error.name : '';
	if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
	if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
	if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
	if (name === 'TypeError' || name === 'DeviceUnsupportedError') return 'unsupported';
	return 'failed';
}
