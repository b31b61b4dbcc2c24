/* The options of printing and revoking badges, in words. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock } from '#lib/i18n/time.ts';
import type { LayoutKey } from './layouts.ts';
import type { BadgeReason } from './list.ts';

/** The name of a paper. */
export function layoutWord(key: LayoutKey): string {
	return {
		a6: m.badges_layout_a6,
		'a4-4': m.badges_layout_a4_4,
		'a4-8': m.badges_layout_a4_8,
		'a4-fold': m.badges_layout_a4_fold,
		'62x100': () => m.badges_layout_label({ size: isolated('62 × 100') }),
		'102x152': () => m.badges_layout_label({ size: isolated('102 × 152') })
	}[key]();
}

/** Why a badge is revoked, in the reader's language; the audit stores the reason itself. */
export function reasonWord(reason: BadgeReason): string {
	return {
		Lost: m.badges_reason_lost,
		'Torn or unreadable': m.badges_reason_torn,
		'Another name or office': m.badges_reason_other_name,
		'Printed wrongly': m.badges_reason_misprinted
	}[reason]();
}

/** Whether and when a badge was printed; a print from before what it shows changed says so. */
export function printSentence(badge: { prints: number; printed_at: string | null }, zone: string): string {
	if (badge.printed_at !== null) return m.help_desk_badge_printed({ date: dayAndClock(badge.printed_at, zone) });
	return badge.prints > 0 ? m.badges_printed_before() : m.help_desk_badge_not_printed();
}
