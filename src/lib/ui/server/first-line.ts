/** Fills in the attributes of a page. They are on its first line; the rest of a long page is not searched for them. */
export function withAttributes(html: string, values: Record<'lang' | 'dir' | 'attributes', string>): string {
	const end = html.indexOf('>', html.indexOf('<html'));
	const start = html.slice(0, end).replace(/%(lang|dir|attributes)%/g, (_, name: keyof typeof values) => values[name]);
	return start + html.slice(end);
}

/** Whether a page asks for a font at once. The serif font may load later; Latin readers never fetch Naskh. */
export function shouldPreload(path: string, locale: string): boolean {
	return path.includes('source-sans-3-latin-wght') || (locale === 'ar' && path.includes('noto-naskh-arabic-arabic'));
}
