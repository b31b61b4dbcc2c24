import { joinFacts } from '#lib/i18n/list.ts';
// The first match: browsers also name other browsers for compatibility.
const browsers: [RegExp, string][] = [
	[/\bEdg(?:e|A|iOS)?\//, 'Edge'],
	[/\b(?:OPR|Opera)\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(?:Firefox|FxiOS)\//, 'Firefox'],
	[/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
	[/\bVersion\/[\d.]+.*\bSafari\//, 'Safari']
];
const systems: [RegExp, string][] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bLinux\b/, 'Linux']
];

/** A recognisable name of a device, from its User-Agent: "Firefox, Android"; '' when it is unknown. */
export function deviceName(userAgent: string | null): string {
	const named = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
	return joinFacts([named(browsers), named(systems)]);
}

/** The id of a token's session; null when it names none. The token is not verified here. */
export function sessionOf(token: string): string | null {
	try {
		const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
		const id = (claims as { session_id?: unknown }).session_id;
		return typeof id === 'string' ? id : null;
	} catch {
		return null;
	}
}
