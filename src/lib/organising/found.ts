/** A line of what was found: a link with a second line. */
export interface FoundLine {
	label: string;
	detail: string;
	/** With the language. */
	href: string;
}

/** Lines of one kind. */
export interface FoundGroup {
	label: string;
	lines: FoundLine[];
}
