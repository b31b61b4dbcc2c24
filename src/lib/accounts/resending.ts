/** One field of a form that was sent without a session. */
interface SentField {
	name: string;
	value: string;
}

/** What a form brought: its texts in their order, and the names of files, which cannot be kept. */
export interface Sent {
	fields: SentField[];
	files: string[];
}

/** Takes a form apart, so that it can be shown and sent again. */
export function sentFrom(data: FormData): Sent {
	const sent: Sent = { fields: [], files: [] };
	for (const [name, value] of data) {
		if (typeof value === 'string') sent.fields.push({ name, value });
		else if (value.name !== '') sent.files.push(value.name);
	}
	return sent;
}

/** Of the fields those that somebody wrote: ids, choices and the like mean nothing to a reader. */
export function written({ fields }: Sent): string[] {
	return fields.map(({ value }) => value.trim()).filter((value) => /\s/u.test(value));
}
