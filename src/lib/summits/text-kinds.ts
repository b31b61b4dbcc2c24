/** The texts that an owner writes, and where each is shown. */
export const textKinds = [
	{ value: 'about', label: 'About the Summit', hint: 'On the first page.' },
	{ value: 'attending_in_person', label: 'Attending in the hall', hint: 'On the first page and in the form.' },
	{ value: 'attending_virtually', label: 'Attending online', hint: 'On the first page and in the form.' },
	{ value: 'code_of_conduct', label: 'Code of conduct', hint: 'Everyone who registers agrees to it.' },
	{ value: 'privacy', label: 'Privacy', hint: 'The privacy page of this Summit.' },
	{ value: 'accessibility', label: 'Accessibility', hint: 'The accessibility page of this Summit.' },
	{
		value: 'debrief',
		label: 'Debrief',
		hint: 'When, where and with whom: for those who worked in a session with a content note, by mail and on their page. Nobody else reads it.'
	}
] as const;
