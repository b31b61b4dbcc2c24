import type { SummitState } from '#lib/summits/summit.ts';

/** The states of a Summit in words, in order. */
export const summitStateWords: readonly { value: SummitState; label: string; hint: string }[] = [
	{ value: 'draft', label: 'Draft', hint: 'Only its organisers see that it exists.' },
	{ value: 'open', label: 'Open', hint: 'Its pages are public. Registration follows its own dates.' },
	{ value: 'live', label: 'Live', hint: 'It is being held: streams and doors are open.' },
	{
		value: 'closed',
		label: 'Closed',
		hint: 'It is over: nobody registers any more, pages stay, and the clocks of data retention run.'
	},
	{ value: 'archived', label: 'Archived', hint: 'Kept for reading.' }
];
