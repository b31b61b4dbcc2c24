import { getContext, setContext } from 'svelte';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { FormState } from '#lib/forms/state.ts';
import type { PageFileChoice, PagePersonChoice } from './page.ts';

/** What the fields of the editor share. */
export interface EditorContext {
	slug: string;
	/** The language in which the page is written first. */
	original: string;
	/** The language that is shown beside the original; null: none. */
	beside: string | null;
	/** The languages of the Summit, the original first. */
	languages: readonly string[];
	/** The errors of the fields. */
	state: FormState;
	files: readonly PageFileChoice[];
	people: readonly PagePersonChoice[];
	sessions: readonly { id: string; title: TextMap }[];
	tracks: readonly { id: string; name: TextMap }[];
}

const key = Symbol('page editor');

/** Shares the context of an editor with its fields. */
export const provideEditor = (read: () => EditorContext): unknown => setContext(key, read);

/** The context of the editor; call it where the values are used, so that they stay current. */
export const editorContext = (): (() => EditorContext) => getContext<() => EditorContext>(key);
