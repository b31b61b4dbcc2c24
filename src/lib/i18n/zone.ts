/* Imports nothing: it is part of the small script of the public agenda. */

/** Whether the runtime knows the IANA zone. */
export function isZone(zone: string | null | undefined): zone is string {
	if (!zone) return false;
	try {
		new Intl.DateTimeFormat('en', { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}
