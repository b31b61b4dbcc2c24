/* What the formats and tracks of a file become here: found by their names, and what the organiser confirmed. No I/O. */
import type { ImportedFile, ProposalMapping } from '#lib/database/answers/imports.ts';
import { folded } from '#lib/forms/folded.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

interface Heading {
	id: string;
	name: TextMap;
}

/** The heading that has this name in any language; '' for none. */
export function headingFor(name: string, headings: readonly Heading[]): string {
	const wanted = folded(name);
	const found = headings.find(({ name: texts }) =>
		Object.entries(texts).some(([tag, words]) => tag !== 'original' && folded(words) === wanted)
	);
	return found?.id ?? '';
}

/** What the form of a mapping says about the headings of a file; null when it does not fit. */
export function headingsFrom(
	data: FormData,
	file: ImportedFile,
	known: { formats: readonly Heading[]; tracks: readonly Heading[]; languages: readonly string[] }
): ProposalMapping | null {
	const chosen = (kind: 'format' | 'track', names: readonly { name: string }[], headings: readonly Heading[]) =>
		Object.fromEntries(
			names.map(({ name }, at) => {
				const id = data.get(`${kind}.${at}`);
				return [name, headings.some((heading) => heading.id === id) ? String(id) : ''];
			})
		);
	const language = data.get('language');
	if (typeof language !== 'string' || !known.languages.includes(language)) return null;
	return {
		formats: chosen('format', file.products, known.formats),
		tracks: chosen('track', file.tracks ?? [], known.tracks),
		language
	};
}
