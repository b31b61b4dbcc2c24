/* What is left to do after a Summit, from what each role reads on the page of it. No I/O. */
import type { MoneyOverview } from '#lib/database/answers/payments/finance.ts';
import type { RetentionSettings } from '#lib/database/answers/privacy.ts';
import type { ListedRecording } from '#lib/database/answers/recording.ts';
import { m } from '#lib/i18n/messages.ts';
import { day, number } from '#lib/i18n/time.ts';
import { className } from '#lib/privacy/retention.ts';

/** What each page knows; null where the reader's roles do not open it. */
export interface ClosingFacts {
	recordings: readonly Pick<ListedRecording, 'state' | 'is_published'>[] | null;
	certificates: { isOffered: boolean; issued: number } | null;
	money: Pick<MoneyOverview, 'states'> | null;
	retention: { classes: readonly Pick<RetentionSettings['classes'][number], 'code' | 'due_at' | 'is_held'>[] } | null;
}

/** One line: its page after `/[summit]/organise`, and whether nothing is left to do; null: it does itself. */
export interface ClosingLine {
	key: string;
	label: string;
	path: string;
	detail: string;
	done: boolean | null;
}

function orderLine(
	money: NonNullable<ClosingFacts['money']>,
	state: 'owing' | 'overdue' | 'refund_failed',
	label: string
): ClosingLine {
	const count = money.states.filter((one) => one.state === state).reduce((sum, { orders }) => sum + orders, 0);
	return { key: state, label, path: `/orders?state=${state}`, detail: number(count), done: count === 0 };
}

/** The orders that finance has to do with, each by its state. */
export function orderLines(money: NonNullable<ClosingFacts['money']>): ClosingLine[] {
	return [
		orderLine(money, 'overdue', m.organising_closing_overdue()),
		orderLine(money, 'owing', m.organising_closing_owing()),
		orderLine(money, 'refund_failed', m.organising_closing_refund_failed())
	];
}

function retentionLine({ classes }: NonNullable<ClosingFacts['retention']>, now: number, zone: string): ClosingLine {
	const next = classes
		.flatMap(({ code, due_at, is_held }) => (due_at !== null && !is_held ? [{ code, at: Date.parse(due_at) }] : []))
		.filter(({ at }) => at > now)
		.sort((a, b) => a.at - b.at)[0];
	return {
		key: 'retention',
		label: m.organising_closing_retention(),
		path: '/settings/retention',
		detail: next
			? m.organising_closing_retention_next({ class: className(next.code), when: day(next.at, zone, { year: true }) })
			: m.organising_closing_retention_none(),
		done: null
	};
}

/** The closing steps that the reader's roles do. */
export function closingLines(
	{ recordings, certificates, money, retention }: ClosingFacts,
	now: number,
	zone: string
): ClosingLine[] {
	const lines: ClosingLine[] = [];
	if (recordings) {
		const count = recordings.filter(({ state, is_published }) => state === 'ready' && !is_published).length;
		lines.push({
			key: 'recordings',
			label: m.organising_closing_recordings(),
			path: '/recordings',
			detail: number(count),
			done: count === 0
		});
	}
	if (certificates)
		lines.push({
			key: 'certificates',
			label: m.organising_closing_certificates(),
			path: '/certificates',
			detail: certificates.isOffered
				? m.organising_closing_certificates_issued({ count: number(certificates.issued) })
				: m.organising_closing_certificates_off(),
			done: certificates.isOffered
		});
	if (money) lines.push(...orderLines(money));
	if (retention) lines.push(retentionLine(retention, now, zone));
	return lines;
}
