export type { FileVersion, SessionDocument, SessionFile, SessionFiles } from '#lib/database/answers/files.ts';
/** The purpose of a file. */
export type FileKind = 'slides' | 'handout';
export type Publication = 'stage' | 'session';
/** What a file may be that answers a question. */
export type FileSort = 'document' | 'picture';
/** What decides which types a file may have. */
export type FilePurpose = FileKind | FileSort;

/** An accepted file type, detected by its content. */
export interface FileType {
	mediaType: string;
	extension: string;
	/** Its common name. */
	word: string;
	kinds: readonly FilePurpose[];
}

const both: readonly FilePurpose[] = ['slides', 'handout'];
const ofHandouts: readonly FilePurpose[] = ['handout'];
const ofPictures: readonly FilePurpose[] = ['handout', 'document', 'picture'];
const office = 'application/vnd.openxmlformats-officedocument';
const open = 'application/vnd.oasis.opendocument';

/** Every accepted type; Keynote is excluded, since nothing here can check it: the stage needs a PDF of it. */
export const fileTypes: readonly FileType[] = [
	{ mediaType: 'application/pdf', extension: 'pdf', word: 'PDF', kinds: [...both, 'document'] },
	{ mediaType: `${office}.presentationml.presentation`, extension: 'pptx', word: 'PowerPoint', kinds: both },
	{ mediaType: `${open}.presentation`, extension: 'odp', word: 'OpenDocument', kinds: both },
	{ mediaType: `${office}.wordprocessingml.document`, extension: 'docx', word: 'Word', kinds: ofHandouts },
	{ mediaType: `${open}.text`, extension: 'odt', word: 'OpenDocument', kinds: ofHandouts },
	{ mediaType: 'image/png', extension: 'png', word: 'PNG', kinds: ofPictures },
	{ mediaType: 'image/jpeg', extension: 'jpg', word: 'JPEG', kinds: ofPictures },
	{ mediaType: 'text/plain', extension: 'txt', word: 'TXT', kinds: ofHandouts },
	{ mediaType: 'text/csv', extension: 'csv', word: 'CSV', kinds: ofHandouts }
];

/** The extensions of a kind, for the file field: ".pdf,.pptx". */
export function acceptOf(kind: FilePurpose): string {
	return fileTypes
		.filter(({ kinds }) => kinds.includes(kind))
		.map(({ extension }) => `.${extension}`)
		.join(',');
}

/** The name of a type: "PDF". */
export function typeWord(mediaType: string): string {
	return fileTypes.find((type) => type.mediaType === mediaType)?.word ?? '';
}

/** The extension of a type: "pdf". */
export function fileExtension(mediaType: string): string {
	return fileTypes.find((type) => type.mediaType === mediaType)?.extension ?? 'bin';
}

/** A limit for all uploads that one more file would pass: of a session, of a person within a day, of a Summit. */
export type FullStore = 'session_full' | 'person_full' | 'summit_full';

/** The error of a file, before rights are checked. Infected and unchecked: of one that is scanned before it is kept. */
export type FileFault =
	| 'missing'
	| 'empty'
	| 'too_large'
	| 'program'
	| 'macros'
	| 'active'
	| 'type'
	| 'broken'
	| 'kind'
	| 'infected'
	| 'unchecked';
