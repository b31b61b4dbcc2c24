/* The blocks of a draft and what is done with them. No I/O. */
import type { PageBlock, PageDraft } from '#lib/database/answers/pages.ts';
import { m } from '#lib/i18n/messages.ts';

export type { PageBlock } from '#lib/database/answers/pages.ts';

/** What of a page its writers write. */
export type DraftContent = Pick<PageDraft, 'title' | 'summary' | 'blocks'> & { removed?: PageDraft['removed'] };

export type BlockKind = PageBlock['kind'];

/** What each kind is called, in the order in which they are offered. */
export const blockKinds: Record<BlockKind, () => string> = {
	text: m.pages_block_text,
	picture: m.pages_block_picture,
	list: m.pages_block_list,
	people: m.pages_block_people,
	sessions: m.pages_block_sessions,
	map: m.pages_block_map,
	files: m.pages_block_files,
	partners: m.pages_block_partners,
	action: m.pages_block_action
};

/** Whether a value names a kind. */
export const isBlockKind = (value: string): value is BlockKind => Object.hasOwn(blockKinds, value);

/** A new id, unique on the page. */
function newId(blocks: readonly PageBlock[]): string {
	for (let number = blocks.length + 1; ; number++) {
		const id = `block${number}`;
		if (!blocks.some((block) => block.id === id)) return id;
	}
}

/** An empty block. */
export function emptyBlock(kind: BlockKind, id: string): PageBlock {
	switch (kind) {
		case 'text':
			return { id, kind, text: {} };
		case 'picture':
			return { id, kind, file: null, alt: {}, caption: {} };
		case 'list':
			return { id, kind, title: {}, rows: [] };
		case 'people':
			return { id, kind, title: {}, people: [] };
		case 'sessions':
			return { id, kind, title: {}, sessions: [], track: null };
		case 'map':
			return { id, kind, file: null, alt: {}, address: {}, latitude: null, longitude: null };
		case 'files':
			return { id, kind, title: {}, files: [] };
		case 'partners':
			return { id, kind, title: {}, rows: [] };
		case 'action':
			return { id, kind, label: {}, to: '' };
	}
}

/** A draft after an act, and the block at which its writer continues. */
interface Done {
	draft: DraftContent;
	at: string | null;
}

/** The draft with a new block after another one, or at the end. */
export function addBlock(draft: DraftContent, kind: BlockKind, after: string | null = null): Done {
	const block = emptyBlock(kind, newId([...draft.blocks, ...(draft.removed ? [draft.removed.block] : [])]));
	const index = draft.blocks.findIndex(({ id }) => id === after);
	const at = index < 0 ? draft.blocks.length : index + 1;
	return { draft: { ...draft, blocks: draft.blocks.toSpliced(at, 0, block) }, at: block.id };
}

/** The draft with a block one place up (-1) or down (1). */
export function moveBlock(draft: DraftContent, id: string, by: -1 | 1): Done {
	return { draft: { ...draft, blocks: moved(draft.blocks, (block) => block.id === id, by) }, at: id };
}

function moved<Item>(list: readonly Item[], isIt: (item: Item, index: number) => boolean, by: -1 | 1): Item[] {
	const from = list.findIndex(isIt);
	const item = list[from];
	if (item === undefined || from + by < 0 || from + by >= list.length) return [...list];
	return list.toSpliced(from, 1).toSpliced(from + by, 0, item);
}

/** The draft with a row of a block one place up or down. */
export function moveBlockRow(draft: DraftContent, id: string, row: number, by: -1 | 1): Done {
	const isRow = (_: unknown, index: number) => index === row;
	const blocks = draft.blocks.map((block): PageBlock => {
		if (block.id !== id) return block;
		switch (block.kind) {
			case 'list':
				return { ...block, rows: moved(block.rows, isRow, by) };
			case 'partners':
				return { ...block, rows: moved(block.rows, isRow, by) };
			case 'people':
				return { ...block, people: moved(block.people, isRow, by) };
			case 'sessions':
				return { ...block, sessions: moved(block.sessions, isRow, by) };
			case 'files':
				return { ...block, files: moved(block.files, isRow, by) };
			default:
				return block;
		}
	});
	return { draft: { ...draft, blocks }, at: id };
}

/** The draft without a block, which is kept so that the removal can be undone. */
export function removeBlock(draft: DraftContent, id: string): Done {
	const at = draft.blocks.findIndex((block) => block.id === id);
	const block = draft.blocks[at];
	if (!block) return { draft, at: null };
	return {
		draft: { ...draft, blocks: draft.blocks.toSpliced(at, 1), removed: { at, block } },
		at: draft.blocks[at + 1]?.id ?? draft.blocks[at - 1]?.id ?? null
	};
}

/** The draft with the block that was removed last, where it was. */
export function undoRemoval(draft: DraftContent, removed: PageDraft['removed']): Done {
	if (!removed || draft.blocks.some(({ id }) => id === removed.block.id)) return { draft, at: null };
	return {
		draft: { ...draft, blocks: draft.blocks.toSpliced(removed.at, 0, removed.block), removed: null },
		at: removed.block.id
	};
}

/** What an act on a draft is called in the form: "up:block1", "add:text", "row-up:block1:2". */
export function actOn(draft: DraftContent, act: string, removed: PageDraft['removed']): Done | null {
	const [name = '', target = '', row = ''] = act.split(':');
	switch (name) {
		case 'add':
			return isBlockKind(target) ? addBlock(draft, target, row || null) : null;
		case 'up':
			return moveBlock(draft, target, -1);
		case 'down':
			return moveBlock(draft, target, 1);
		case 'row-up':
			return moveBlockRow(draft, target, Number(row), -1);
		case 'row-down':
			return moveBlockRow(draft, target, Number(row), 1);
		case 'remove':
			return removeBlock(draft, target);
		case 'undo':
			return undoRemoval(draft, removed);
		default:
			return null;
	}
}

/** The draft with an uploaded file in a block, or in a row of it; null where there is no such place. */
export function withFile(draft: DraftContent, id: string, row: number, file: string): DraftContent | null {
	const block = draft.blocks.find((one) => one.id === id);
	const filled = block ? blockWithFile(block, row, file) : null;
	if (!filled) return null;
	const { title, summary, blocks } = draft;
	return { title, summary, blocks: blocks.map((one) => (one.id === id ? filled : one)) };
}

function blockWithFile(block: PageBlock, row: number, file: string): PageBlock | null {
	if (block.kind === 'picture' || block.kind === 'map') return { ...block, file };
	if (!Number.isInteger(row) || row < 0) return null;
	if (block.kind === 'files')
		return {
			...block,
			files:
				row < block.files.length
					? block.files.map((one, index) => (index === row ? { ...one, file } : one))
					: [...block.files, { file, label: {} }]
		};
	if (block.kind !== 'partners' || row >= block.rows.length) return null;
	return { ...block, rows: block.rows.map((one, index) => (index === row ? { ...one, file } : one)) };
}
