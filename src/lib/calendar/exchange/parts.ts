/** The three texts that the format has where we have one. */
export interface ExchangeTexts {
	subtitle: string;
	abstract: string;
	description: string;
}

const between = '\n\n';

/** Our one text of them, and how long each was; null when there is nothing to part again. */
export function joinTexts({ subtitle, abstract, description }: ExchangeTexts): {
	text: string;
	parts: number[] | null;
} {
	const all = [subtitle, abstract, description];
	const text = all.filter(Boolean).join(between);
	return { text, parts: text === abstract ? null : all.map((part) => part.length) };
}

/** The three texts again, as long as nobody has changed them since. */
export function splitTexts(text: string, parts: readonly number[] | null | undefined): ExchangeTexts {
	const whole = { subtitle: '', abstract: text, description: '' };
	if (!parts || parts.length !== 3) return whole;
	const lengths = parts.filter((length) => length > 0);
	const total = lengths.reduce((sum, length) => sum + length, 0) + between.length * Math.max(0, lengths.length - 1);
	if (total !== text.length) return whole;
	let at = 0;
	const [subtitle = '', abstract = '', description = ''] = parts.map((length) => {
		const part = text.slice(at, at + length);
		if (length > 0) at += length + between.length;
		return part;
	});
	return joinTexts({ subtitle, abstract, description }).text === text ? { subtitle, abstract, description } : whole;
}

/** Parts a content note from the description in which the format carries it. */
export function splitNote(written: string, prefixes: readonly string[]): { note: string; description: string } {
	const prefix = prefixes.find((one) => written.startsWith(one));
	if (prefix === undefined) return { note: '', description: written };
	const [note = '', ...rest] = written.slice(prefix.length).split(between);
	return { note, description: rest.join(between) };
}
