/* Notices about what does not work: when they hold, and which are banners. Pure. */
import type { OwnStatusNotice, StatusNotice } from '#lib/database/answers/status.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

export type { OwnStatusNotice, StatusNotice };

/** A notice, for readers or for organisers. */
export type Notice = StatusNotice | OwnStatusNotice;

/** The last moment of a notice; Infinity while nobody knows. */
export const endOf = ({ ends_at, resolved_at }: Pick<Notice, 'ends_at' | 'resolved_at'>): number =>
	Math.min(...[ends_at, resolved_at].map((end) => (end === null ? Infinity : Date.parse(end))));

/** Whether a notice is still to come, holds, or is over. */
export function noticeStateAt(
	notice: Pick<Notice, 'starts_at' | 'ends_at' | 'resolved_at'>,
	now: number
): 'coming' | 'holds' | 'over' {
	if (endOf(notice) <= now) return 'over';
	return Date.parse(notice.starts_at) > now ? 'coming' : 'holds';
}

/** What a banner needs of a notice. */
export type Banner = Pick<
	Notice,
	'id' | 'severity' | 'texts' | 'original' | 'starts_at' | 'ends_at' | 'resolved_at' | 'summit_id'
>;

/** The banners of a Summit, those of the whole site among them, of which the reader has dismissed none. Those to come are among them: an open page shows them in time. */
export function bannersOf(
	notices: readonly Notice[],
	summit: string | null,
	dismissed: readonly string[],
	now: number
): Banner[] {
	return notices
		.filter(
			(notice) =>
				notice.is_banner &&
				(notice.summit_id === null || notice.summit_id === summit) &&
				noticeStateAt(notice, now) !== 'over' &&
				!dismissed.includes(dismissalOf(notice.id))
		)
		.map(({ id, severity, texts, original, starts_at, ends_at, resolved_at, summit_id }) => ({
			...{ id, severity, texts, original, starts_at, ends_at, resolved_at, summit_id }
		}));
}

/** The cookie of what a reader has dismissed. */
export const dismissedCookie = 'dismissed';

/** By what a dismissed notice is remembered. */
export const dismissalOf = (id: string): string => id.slice(0, 8);

const mostDismissed = 5;

/** The dismissed notices in the value of the cookie, in one order. */
export const dismissedFrom = (value: string | undefined): string[] =>
	[...new Set((value ?? '').split('.').filter((each) => /^[0-9a-f]{8}$/.test(each)))].slice(0, mostDismissed).sort();

/** The same of a Cookie header. */
export const dismissedOfCookies = (header: string | undefined): string[] =>
	dismissedFrom(/(?:^|;\s*)dismissed=([0-9a-f.]{8,60})/.exec(header ?? '')?.[1]);

/** The value of the cookie once one more is dismissed; the oldest is shown again after five others. */
export const withDismissed = (value: string | undefined, id: string): string =>
	[
		dismissalOf(id),
		...(value ?? '').split('.').filter((each) => /^[0-9a-f]{8}$/.test(each) && each !== dismissalOf(id))
	]
		.slice(0, mostDismissed)
		.join('.');

/** The titles of a notice, and its texts, by language. */
export const titleOf = ({ texts, original }: Pick<Notice, 'texts' | 'original'>): TextMap => ({
	original,
	...Object.fromEntries(Object.entries(texts).map(([language, { title }]) => [language, title]))
});
export const bodyOf = ({ texts, original }: Pick<Notice, 'texts' | 'original'>): TextMap => ({
	original,
	...Object.fromEntries(Object.entries(texts).map(([language, { body }]) => [language, body ?? '']))
});
