// XML 1.0 forbids most control characters and lone surrogates, escaped or not.
const unwritable = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

/** A text as the content of an element or an attribute; what XML cannot hold is left out. */
export function escapeXml(text: string): string {
	return text
		.replace(unwritable, '')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}
