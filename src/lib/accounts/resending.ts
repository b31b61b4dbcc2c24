/** One field of a form that was sent without a session. */
interface SentField {
	name: string;
	value: string;
}

/** The content of a form: its texts in their order, and the names of files, which cannot be stored. */
export interface Sent {
	fields: SentField[];
	files: string[];
}

/** Reads a form, so that it can be shown and sent again. */
export function sentFrom(data: FormData): Sent {
	const sent: Sent = { fields: [], files: [] };
	for (const [name, value] of data) {
		if (typeof value === 'string') sent.fields.push({ name, value });
		else if (value.name !== '') sent.files.push(value.name);
	}
	return sent;
}

/** The fields that a person wrote: ids, choices and the like mean nothing to a reader. */
export function written({ fields }: Sent): string[] {
	return fields.map(({ value }) => value.trim()).filter((value) => /\s/u.test(value));
}
