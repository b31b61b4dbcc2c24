import { rpc } from '#lib/database/server/rpc.ts';
import type { LastCheck, DeviceCheckOutcome } from '#lib/speakers/device-check.ts';
import type { DataClient } from '#lib/database/client.ts';

/** The reader's last test; null for people who do not speak at the Summit. */
export function readDeviceCheck(
	client: DataClient,
	summit: string
): Promise<{ last: LastCheck | null; due_at: string | null; no_photographs: boolean } | null> {
	return rpc(client, 'read_device_check', { summit });
}

/** Saves the result of a device check. */
export function saveDeviceCheck(client: DataClient, summit: string, outcome: DeviceCheckOutcome) {
	return rpc(client, 'save_device_check', { summit, outcome });
}
