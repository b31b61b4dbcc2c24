/** Titles and abstracts of the sample's proposals: invented, factual, and nobody's story. */
export const proposalTexts: readonly (readonly [title: string, abstract: string])[] = [
	['What a hotline needs in its first year', ''],
	[
		'Sharing hashes across borders: what the law allows',
		'Where seven legal systems differ on sharing hashes, and an agreement that five of them could sign.'
	],
	[
		'Age assurance without collecting faces',
		'Three methods that were tried with 4,000 families, and what each gets wrong.'
	],
	[
		'Training judges on evidence from chats',
		'A course of two days that eleven courts have taken, and how it is kept current.'
	],
	[
		'Support after a report: who calls back',
		'How long people wait for an answer in nine countries, and what shortened it in two.'
	],
	[
		'Reporting buttons that children find',
		'A test of twelve services with children of 11 to 14, and the changes that four services made.'
	],
	[
		'A shared glossary for investigators and services',
		'Sixty terms that are read in different ways, with one meaning for each.'
	],
	[
		'Grooming in games: signals that moderators can see',
		'What moderators of three games saw in a year, and which signals came early enough to act on.'
	],
	[
		'Financial institutions and live-streamed abuse',
		'Payment patterns that banks have learnt to see, and what they may pass on to whom.'
	],
	[
		'Survivors’ councils with a budget',
		'How two organisations gave a council of survivors a vote on money, and what it decided.'
	],
	[
		'Notice and takedown in under an hour',
		'What five hosting providers changed to answer within the hour, at night as well.'
	],
	['Generated images: first cases in court', 'Six judgments, what they have in common, and questions that are open.'],
	[
		'Helplines and hotlines under one roof',
		'One number for help and for reports: three years of figures and staff turnover.'
	],
	[
		'Teaching consent online to ten-year-olds',
		'A school programme in four languages, its material, and what teachers left out.'
	],
	['When a country has no law yet', 'A model law in nine articles, with what it costs to put into force.'],
	[
		'Interpreters in interviews with children',
		'Standards for interpreters, and how one country trained forty of them.'
	],
	['Small services, same duties', 'What a service with ten staff can do, and which tools are free for it.'],
	['Data protection and detection: a common ground', 'Where two regulators agree, in a table that services can use.'],
	['Caring for those who look: wellbeing of analysts', 'Limits on hours, counselling, and a study over three years.'],
	['Rural schools and shared phones', 'What protects children where six of them share one telephone.'],
	['Parliaments as partners', 'How committees of four parliaments follow up what was promised.'],
	['Working with faith communities', 'Guidance that leaders of three communities wrote together.'],
	['Measuring prevention', 'Four indicators that can be collected by every member, and two that cannot.'],
	['Extortion for money: the first hour', 'What police, services and families each do in the first hour, on one page.'],
	[
		'From report to rescue: a chain in numbers',
		'How many reports reach an investigator, country by country, and where they are lost.'
	]
];
