/** The three texts of the format where we have one. */
interface ExchangeTexts {
	subtitle: string;
	abstract: string;
	description: string;
}

const between = '\n\n';

/** Joins them into our one text, with the length of each; null when there is nothing to split again. */
export function joinTexts({ subtitle, abstract, description }: ExchangeTexts): {
	text: string;
	parts: number[] | null;
} {
	const all = [subtitle, abstract, description];
	const text = all.filter(Boolean).join(between);
	return { text, parts: text === abstract ? null : all.map((part) => part.length) };
}

/** Splits the text into three again, unless it was changed since. */
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

/** Splits a content note from the description in which the format carries it. */
export function splitNote(written: string, prefixes: readonly string[]): { note: string; description: string } {
	const prefix = prefixes.find((one) => written.startsWith(one));
	if (prefix === undefined) return { note: '', description: written };
	const [note = '', ...rest] = written.slice(prefix.length).split(between);
	return { note, description: rest.join(between) };
}
