import { byStatus } from '#lib/database/by-status.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	consentField,
	consentsAnswers,
	memberAnswers,
	needsAnswers,
	seatAnswers,
	whoAnswers
} from '#lib/registration/answers.ts';
import { photographConsent } from '#lib/registration/consents.ts';
import type { FormStep } from '#lib/registration/registration.ts';
import { shownTexts } from './agreed-texts.ts';
import type { Filled, Submitted, Write } from './registrations.ts';

/**
 * Seals a person's own name before it leaves the process; passed in by the route, because sealing belongs to people.
 */
type SealName = (name: string) => {
	sealed: Uint8Array;
	keyId: string;
	/** The hashes by which the watch list finds the name without reading it. */
	hashes: { key: Uint8Array; skeleton: Uint8Array };
};

/** The result of saving a step. */
type StepOutcome =
	| {
			ok: true;
			id: string;
			leave: boolean;
			version: number | undefined;
			/** What came of sending the form; also when it was sent before. */
			sent: Submitted | { status: 'already' } | undefined;
			guardian: string;
	  }
	| { ok: false; status: 409 | 422; conflict: boolean; form: FormResult; version: number | undefined };

/** The values needed besides the form. */
interface Saving {
	/** Saves the parsed values and, when nothing is missing and the person does not stop for now, sends the form. */
	fill: (writes: readonly Write[], send: boolean) => Promise<Filled>;
	/** How the person is protected at present. */
	protection: Who['protection'];
	consents: readonly { id: string; key: string; is_required: boolean }[];
	sealName: SealName;
}

type Read =
	| {
			ok: true;
			version: string | number;
			leave: string;
			writes: Write[];
			form: FormResult;
			/** The guardian whom a person under 18 names; passed in by the route, because sealing belongs to people. */
			guardian?: string;
	  }
	| { ok: false; form: FormResult };

/** Parses the form of one step and saves it; the last step also sends it. */
export async function saveStep(subject: FormStep, data: FormData, saving: Saving): Promise<StepOutcome> {
	const read = readers[subject](data, saving);
	// The next attempt is still based on what this page showed.
	const shown = Number(data.get('version')) || undefined;
	if (!read.ok) return { ok: false, status: 422, conflict: false, form: read.form, version: shown };
	const leave = read.leave !== '';
	const [first, ...rest] = read.writes;
	const writes = first && shown ? [{ ...first, fields: { ...first.fields, version: shown } }, ...rest] : read.writes;
	const filled = await saving.fill(writes, subject === 'consents' && !leave);
	if (filled.status !== 'ok' && filled.status !== 'already') return refused(filled, read.form, shown);
	const outcome = { ok: true as const, id: filled.id, guardian: read.guardian ?? '' };
	if (filled.status === 'already') return { ...outcome, leave: false, version: shown, sent: { status: 'already' } };
	const { version, sent } = filled;
	if (sent?.status === 'conflict') return refused({ status: 'conflict', version }, read.form, shown);
	return { ...outcome, leave, version, sent };
}

// The place on the page for each of the database's messages.
const fieldOfFault: Record<string, string> = {
	display_name: 'display_name',
	frozen: 'display_name',
	real_name: 'display_name',
	office: 'office',
	country: 'country',
	'alias.display_name': 'alias_name',
	'alias.office': 'alias_office',
	'alias.affiliation': 'alias_affiliation',
	protection: 'protection',
	member_id: 'member',
	'request.name': 'request_name',
	'request.sector': 'request_sector',
	'request.country': 'request_country',
	mode: 'mode',
	languages: 'languages[]',
	access_needs: 'access_needs',
	note: 'note'
};

type Refused = Exclude<Filled, { status: 'ok' | 'already' }>;

function refused(outcome: Refused, form: FormResult, shown: number | undefined): StepOutcome {
	const refuse = (message: string, path = ''): StepOutcome => {
		return { ok: false, status: 422, conflict: false, form: withIssue(form, path, message), version: shown };
	};
	const other = () => refuse(m.registration_refused_other());
	return byStatus(outcome, {
		// The next attempt is based on what the other window saved.
		conflict: ({ version }): StepOutcome => ({ ok: false, status: 409, conflict: true, form, version }),
		invalid: ({ faults: [fault = ''] }) => refuse(faultWords(fault), fieldOfFault[fault]),
		not_open: () => refuse(m.registration_closed()),
		locked: () => refuse(m.registration_refused_state()),
		closed: () => refuse(m.registration_refused_over()),
		not_found: other,
		not_allowed: other
	});
}

