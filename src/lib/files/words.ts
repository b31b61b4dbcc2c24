import { outcomeWords } from '#lib/forms/outcome.ts';
import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { languageName } from '#lib/i18n/names.ts';
import { m } from '#lib/i18n/messages.ts';
import { bytes } from '#lib/i18n/time.ts';
import {
	fileTypes,
	typeWord,
	type FileFault,
	type FileKind,
	type FilePurpose,
	type FileVersion,
	type FullStore
} from './kinds.ts';

/** "PDF, PowerPoint, OpenDocument" */
export function typesWords(kind: FilePurpose): string {
	return joinList([...new Set(fileTypes.filter(({ kinds }) => kinds.includes(kind)).map(({ word }) => word))]);
}

/** "Slides" */
export function fileKindWord(kind: FileKind): string {
	return kind === 'slides' ? m.files_slides() : m.files_handout();
}

/** The error of a file, and what helps. `most` in bytes. */
export function fileFaultWords(fault: FileFault, kind: FilePurpose, most: number): string {
	const types = typesWords(fault === 'kind' ? 'slides' : kind);
	return {
		missing: () => m.files_fault_missing(),
		empty: () => m.files_fault_empty(),
		too_large: () => m.files_fault_too_large({ size: bytes(most) }),
		program: () => m.files_fault_program(),
		macros: () => m.files_fault_macros(),
		active: () => m.files_fault_active(),
		type: () => m.files_fault_type({ types }),
		broken: () => m.files_fault_broken(),
		kind: () => m.files_fault_kind({ types }),
		infected: () => m.files_fault_infected(),
		unchecked: () => m.files_fault_unchecked()
	}[fault]();
}

/** Why nothing more can be uploaded, and what helps. `most` in bytes. */
export function fullStoreWords(store: FullStore, most: number): string {
	return {
		session_full: () => m.files_session_full({ size: bytes(most) }),
		person_full: () => m.files_person_full({ size: bytes(most) }),
		summit_full: () => m.files_summit_full({ size: bytes(most) })
	}[store]();
}

/** "PDF, 2.4 MB, French" */
export function fileFacts(file: { media_type: string; size: number; language: string | null }): string {
	return joinFacts([typeWord(file.media_type), bytes(file.size), file.language && languageName(file.language)]);
}

/** Why a version is not shown; '' when it is. */
export function fileStateWords(state: FileVersion['state'], forOrganisers: boolean): string {
	return {
		clean: () => '',
		unscanned: () => (forOrganisers ? m.files_state_unscanned() : ''),
		waiting: () => m.files_state_waiting(),
		failed: () => m.files_state_failed(),
		refused: () => m.files_state_refused(),
		lost: () => m.files_state_lost()
	}[state]();
}

/** What was done, by the status in the page's address; null for anything else. */
export function doneWords(done: string | null): string | null {
	const words: Record<string, () => string> = {
		uploaded: m.files_done_uploaded,
		late: m.files_done_late,
		withdraw: m.files_done_withdraw,
		restore: m.files_done_restore,
		publish: m.files_done_publish,
		remove: m.files_done_remove,
		again: m.files_done_again,
		refused: m.files_done_refused,
		held: m.files_done_held
	};
	return outcomeWords(words, done);
}

type PictureFault =
	'missing' | 'empty' | 'too_large' | `picture_${'type' | 'phone' | 'moves' | 'huge' | 'small' | 'broken'}`;

/** The error of a portrait. `most` in bytes. */
export function pictureFaultWords(fault: PictureFault, most: number): string {
	return {
		missing: () => m.files_fault_missing(),
		empty: () => m.files_fault_empty(),
		too_large: () => m.files_fault_too_large({ size: bytes(most) }),
		picture_type: () => m.files_photo_fault_type(),
		picture_phone: () => m.files_photo_fault_phone(),
		picture_moves: () => m.files_photo_fault_moves(),
		picture_huge: () => m.files_photo_fault_huge(),
		picture_small: () => m.files_photo_fault_small(),
		picture_broken: () => m.files_photo_fault_broken()
	}[fault]();
}
