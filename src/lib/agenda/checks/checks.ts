import type { Finding, FindingCode } from '#lib/database/answers/agenda/checks.ts';

export type { CheckSettings, Checks, Finding, FindingCode } from '#lib/database/answers/agenda/checks.ts';

export const severities = ['block', 'warn', 'note'] as const;
/** The severity of a finding: `block` prevents publishing. */
export type Severity = (typeof severities)[number];

/** Every check, most severe first by default. */
export const codes = [
	'level_stream',
	'speaker_twice',
	'speaker_maybe_twice',
	'outside_summit',
	'room_capacity',
	'speaker_travel',
	'outside_availability',
	'humane_hours',
	'interpreter_pairs',
	'interpreter_hours',
	'audience_room',
	'unconfirmed_speaker',
	'equipment_missing',
	'access_missing',
	'track_parallel',
	'member_parallel',
	'no_slot',
	'no_people'
] as const satisfies readonly FindingCode[];

export const checkLimits = ['floor_minutes', 'building_minutes', 'turn_minutes', 'day_minutes', 'track_limit'] as const;
export type CheckLimit = (typeof checkLimits)[number];

/** The findings of each session, in their order. */
export function bySession<F extends Pick<Finding, 'sessions'>>(findings: readonly F[]): Map<string, F[]> {
	const of = new Map<string, F[]>();
	for (const finding of findings)
		for (const session of finding.sessions) of.set(session, [...(of.get(session) ?? []), finding]);
	return of;
}

/** How many of each severity, without those that were accepted. */
export function countOf(findings: readonly Pick<Finding, 'severity' | 'accepted'>[]): Record<Severity, number> {
	const count = { block: 0, warn: 0, note: 0 };
	for (const { severity } of openFindings(findings)) count[severity] += 1;
	return count;
}

/** The findings that nobody accepted. */
export function openFindings<F extends Pick<Finding, 'accepted'>>(findings: readonly F[]): F[] {
	return findings.filter(({ accepted }) => accepted === null);
}

/** The findings of one check, most severe check first. */
export function groupsOf<F extends Pick<Finding, 'code' | 'severity'>>(
	findings: readonly F[]
): { code: FindingCode; severity: Severity; findings: F[] }[] {
	const groups = new Map<FindingCode, { code: FindingCode; severity: Severity; findings: F[] }>();
	for (const finding of findings) {
		const { code, severity } = finding;
		const group = groups.get(code) ?? { code, severity, findings: [] };
		group.findings.push(finding);
		groups.set(code, group);
	}
	const rank = ({ severity }: { severity: Severity }) => severities.indexOf(severity);
	return [...groups.values()].sort((one, other) => rank(one) - rank(other));
}
