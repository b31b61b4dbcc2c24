/** A text in the form used for searching: without accents and in lower case, "Río" → "rio". */
export function folded(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
