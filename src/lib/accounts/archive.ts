// What stays of the pages of those who took part in an archived Summit: their data and certificates, what they may take
// back, surveys that are open, and money; and the scans that a door sends once it is in the network again.
const kept = [
	/^\/\(delegate\)\/\[summit\]\/(?:me\/(?:certificate|data|withdraw|wards|pay|paid)|surveys|feedback\/token|invoices)(?:\/|$)/,
	/^\/\(member\)\/\[summit\]\/delegation\/orders(?:\/|$)/,
	/^\/\(speaker\)\/\[summit\]\/speak(?:\/photo)?$/,
	/^\/\(door\)\/\[summit\]\/door\/sync$/
];

/** Whether a page of participants, members, speakers or a stage is of an archived Summit, which shows what was public. */
export function isPutAway(routeId: string, state: string | undefined): boolean {
	const isTheirs = /^\/\((?:delegate|member|speaker|stage|door)\)\/\[summit\]/.test(routeId);
	return state === 'archived' && isTheirs && !kept.some((pattern) => pattern.test(routeId));
}
