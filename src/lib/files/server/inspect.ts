import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import yauzl from 'yauzl';
import { fileTypes, type FileFault, type FilePurpose, type FileType } from '#lib/files/kinds.ts';

/** The type of a file, or why it is refused. */
type Inspected = { ok: true; type: FileType } | { ok: false; fault: FileFault };

const programs = new Set([
	'exe',
	'elf',
	'macho',
	'msi',
	'jar',
	'apk',
	'dmg',
	'deb',
	'rpm',
	'wasm',
	'class',
	'lnk',
	'bat',
	'sh',
	'cab',
	'swf'
]);
const mostEntries = 10_000;
const mostUnpacked = 1_000_000_000;

/** Detects the type from the content of a file: its name and the sender's type are ignored. */
export async function inspectFile(path: string, size: number, kind: FilePurpose): Promise<Inspected> {
	if (size === 0) return { ok: false, fault: 'empty' };
	const found = await fileTypeFromFile(path).catch(() => undefined);
	const type = found ? typeOf(found.mime) : await textOf(path);
	if (!type)
		return {
			ok: false,
			fault: found && programs.has(found.ext) ? 'program' : /macroenabled/i.test(found?.mime ?? '') ? 'macros' : 'type'
		};
	if (!type.kinds.includes(kind)) return { ok: false, fault: 'kind' };
	const fault =
		type.extension === 'pdf' ? await faultOfPdf(path, size) : isPacked(type) ? await faultOfPackage(path) : null;
	return fault ? { ok: false, fault } : { ok: true, type };
}

const typeOf = (mediaType: string) => fileTypes.find((type) => type.mediaType === mediaType);
const isPacked = ({ mediaType }: FileType) => /officedocument|oasis/.test(mediaType);

// Text has no signature: it is valid UTF-8 without control characters, and not HTML.
async function textOf(path: string): Promise<FileType | undefined> {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	const file = await open(path);
	let start = '';
	try {
		for await (const chunk of file.createReadStream({ autoClose: false })) {
			const text = decoder.decode(chunk as Buffer, { stream: true });
			if (/(?![\t\n\f\r])\p{Cc}/u.test(text)) return undefined;
			if (start.length < 1000) start += text.slice(0, 1000);
		}
		decoder.decode();
	} catch {
		return undefined;
	} finally {
		await file.close();
	}
	if (/^\s*(?:<[!?a-z/]|%!|#!|\{\\rtf|MIME-Version:)/i.test(start)) return undefined;
	// The same number of separators in the first two lines makes it a table.
	const [head = '', next = ''] = start.split(/\r\n|\r|\n/);
	const isTable = [',', ';', '\t'].some(
		(sign) => head.includes(sign) && head.split(sign).length === next.split(sign).length
	);
	return typeOf(isTable ? 'text/csv' : 'text/plain');
}

async function part(path: string, start: number, length: number): Promise<string> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
		return buffer.toString('latin1', 0, bytesRead);
	} finally {
		await file.close();
	}
}

// It begins and ends as a PDF, so it is neither cut short nor an HTML page that contains one.
async function faultOfPdf(path: string, size: number): Promise<FileFault | null> {
	const head = await part(path, 0, 1024);
	const tail = await part(path, Math.max(0, size - 4096), 4096);
	return /^%PDF-[12]\.\d/.test(head) && tail.includes('%%EOF') && !/<(?:html|script|!doctype)/i.test(head)
		? null
		: 'broken';
}

// Only its list of parts is read: nothing is unpacked here, and a file that would unpack to an unreasonable size is
// refused.
async function faultOfPackage(path: string): Promise<FileFault | null> {
	try {
		const zip = await yauzl.openPromise(path, { autoClose: true });
		let unpacked = 0;
		let entries = 0;
		for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
			if (/(?:^|\/)(?:vbaProject\.bin|Basic\/.*\.xml)$/i.test(fileName)) return 'macros';
			unpacked += uncompressedSize;
			entries += 1;
			if (unpacked > mostUnpacked || entries > mostEntries) return 'broken';
		}
		return entries > 0 ? null : 'broken';
	} catch {
		return 'broken';
	}
}
