declare module 'js-yaml' {
	/** Parses one document. */
	export function load(text: string): unknown;
}
