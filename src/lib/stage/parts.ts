/* What stands beside the picture, fetched where it is looked at: a reader who only watches loads none of it. */

const loaders = {
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

type Name = keyof typeof loaders;

/** The components that are there, by name. */
export type Parts = { [Each in Name]?: Awaited<ReturnType<(typeof loaders)[Each]>>['default'] };

// Code alone, the same for everybody. What was opened once stays, with what was written in it.
const kept: Parts = {};

/** What the reader may do, as far as it decides what they need. */
export interface Needs {
	/** The panel that the address asks for. */
	panel: string | null;
	mayRun: boolean;
	mayPresent: boolean;
}

/** The parts that a page needs at this moment. */
export function partsOf({ panel, mayRun, mayPresent }: Needs): Name[] {
	switch (panel) {
		case 'languages':
			return ['booths', 'captions'];
		case 'questions':
		case 'hands':
		case 'chat':
		case 'polls':
			return [panel];
		default:
			return [...(mayRun ? (['desk', 'recording'] as const) : []), ...(mayPresent ? (['presenting'] as const) : [])];
	}
}

/** Fetches them; those of before are there as well. */
export async function loadParts(needs: Needs): Promise<Parts> {
	const fetched = partsOf(needs).map(async (name) => [name, (await loaders[name]()).default] as const);
	Object.assign(kept, Object.fromEntries(await Promise.all(fetched)));
	return { ...kept };
}
