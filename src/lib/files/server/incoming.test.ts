import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { receiveForm } from './incoming.ts';
import { incomingFolder } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'incoming-'));
const before = process.env['FILES_DIR'];

beforeAll(() => {
	process.env['FILES_DIR'] = folder;
});
afterAll(() => {
	if (before === undefined) delete process.env['FILES_DIR'];
	else process.env['FILES_DIR'] = before;
	rmSync(folder, { recursive: true });
});

const left = () => (existsSync(incomingFolder()) ? readdirSync(incomingFolder()) : []);

function form(file: Blob | null, name = 'Talk.pdf', fields: Record<string, string> = { kind: 'slides' }): Request {
	const data = new FormData();
	for (const [key, value] of Object.entries(fields)) data.append(key, value);
	data.append('file', file ?? new Blob([]), file ? name : '');
	return new Request('http://x', { method: 'POST', body: data });
}

/** The start of a form, sent in pieces; then the sender does something else. */
function broken(ending: 'breaks' | 'ends', bytes = 300_000): Request {
	const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
	let sent = -1;
	const body = new ReadableStream<Uint8Array>({
		pull(controller) {
			sent += 1;
			if (sent === 0) controller.enqueue(new TextEncoder().encode(head));
			else if (sent * 10_000 < bytes) controller.enqueue(new Uint8Array(10_000));
			else if (ending === 'ends') controller.close();
			else controller.error(new Error('aborted'));
		}
	});
	const init = { method: 'POST', body, headers: { 'content-type': 'multipart/form-data; boundary=b' }, duplex: 'half' };
	return new Request('http://x', init as RequestInit);
}

test('a file comes to the disk with its size and sum, and its fields beside it', async () => {
	const { file, fields, isTooLarge } = await receiveForm(form(new Blob(['hello']), 'Präsentation عرض.pdf'), 1000);
	expect([fields.get('kind'), isTooLarge, file?.name, file?.size]).toEqual([
		'slides',
		false,
		'Präsentation عرض.pdf',
		5
	]);
	expect(file?.sha256).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
	expect(readFileSync(file?.path ?? '', 'utf8')).toBe('hello');
	await file?.drop();
	expect(left()).toEqual([]);
});

test('no file chosen is no file, and an empty one is a file of nothing', async () => {
	expect((await receiveForm(form(null), 1000)).file).toBeNull();
	const { file } = await receiveForm(form(new Blob([]), 'Empty.pdf'), 1000);
	expect([file?.name, file?.size]).toEqual(['Empty.pdf', 0]);
	await file?.drop();
});

test('what is over the limit is read to its end and not kept', async () => {
	const { file, isTooLarge, fields } = await receiveForm(form(new Blob([new Uint8Array(3_000_000)])), 100_000);
	expect([file, isTooLarge, fields.get('kind')]).toEqual([null, true, 'slides']);
	expect(left()).toEqual([]);
	const whole = await receiveForm(form(new Blob([new Uint8Array(100_000)])), 100_000);
	expect([whole.isTooLarge, whole.file?.size]).toEqual([false, 100_000]);
	await whole.file?.drop();
});

test.each(['breaks', 'ends'] as const)('an upload that %s in its midst leaves nothing', async (ending) => {
	await expect(receiveForm(broken(ending), 1_000_000)).rejects.toThrow();
	expect(left()).toEqual([]);
});

test('a second file, a hundred fields and a form of another kind bring nothing more', async () => {
	const data = new FormData();
	for (let n = 0; n < 100; n += 1) data.append(`field${n}`, 'x'.repeat(10_000));
	data.append('file', new Blob(['one']), 'one.pdf');
	data.append('file', new Blob(['two']), 'two.pdf');
	const { file, fields } = await receiveForm(new Request('http://x', { method: 'POST', body: data }), 1000);
	expect([file, [...fields.keys()].length]).toEqual([null, 20]);
	const plain = new Request('http://x', { method: 'POST', body: new URLSearchParams({ file: 'x' }) });
	expect((await receiveForm(plain, 1000)).file).toBeNull();
	expect(left()).toEqual([]);
});
