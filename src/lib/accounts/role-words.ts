import { m } from '#lib/i18n/messages.ts';

const words: Record<string, () => string> = {
	programme: m.accounts_role_programme,
	registration: m.accounts_role_registration,
	finance: m.accounts_role_finance,
	stage: m.accounts_role_stage,
	door: m.accounts_role_door,
	safeguarding: m.accounts_role_safeguarding,
	owner: m.accounts_role_owner,
	community: m.accounts_role_community,
	deputy: m.accounts_role_deputy,
	speaker: m.agenda_role_speaker,
	chair: m.agenda_role_chair,
	moderator: m.agenda_role_moderator,
	respondent: m.agenda_role_respondent,
	interpreter: m.agenda_role_interpreter,
	captioner: m.agenda_role_captioner
};

/** An organiser's role, or a part in a session, in the reader's language. */
export function staffRoleWord(role: string): string {
	return words[role]?.() ?? role;
}

const does: Record<string, () => string> = {
	programme: m.accounts_does_programme,
	registration: m.accounts_does_registration,
	finance: m.accounts_does_finance,
	stage: m.accounts_does_stage,
	door: m.accounts_does_door,
	safeguarding: m.accounts_does_safeguarding,
	owner: m.accounts_does_owner,
	community: m.accounts_does_community,
	deputy: m.accounts_does_deputy
};

/** What an organiser's role does and reads; '' for a part in a session. Pages and mails say it with these words. */
export function roleDoes(role: string): string {
	return does[role]?.() ?? '';
}
