import { isZone } from '#lib/i18n/zone.ts';
import { readStored, storeText } from './stored.ts';

const memory = 'zone';

/** The time zone that was chosen on this device, else the device's own; in the browser. */
export function deviceZone(): string {
	const zone = readStored(memory);
	return isZone(zone) ? zone : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Stores a zone on this device; null returns to the device's own. */
export function chooseDeviceZone(zone: string | null): void {
	storeText(memory, zone);
}
