import type { FormIssue, FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';

// The database's words for missing parts of a submission, and the step of each.
const stepOfKey: Record<string, number> = {
	display_name: 1,
	name: 1,
	office: 1,
	country: 1,
	alias: 1,
	protection: 1,
	member: 2,
	member_id: 2,
	mode: 3,
	seat: 3,
	languages: 3,
	question: 4,
	consents: 5,
	code_of_conduct: 5
};

/** The title of a step. */
export function stepTitle(step: number): string {
	const titles = [
		m.registration_step_who,
		m.registration_step_member,
		m.registration_step_seat,
		m.registration_step_needs,
		m.registration_step_consents
	];
	return titles[step - 1]?.() ?? '';
}

/** Turns missing parts into issues that name the step to go back to. */
export function missingSteps(keys: readonly string[]): FormResult {
	const asked = keys.filter((key) => key !== 'guardian');
	const steps = [...new Set(asked.map((key) => stepOfKey[key.split(':')[0] ?? ''] ?? 5))].sort();
	const issues: FormIssue[] = steps.map((step) => ({
		path: '',
		message: m.registration_missing_step({ step, subject: stepTitle(step) })
	}));
	// No page of the form provides it: it depends on other people.
	if (keys.includes('guardian')) issues.push({ path: '', message: m.registration_guardian_missing() });
	return { values: {}, issues };
}
