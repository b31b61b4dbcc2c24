import { m } from '#lib/i18n/messages.ts';

/** The texts that an owner writes, and where each is shown. */
export const textKinds = {
	about: { label: m.agenda_about, hint: m.summits_text_front_hint },
	attending_in_person: { label: m.summits_text_in_person, hint: m.summits_text_attending_hint },
	attending_virtually: { label: m.summits_text_virtually, hint: m.summits_text_attending_hint },
	code_of_conduct: { label: m.summits_setup_texts_conduct, hint: m.summits_text_conduct_hint },
	privacy: { label: m.ui_privacy, hint: m.summits_text_privacy_hint },
	accessibility: { label: m.ui_accessibility, hint: m.summits_text_accessibility_hint },
	debrief: { label: m.speakers_debrief, hint: m.summits_text_debrief_hint }
} as const;

/** One of these texts. */
export type TextKind = keyof typeof textKinds;

/** Whether a value names one of these texts. */
export const isTextKind = (value: string): value is TextKind => Object.hasOwn(textKinds, value);
