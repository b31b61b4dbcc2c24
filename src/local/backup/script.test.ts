import { expect, test } from 'vitest';
import { lastLine } from './dump.ts';
import { readSections } from './script.ts';

const text = `-- A comment.
SET x = 1;

COPY public.a (id, "Note, two") FROM stdin;
1\tone
2\t\\\\.
\\.

COPY public.b (id) FROM stdin;
\\.

SELECT pg_catalog.setval('public.a_id_seq', 7, true);

${lastLine}
`;

async function read(parts: Iterable<Uint8Array>) {
	const found: unknown[] = [];
	async function* source() {
		yield* parts;
	}
	for await (const section of readSections(source())) {
		if (section.kind === 'sequence') found.push([section.name, section.value, section.called]);
		else {
			let rows = '';
			for await (const part of section.rows) rows += part.toString();
			found.push([section.name, rows]);
		}
	}
	return found;
}

const bytes = Buffer.from(text);
const sections = [
	['public.a', '1\tone\n2\t\\\\.\n'],
	['public.b', ''],
	['public.a_id_seq', '7', true]
];

test('reads the same in pieces of any size', async () => {
	for (let size = 1; size < 60; size += 1) {
		const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
			bytes.subarray(at * size, (at + 1) * size)
		);
		expect(await read(pieces)).toEqual(sections);
	}
});

test('a text that was cut anywhere is refused', async () => {
	for (let length = 0; length < bytes.length - 1; length += 1)
		await expect(read([bytes.subarray(0, length)])).rejects.toThrow('ends in the middle');
});

test('nothing else is read as a statement', async () => {
	await expect(read([Buffer.from('DROP TABLE public.people;\n')])).rejects.toThrow('a line that no backup has');
});
