/** The purpose of a file. */
export type FileKind = 'slides' | 'handout';
export type Publication = 'stage' | 'session';
type ScanState = 'waiting' | 'clean' | 'unscanned' | 'refused' | 'failed' | 'lost';

/** One upload of a file. */
export interface FileVersion {
	id: string;
	number: number;
	name: string;
	media_type: string;
	/** In bytes. */
	size: number;
	language: string | null;
	uploaded_at: string;
	by: string | null;
	is_late: boolean;
	is_withdrawn: boolean;
	is_shown: boolean;
	state: ScanState;
	/** How often the scanner did not answer. */
	tries: number;
	/** The scanner's answer, for organisers. */
	note: string;
}

export interface SessionFile {
	id: string;
	kind: FileKind;
	publication: Publication;
	/** Published, at a level that is still in force. */
	is_open: boolean;
	/** Newest first. */
	versions: FileVersion[];
}

/** The files of a session as its people and organisers see them. */
export interface SessionFiles {
	standing: 'organiser' | 'person' | 'reader';
	due_at: string | null;
	slides_mb: number;
	handouts_mb: number;
	level: string;
	is_cancelled: boolean;
	files: SessionFile[];
}

/** A file as it is published with a session. */
export interface SessionDocument {
	id: string;
	name: string;
	kind: FileKind;
	media_type: string;
	size: number;
	language: string | null;
}

/** An accepted file type, detected by its content. */
export interface FileType {
	mediaType: string;
	extension: string;
	/** Its common name. */
	word: string;
	kinds: readonly FileKind[];
}

const both: readonly FileKind[] = ['slides', 'handout'];
const ofHandouts: readonly FileKind[] = ['handout'];
const office = 'application/vnd.openxmlformats-officedocument';
const open = 'application/vnd.oasis.opendocument';

/** Every accepted type; Keynote is excluded, since nothing here can check it: the stage needs a PDF of it. */
export const fileTypes: readonly FileType[] = [
	{ mediaType: 'application/pdf', extension: 'pdf', word: 'PDF', kinds: both },
	{ mediaType: `${office}.presentationml.presentation`, extension: 'pptx', word: 'PowerPoint', kinds: both },
	{ mediaType: `${open}.presentation`, extension: 'odp', word: 'OpenDocument', kinds: both },
	{ mediaType: `${office}.wordprocessingml.document`, extension: 'docx', word: 'Word', kinds: ofHandouts },
	{ mediaType: `${open}.text`, extension: 'odt', word: 'OpenDocument', kinds: ofHandouts },
	{ mediaType: 'image/png', extension: 'png', word: 'PNG', kinds: ofHandouts },
	{ mediaType: 'image/jpeg', extension: 'jpg', word: 'JPEG', kinds: ofHandouts },
	{ mediaType: 'text/plain', extension: 'txt', word: 'TXT', kinds: ofHandouts },
	{ mediaType: 'text/csv', extension: 'csv', word: 'CSV', kinds: ofHandouts }
];

/** The extensions of a kind, for the file field: ".pdf,.pptx". */
export function acceptOf(kind: FileKind): string {
	return fileTypes
		.filter(({ kinds }) => kinds.includes(kind))
		.map(({ extension }) => `.${extension}`)
		.join(',');
}

/** The name of a type: "PDF". */
export function typeWord(mediaType: string): string {
	return fileTypes.find((type) => type.mediaType === mediaType)?.word ?? '';
}

/** The error of a file, before rights are checked. */
export type FileFault =
	'missing' | 'empty' | 'too_large' | 'program' | 'macros' | 'active' | 'type' | 'broken' | 'kind';
