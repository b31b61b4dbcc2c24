import type { DeviceProblem } from './devices.ts';

/** The reader's own device that others see or hear. */
export type OwnDevice = 'camera' | 'microphone';

/**
 * The present state of the person's device, whatever they chose. on: it is sent. off: switched off here. ready: it is sent once the session
 * goes on. starting. withheld: something may be sent now, but not this. Else why it cannot be used.
 */
export type DeviceState = 'on' | 'off' | 'ready' | 'starting' | 'withheld' | DeviceProblem;

/** The known facts of a device. */
export interface DeviceFacts {
	/** The person has it switched on. */
	isWanted: boolean;
	/** LiveKit has it, and it is not muted. */
	isSent: boolean;
	/** The server allows it now. */
	isAllowed: boolean;
	/** The server allows anything now. */
	isAnyAllowed: boolean;
	/** The server allows it once the person asks: until then it is off, not withheld. */
	isOnRequest?: boolean;
	problem: DeviceProblem | null;
}

/** The state of a device from its facts. */
export function deviceState(facts: DeviceFacts): DeviceState {
	const { isWanted, isSent, isAllowed, isAnyAllowed, isOnRequest = false, problem } = facts;
	if (!isAllowed && isAnyAllowed && !isOnRequest) return 'withheld';
	if (!isWanted) return 'off';
	if (problem) return problem;
	if (isSent) return 'on';
	return isAllowed || isAnyAllowed ? 'starting' : 'ready';
}
