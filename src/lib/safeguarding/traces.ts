/* The remains of a former name that cannot be removed, in sentences. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { AliasTraces } from '#lib/database/answers/safeguarding/aliases.ts';

export type { AliasFacts, AliasTraces, ListedTraces } from '#lib/database/answers/safeguarding/aliases.ts';

const sum = (rows: Record<string, number>) => Object.values(rows).reduce((total, count) => total + count, 0);

/** What was changed, and what remains. */
export function traceSentences({ facts }: AliasTraces): { changed: string; left: string[] } {
	const counted: [number, (values: { count: number }) => string][] = [
		[facts.badges, m.accounts_traces_badges],
		[facts.certificates, m.accounts_traces_certificates],
		[facts.letters, m.accounts_traces_letters],
		[facts.host_lists, m.accounts_traces_host_lists],
		[facts.invoices, m.accounts_traces_invoices],
		[facts.recordings, m.accounts_traces_recordings],
		[facts.files, m.accounts_traces_files],
		[facts.library_files ?? 0, m.accounts_traces_library],
		[facts.calendars, m.accounts_traces_calendars],
		[sum(facts.left), m.accounts_traces_written]
	];
	return {
		changed: m.accounts_traces_changed({ count: sum(facts.rewritten) }),
		left: [
			m.accounts_traces_mails(),
			m.accounts_traces_copies(),
			...counted.flatMap(([count, say]) => (count > 0 ? [say({ count })] : []))
		]
	};
}
