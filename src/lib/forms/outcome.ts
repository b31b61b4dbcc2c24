/** The sentence for the outcome that an address names, as `?done=saved`; null where it names none of them. */
export function outcomeWords(words: Readonly<Record<string, () => string>>, outcome: string | null): string | null {
	return outcome !== null && Object.hasOwn(words, outcome) ? (words[outcome]?.() ?? null) : null;
}