function faultWords(fault: string): string {
	if (fault === 'frozen') return m.registration_name_frozen();
	if (fault === 'reworded') return m.registration_consent_reworded();
	const path = fieldOfFault[fault];
	if (path === undefined) return m.registration_refused_other();
	return path === 'member' ? m.registration_member_unknown() : m.ui_form_wrong();
}

const readers: Record<FormStep, (data: FormData, saving: Saving) => Read> = {
	who(data, { sealName, protection }) {
		const parsed = parseForm(data, whoAnswers);
		if (!parsed.ok) return { ok: false, form: parsed.form };
		const { output: answer, form } = parsed;
		return {
			ok: true,
			...leaving(answer),
			writes: whoWrites(answer, protection, sealName),
			guardian: answer.is_minor ? answer.guardian : '',
			form
		};
	},
	member(data) {
		const parsed = parseForm(data, memberAnswers);
		if (!parsed.ok) return { ok: false, form: parsed.form };
		const { output: answer, form } = parsed;
		const request = { name: answer.request_name, sector: answer.request_sector, country: answer.request_country };
		const fields = answer.member === 'other' ? { request } : { member_id: answer.member };
		return { ok: true, ...leaving(answer), writes: [{ step: 2, fields }], form };
	},
	seat(data) {
		const parsed = parseForm(data, seatAnswers);
		if (!parsed.ok) return { ok: false, form: parsed.form };
		const { output: answer, form } = parsed;
		return {
			ok: true,
			...leaving(answer),
			writes: [{ step: 3, fields: { mode: answer.mode, languages: answer['languages[]'] } }],
			form
		};
	},
	needs(data, { consents }) {
		const parsed = parseForm(data, needsAnswers);
		if (!parsed.ok) return { ok: false, form: parsed.form };
		const { output: answer, form } = parsed;
		const { access_needs, note, no_photographs } = answer;
		return {
			ok: true,
			...leaving(answer),
			writes: [{ step: 4, fields: { access_needs, note, ...(photographConsent(consents) ? {} : { no_photographs }) } }],
			form
		};
	},
	consents(data, { consents }) {
		const parsed = parseForm(data, consentsAnswers);
		if (!parsed.ok) return { ok: false, form: parsed.form };
		const { output: answer, form } = parsed;
		const given = Object.fromEntries(consents.map(({ id }) => [id, data.get(consentField(id)) !== null]));
		// Stopping for now saves the given consents; only sending requires all of them.
		if (answer.leave === '') {
			for (const item of consents) {
				if (item.is_required && !given[item.id]) {
					form.issues.push({ path: consentField(item.id), message: m.registration_consent_missing() });
				}
			}
			if (!answer.code_of_conduct)
				form.issues.push({ path: 'code_of_conduct', message: m.registration_conduct_missing() });
		}
		if (form.issues.length > 0) return { ok: false, form };
		return {
			ok: true,
			...leaving(answer),
			writes: [
				{
					step: 5,
					fields: { consents: given, code_of_conduct: answer.code_of_conduct, ...shownTexts(data, consents) }
				}
			],
			form
		};
	}
};

function leaving(answer: { version: string | number; leave: string }) {
	return { version: answer.version, leave: answer.leave };
}

interface Who {
	display_name: string;
	office: string;
	country: string;
	protection: 'none' | 'alias' | 'talk_first';
	alias_name: string;
	alias_office: string;
	alias_affiliation: string;
	is_minor: boolean;
}

/** A protected person's own name is sealed here and is in no table, not even in the draft. */
function whoWrites(answer: Who, present: Who['protection'], sealName: SealName): Write[] {
	const { display_name, office, country, protection, is_minor } = answer;
	if (protection !== 'alias') {
		const shown = { display_name, office, country };
		// When the alias is removed, the given name replaces it in the same step, so that no name is shown by mistake.
		const change = protection === present ? [] : [{ step: 4, fields: { protection, ...shown } }];
		return [...change, { step: 1, fields: { ...shown, is_minor } }];
	}
	return [aliasWrite(answer, sealName), { step: 1, fields: { is_minor } }];
}

/** Puts the alias on, with the own name sealed; an empty own name keeps the one that is sealed already. */
export function aliasWrite(answer: Omit<Who, 'is_minor'>, sealName: SealName): Write {
	const { display_name } = answer;
	const alias = { display_name: answer.alias_name, office: answer.alias_office, affiliation: answer.alias_affiliation };
	const sealed = display_name === '' ? null : sealName(display_name);
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
	const name = sealed && {
		real_name_sealed: hex(sealed.sealed),
		key_id: sealed.keyId,
		name_key_hash: hex(sealed.hashes.key),
		name_skeleton_hash: hex(sealed.hashes.skeleton)
	};
	return { step: 4, fields: { protection: 'alias', alias, ...name } };
}
