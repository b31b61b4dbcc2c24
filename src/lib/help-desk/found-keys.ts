/* Keys of the list of found people. No I/O. */
import type { KeyPress } from '#lib/ui/single-key.ts';

/** The row that an arrow selects, from the focused one (-1: none yet); null for any other key, and at either end. */
export function neighbouringRow(press: Omit<KeyPress, 'repeat'>, at: number, rows: number): number | null {
	if (press.defaultPrevented || press.altKey || press.ctrlKey || press.metaKey) return null;
	const next = press.key === 'ArrowDown' ? at + 1 : press.key === 'ArrowUp' ? at - 1 : -1;
	return next >= 0 && next < rows ? next : null;
}
