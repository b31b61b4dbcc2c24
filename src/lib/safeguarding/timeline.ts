/* What is written into the timeline of a case, and stored: in English, whatever the language of the page. */
import type { CaseAct } from './case-acts.ts';

/** What an act of a case did, with what came of it. */
export const actOutcomes: Record<CaseAct, string> = {
	hide_message: 'Hid a message of the chat. Outcome: deleted for everybody.',
	hide_question: 'Hid a question. Outcome: only the hosts of the session still see it.',
	end_stream: 'Stopped the stream. Outcome: its stage is closed.',
	freeze_recording: 'Froze a recording. Outcome: sealed, and held until this case is deleted.',
	no_photographs: 'Set “No photographs”. Outcome: shown on the badge, at doors and on the list of the camera crew.',
	walk_out: 'Walked out. Outcome: the badge is withdrawn, doors and streams are closed to them.',
	let_in_again: 'Let in again. Outcome: a new badge.'
};

/** What else was done from a case. */
export const timelineNotes = {
	answered: (words: string) => `Answered the reporter:\n${words}`,
	reported: (authority: string, words: string) => `Reported to ${authority}:\n${words}`,
	barred: (name: string, session: string) => `Barred ${name} from “${session}”.`,
	raised: (level: 'chatham_house' | 'closed', session: string) =>
		`${level === 'closed' ? 'Closed' : 'Raised to Chatham House'}: “${session}”. Its recordings are sealed.`,
	proposed: (registration: string) => `Proposed registration ${registration} for the watch list.`,
	revealAsked: (reference: string, reason: string) =>
		`Asked for the real name of registration ${reference}. Another lead decides.\n${reason}`
};
