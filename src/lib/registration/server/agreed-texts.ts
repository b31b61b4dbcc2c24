import { locale, text, type TextMap } from '#lib/i18n/locale.ts';
import { shownField } from '#lib/registration/answers.ts';
import { createHash } from 'node:crypto';

/** The consents that a Summit asks for, with the fingerprint of the text that this reader is shown; forms send it back. */
export function withFingerprints<Item extends { label: TextMap; detail: TextMap }>(
	items: readonly Item[]
): (Item & { fingerprint: string })[] {
	return items.map((item) => ({ ...item, fingerprint: fingerprintOf(item) }));
}

/**
 * The language and the texts of the page on which somebody consented. The database refuses (`reworded`) to record a text
 * that the page did not show; `private.agreed_text_fingerprint` makes the same fingerprint.
 */
export function shownTexts(data: FormData, items: readonly { id: string }[]) {
	const shown: Record<string, string> = {};
	for (const { id } of items) {
		const fingerprint = data.get(shownField(id));
		if (typeof fingerprint === 'string') shown[id] = fingerprint;
	}
	return { language: locale(), shown };
}

function fingerprintOf({ label, detail }: { label: TextMap; detail: TextMap }): string {
	return createHash('sha256')
		.update(`${text(label).text}\n${text(detail).text}`)
		.digest('hex');
}
