import type { ListView } from '#lib/organising/list-views.ts';
import type { UndoableAct } from '#lib/organising/undo.ts';
import type { WaitingList } from '#lib/organising/waiting.ts';
import type { Refusal } from '#lib/accounts/refusal.ts';
import type { Viewer } from '#lib/accounts/viewer.ts';
import type { Announcement } from '#lib/announcements/announcement.ts';
import type { PageLink } from '#lib/pages/page.ts';
import type { ListDisplay } from '#lib/ui/list-display.ts';
import type { Theme } from '#lib/ui/theme.ts';
import type { OwnSummit, SlimSummit, Summit } from '#lib/summits/summit.ts';
import type { IncomingMessage } from 'node:http';
import type { DataClient } from '#lib/database/client.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			/** What to tell us when asking for help; the log has the same. */
			reference?: string;
		}
		interface Locals {
			/** Acts as the reader: rows that they may not see do not exist for it. */
			supabase: DataClient;
			/** The reader's access token, for `forgetViewer`. */
			token: string | null;
			viewer: Viewer | null;
			/** The Summit of the address. On a page beside the Summits reading it throws a 404: those read `shownSummit`. */
			readonly summit: Summit;
			/** The Summit of the address, else the current one: whose navigation the page shows. Null before there is any. */
			shownSummit: Summit | null;
			/** What is announced to the reader and not put away, where it was asked already. */
			announcements?: Promise<Announcement[]>;
			/** How much is new in the reader's own agenda, where it was counted already. */
			unseenChanges?: number;
			/** When the request began, by `performance.now()`. */
			began: number;
			/** The database did not answer, and nothing else is wrong: who asked is told to try again. */
			isUnavailable?: boolean;
			/** Why the request is refused, for the log. */
			refusal?: Refusal;
			/** Sites that may show the page within their own; none without. */
			framedBy?: readonly string[];
		}
		/** What adapter-node hands on; there is none while the development server runs. */
		interface Platform {
			req: IncomingMessage;
		}
		interface PageData {
			viewer: Viewer | null;
			summit: (SlimSummit & { hasPages?: boolean }) | null;
			/** Pages of the organisers that the footer links. */
			footerPages: Pick<PageLink, 'slug' | 'kind' | 'title'>[];
			theme: Theme;
			now: number;
			/** What waits for organisers, on their pages. */
			waiting?: WaitingList;
			/** The reader's saved views of lists, there. */
			views?: ListView[];
			/** What the reader can undo, there. */
			undoable?: UndoableAct[];
			/** How tables are shown on this device, there. */
			display?: ListDisplay;
			/** The Summits that the reader organises, there. */
			ownSummits?: OwnSummit[];
			/** Whether the reader may make another one. */
			mayMake?: boolean;
			/** The address that was refused, on the page that says so. */
			shownAt?: string | undefined;
		}
	}
}

export {};
