import { tagField } from '#lib/summits/written.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import { outcomeWords } from '#lib/forms/outcome.ts';
import { m } from '#lib/i18n/messages.ts';
import type { PageFault, PagePlace } from './page.ts';

/** Where readers find a page. */
export const placeWords: Record<PagePlace, () => string> = {
	menu: m.pages_place_menu,
	footer: m.pages_place_footer,
	none: m.pages_place_none
};

const faults: Record<PageFault['fault'], () => string> = {
	title: m.pages_fault_title,
	empty: m.pages_fault_empty,
	file: m.pages_fault_file,
	alt: m.pages_fault_alt,
	text: m.pages_fault_text,
	address: m.pages_fault_address,
	label: m.pages_fault_label,
	link: m.pages_fault_link,
	rows: m.pages_fault_rows,
	people: m.pages_fault_people,
	sessions: m.pages_fault_sessions,
	files: m.pages_fault_files
};
const ofTexts = ['alt', 'text', 'address', 'label'];
const ofFields = ['file', 'link'];

/** What a page needs before it is published, each at its field. */
export function faultIssues(found: readonly PageFault[], original: string): FormIssue[] {
	return found.map(({ block, fault }) => ({
		path:
			block === null
				? fault === 'title'
					? tagField('title', original)
					: ''
				: ofTexts.includes(fault)
					? tagField(`${block}.${fault}`, original)
					: ofFields.includes(fault)
						? `${block}.${fault}`
						: block,
		message: faults[fault]()
	}));
}

/** What was done, by the status in the page's address; null for anything else. */
export function pageDoneWords(done: string | null): string | null {
	const words: Record<string, () => string> = {
		saved: m.pages_done_saved,
		published: m.pages_done_published,
		already: m.pages_done_already,
		unpublished: m.pages_done_unpublished,
		restored: m.pages_done_restored,
		deleted: m.pages_done_deleted,
		moved: m.pages_done_saved,
		uploaded: m.files_done_uploaded
	};
	return outcomeWords(words, done);
}
