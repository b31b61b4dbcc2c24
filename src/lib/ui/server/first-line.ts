/** Fills in the attributes of a page. They are on its first line; the rest of a long page is not searched for them. */
export function withAttributes(html: string, values: Record<'lang' | 'dir' | 'attributes', string>): string {
	const end = html.indexOf('>', html.indexOf('<html'));
	const start = html.slice(0, end).replace(/%(lang|dir|attributes)%/g, (_, name: keyof typeof values) => values[name]);
	return start + html.slice(end);
}

// The script of a language, beside Latin. Chinese is set in a font of the reader's device.
const scriptFonts: Partial<Record<string, string>> = {
	ar: 'noto-naskh-arabic-arabic',
	ru: 'source-sans-3-cyrillic-wght'
};

/** Whether a page asks for a font at once. The serif font may load later; Latin readers never fetch Naskh. */
export function shouldPreload(path: string, locale: string): boolean {
	const script = scriptFonts[locale];
	return path.includes('source-sans-3-latin-wght') || (script !== undefined && path.includes(script));
}
