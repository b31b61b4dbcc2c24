/* Parts of the stage page that only some readers need: loaded on demand. A viewer loads none of them. */

/** The loader of each. */
export const loaders = {
	screen: () => import('./components/Screen.svelte'),
	switches: () => import('./components/Switches.svelte'),
	empty: () => import('./components/EmptyRoom.svelte'),
	poll: () => import('#lib/participation/components/PollOnScreen.svelte'),
	place: () => import('./components/OwnPlace.svelte'),
	desk: () => import('./components/Desk.svelte'),
	presenting: () => import('./components/DeskSlides.svelte'),
	recording: () => import('#lib/recording/components/RecordingDesk.svelte'),
	booths: () => import('#lib/interpretation/components/BoothLinks.svelte'),
	captions: () => import('#lib/captions/components/CaptionPanel.svelte'),
	questions: () => import('#lib/participation/components/QuestionsPanel.svelte'),
	hands: () => import('#lib/participation/components/HandsPanel.svelte'),
	chat: () => import('#lib/participation/components/ChatPanel.svelte'),
	polls: () => import('#lib/participation/components/PollsPanel.svelte')
};

export type LazyPanelName = keyof typeof loaders;

/** The components, by name. */
export type LazyPanels = { [Each in LazyPanelName]: Awaited<ReturnType<(typeof loaders)[Each]>>['default'] };

/** What the reader may do, as far as it decides what they need. */
interface Needs {
	/** The panel that the address names. */
	panel: string | null;
	/** Something is on in the room. */
	hasRun: boolean;
	/** The reader has a part in the session, or runs it. */
	hasPlace: boolean;
	mayRun: boolean;
	mayPresent: boolean;
}

/** The parts that the page shows at this moment, before anybody joins. */
export function neededPanels({ panel, hasRun, hasPlace, mayRun, mayPresent }: Needs): LazyPanelName[] {
	if (!hasRun) return ['empty'];
	switch (panel) {
		case 'questions':
		case 'hands':
			return ['questions', 'hands'];
		case 'chat':
		case 'polls':
			return [panel];
		default:
			return [
				...(panel === 'languages' ? (['booths', 'captions'] as const) : []),
				...(hasPlace ? (['place'] as const) : []),
				...(mayRun ? (['desk', 'recording'] as const) : []),
				...(mayPresent ? (['presenting'] as const) : [])
			];
	}
}
