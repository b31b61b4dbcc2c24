import { joinLabel } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { usualBytes } from '#lib/stage/quality.ts';
import { qualityLevels, type QualityLevel } from '#lib/stage/receive-settings.ts';
import { qualityWord } from '#lib/stage/quality-words.ts';
import { paths, type PathResult, type Findings, type Path, type ConnectionVerdict } from './paths.ts';

/** The name of a path. */
function pathWord(path: Path): string {
	return {
		udp: m.connection_check_way_udp,
		tcp: m.connection_check_way_tcp,
		turn: m.connection_check_way_turn,
		turn_tls: m.connection_check_way_turn_tls
	}[path]();
}

/** The name of the present step. */
export function stepWord(step: Path | 'down' | 'up'): string {
	return step === 'down' ? m.connection_check_down() : step === 'up' ? m.connection_check_up() : pathWord(step);
}

/** The result of a try, in a few words. */
function pathOutcomeWord(finding: PathResult | undefined): string {
	if (!finding) return m.connection_check_not_yet();
	const { outcome, roundTrip } = finding;
	if (outcome === 'ok' && roundTrip !== null) {
		const time = number(Math.max(1, Math.round(roundTrip)), { style: 'unit', unit: 'millisecond' });
		return m.connection_check_works_in({ time });
	}
	return {
		ok: m.connection_check_works,
		blocked: m.connection_check_blocked,
		absent: m.connection_check_absent,
		no_answer: m.connection_check_no_answer
	}[outcome]();
}

/** A speed, or that it is unknown. */
function speedWord(bits: number | null): string {
	if (bits === null) return m.connection_check_not_measured();
	const value = bits / 1e6;
	return number(value, { style: 'unit', unit: 'megabit-per-second', maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** The result of the check for a person: a title and a sentence. */
export function verdictWords(verdict: ConnectionVerdict): { title: string; what: string } {
	const words: Record<ConnectionVerdict, [() => string, () => string]> = {
		good: [m.connection_check_good, m.connection_check_good_what],
		detour: [m.connection_check_detour, m.connection_check_detour_what],
		text_only: [m.connection_check_text_only, m.connection_check_text_only_what],
		closed: [m.connection_check_closed, m.connection_check_closed_what],
		away: [m.connection_check_away, m.connection_check_away_what],
		offline: [m.connection_check_offline, m.connection_check_offline_what],
		unsupported: [m.connection_check_unsupported, m.connection_check_unsupported_what]
	};
	const [title, what] = words[verdict];
	return { title: title(), what: what() };
}

/** The best level that a speed carries with a margin of half as much; null where the speed is unknown. */
export function qualityFor(bits: number | null): QualityLevel | null {
	if (bits === null) return null;
	const fits = (level: QualityLevel) => bits >= (((usualBytes[level] ?? 0) * 8) / 3600) * 1.5;
	return qualityLevels.find(fits) ?? 'captions';
}

/** Each try and measurement, with its result. */
export function reportRowsOf({
	websocket,
	tried,
	down,
	up
}: Findings): { what: string; came: string; isGood: boolean }[] {
	const first =
		websocket === null
			? m.connection_check_not_yet()
			: websocket
				? m.connection_check_works()
				: m.connection_check_no_answer();
	return [
		{ what: m.connection_check_way_websocket(), came: first, isGood: websocket === true },
		...paths.map((path) => {
			const finding = tried.find((one) => one.path === path);
			return { what: pathWord(path), came: pathOutcomeWord(finding), isGood: finding?.outcome === 'ok' };
		}),
		{ what: m.connection_check_down(), came: speedWord(down), isGood: false },
		{ what: m.connection_check_up(), came: speedWord(up), isGood: false }
	];
}

/** The report as plain text: the findings and what must be open, and nothing about the person. `site`: host and port of our pages. */
export function reportOf(findings: Findings, verdict: ConnectionVerdict, site: string, at: Date): string {
	const level = qualityFor(findings.down);
	return [
		m.connection_check_report_head({ site }),
		m.connection_check_report_time({ time: at.toISOString().slice(0, 16).replace('T', ' ') }),
		'',
		`${verdictWords(verdict).title}. ${verdictWords(verdict).what}`,
		...(level ? [m.connection_check_enough({ level: qualityWord(level) })] : []),
		'',
		m.connection_check_report_measured(),
		...reportRowsOf(findings).map(({ what, came }) => `- ${joinLabel(what, came)}`),
		'',
		m.connection_check_report_open(),
		...[`TCP ${site}`, ...findings.endpoints].map((endpoint) => `- ${endpoint}`),
		'',
		m.connection_check_report_note(),
		''
	].join('\n');
}
