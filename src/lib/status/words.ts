/* The status of the site in words. */
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import type { PartState, SitePart } from './parts.ts';
import type { NoticeSeverity } from './writing.ts';
import type { Notice } from './notices.ts';

/** The name of a part. */
export function partWord(part: SitePart): string {
	return {
		site: m.status_part_site,
		sign_in: m.status_part_sign_in,
		registration: m.status_part_registration,
		stages: m.status_part_stages,
		mail: m.status_part_mail,
		payments: m.status_part_payments
	}[part]();
}

/** How a part is. */
export function partStateWord(state: PartState): string {
	return {
		good: m.status_state_good,
		maintenance: m.status_state_maintenance,
		slow: m.status_state_slow,
		down: m.status_state_down,
		unknown: m.status_state_unknown
	}[state]();
}

/** The sign of a state. */
export const stateMarks = {
	good: 'good',
	maintenance: 'waiting',
	slow: 'needs',
	down: 'bad',
	unknown: 'draft'
} as const;

/** How the whole site is, as a sentence. */
export function overallSentence(state: PartState): string {
	return {
		good: m.status_overall_good,
		maintenance: m.status_overall_maintenance,
		slow: m.status_overall_slow,
		down: m.status_overall_down,
		unknown: m.status_overall_unknown
	}[state]();
}

/** How much a notice says is wrong. */
export function noticeSeverityWord(severity: NoticeSeverity): string {
	return {
		info: m.status_severity_info,
		maintenance: m.status_severity_maintenance,
		minor: m.status_severity_minor,
		major: m.status_severity_major
	}[severity]();
}

/** How far those who mend it are. */
export function stageWord(stage: Notice['updates'][number]['stage']): string {
	return {
		investigating: m.status_stage_investigating,
		identified: m.status_stage_identified,
		watching: m.status_stage_watching,
		resolved: m.status_stage_resolved
	}[stage]();
}

/** A share in percent, never rounded up: 99.99 of 100 is not the whole. */
export function percent(value: number, digits: number): string {
	const scale = 10 ** (digits + 2);
	return number(Math.floor(value * scale + 1e-6) / scale, { style: 'percent', maximumFractionDigits: digits });
}
