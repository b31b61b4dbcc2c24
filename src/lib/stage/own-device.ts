import type { DeviceProblem } from './devices.ts';

/** One's own device that others see or hear by. */
export type OwnDevice = 'camera' | 'microphone';

/**
 * What a device of one's own does at this moment, whatever was wished. on: it is sent. off: switched off here. ready: it goes out once the
 * session goes on. starting. withheld: something may be sent now, and this not. Else why it cannot be used.
 */
export type DeviceState = 'on' | 'off' | 'ready' | 'starting' | 'withheld' | DeviceProblem;

/** What is known of a device. */
export interface DeviceFacts {
	/** The person has it switched on. */
	isWanted: boolean;
	/** LiveKit has it, and it is not muted. */
	isSent: boolean;
	/** The server allows it now. */
	isAllowed: boolean;
	/** The server allows anything now. */
	isAnyAllowed: boolean;
	problem: DeviceProblem | null;
}

/** The state of a device from what is known of it. */
export function deviceState({ isWanted, isSent, isAllowed, isAnyAllowed, problem }: DeviceFacts): DeviceState {
	if (!isAllowed && isAnyAllowed) return 'withheld';
	if (!isWanted) return 'off';
	if (problem) return problem;
	if (isSent) return 'on';
	return isAllowed ? 'starting' : 'ready';
}
