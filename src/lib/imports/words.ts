import { m } from '#lib/i18n/messages.ts';
import { kindContents, type FileKind } from './kinds.ts';

/** An export of another system in a few words. */
export const kindWords = (kind: FileKind): string => m.imports_kind({ kind });

/** What a file is that belongs on another page, and where. */
export function otherKindWords(kind: FileKind): string {
	return m.imports_other({ contents: kindContents[kind] ?? 'none', kind: kindWords(kind) });
}
