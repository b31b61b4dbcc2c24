import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FileKind } from '#lib/files/kinds.ts';
import { officeFile, pdf, windowsProgram, zip } from '../../../../tests/fixtures/documents.ts';
import { inspectFile } from './inspect.ts';

const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function inspect(content: Buffer | string, kind: FileKind = 'handout'): Promise<string> {
	const path = join(folder, 'file');
	writeFileSync(path, content);
	const found = await inspectFile(path, Buffer.byteLength(content), kind);
	return found.ok ? found.type.extension : found.fault;
}

const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);

test.each<[string, Buffer | string, string]>([
	['a PDF', pdf(), 'pdf'],
	['slides of PowerPoint', officeFile('pptx'), 'pptx'],
	['slides of OpenDocument', officeFile('odp'), 'odp'],
	['a text of Word', officeFile('docx'), 'docx'],
	['a picture', png, 'png'],
	['a text', 'Notes\nfrom the session, in Montevideo.\n', 'txt'],
	['a text in Arabic', 'ملاحظات الجلسة', 'txt'],
	['a table', 'country;members\nUruguay;4\n', 'csv'],
	['a table with tabs', 'country\tmembers\r\nUruguay\t4\r\n', 'csv']
])('%s is taken for what it is', async (_what, content, extension) => {
	expect(await inspect(content)).toBe(extension);
});

test.each<[string, Buffer | string, string]>([
	['nothing', '', 'empty'],
	['a program', windowsProgram, 'program'],
	['a page for a browser', '<!doctype html><script>alert(1)</script>', 'type'],
	['a page after a line of text', '\n\n  <html><body>x</body></html>', 'type'],
	['a drawing with script', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'type'],
	['a PDF with a page at its head', Buffer.from(`%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF`), 'broken'],
	['a page that calls itself a PDF further down', `<html>${pdf().toString('latin1')}`, 'type'],
	['a PDF that was cut short', pdf().subarray(0, 120), 'broken'],
	['slides with macros', officeFile('pptx', { 'ppt/vbaProject.bin': 'x' }), 'macros'],
	['slides of OpenDocument with macros', officeFile('odp', { 'Basic/Standard/Module1.xml': '<m/>' }), 'macros'],
	[
		'slides that unpack to gigabytes',
		officeFile('pptx', { 'ppt/media/a.bin': 'x' }, { 'ppt/media/a.bin': 4_000_000_000 }),
		'broken'
	],
	['slides without their list of parts', officeFile('pptx').subarray(0, 300), 'broken'],
	['any other archive', zip({ 'a.txt': 'x' }), 'type'],
	['text in no encoding', Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'type'],
	['text with a control in it', 'a\u0000b', 'type'],
	['a script for a shell', '#!/bin/sh\nrm -rf /\n', 'type']
])('%s is not taken', async (_what, content, fault) => {
	expect(await inspect(content)).toBe(fault);
});

test('a handout does not count as slides, regardless of its name', async () => {
	for (const content of [officeFile('docx'), png, 'text']) expect(await inspect(content, 'slides')).toBe('kind');
	for (const content of [pdf(), officeFile('pptx'), officeFile('odp')])
		expect(await inspect(content, 'slides')).toMatch(/pdf|pptx|odp/);
});
