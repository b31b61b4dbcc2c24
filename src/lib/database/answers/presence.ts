import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** The attendance of one person in one session. */
export const OwnAttendance = v.strictObject({
	code: v.string(),
	title: TextMap,
	level: v.picklist(['public', 'members']),
	minutes: v.number(),
	/** Minutes of its recordings that count. */
	watched: v.number(),
	at: v.string()
});
export type OwnAttendance = v.InferOutput<typeof OwnAttendance>;

/** A session that has begun, with its attendance; null where a figure would identify a person. */
export const SessionAttendance = v.strictObject({
	session: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	at: v.string(),
	people: v.nullable(v.number()),
	/** On average. */
	minutes: v.nullable(v.number()),
	/** People whose minutes of its recordings count. */
	watchers: v.nullable(v.number()),
	/** Whether this reader may see the names. */
	may_name: v.boolean()
});
export type SessionAttendance = v.InferOutput<typeof SessionAttendance>;

/** A person who was there. */
export const Attendant = v.strictObject({
	code: v.string(),
	display_name: v.string(),
	affiliation: v.string(),
	minutes: v.number(),
	/** Minutes of its recordings that count. */
	watched: v.number()
});
export type Attendant = v.InferOutput<typeof Attendant>;

/** The issuer of a certificate. */
export const CertificateHead = v.strictObject({
	issuer_name: v.string(),
	signatory_name: v.string(),
	signatory_office: v.string(),
	statement: TextMap
});
export type CertificateHead = v.InferOutput<typeof CertificateHead>;

/** For taking part, or for speaking. */
export const CertificateKind = v.picklist(['attendance', 'speaker']);
export type CertificateKind = v.InferOutput<typeof CertificateKind>;

export const SealedContent = v.strictObject({
	content_sealed: v.string(),
	key_id: v.string()
});
export type SealedContent = v.InferOutput<typeof SealedContent>;

/** The reader's own valid certificate. */
export const SealedCertificate = v.strictObject({
	id: v.string(),
	kind: CertificateKind,
	issued_at: v.string(),
	titles: v.array(TextMap),
	...SealedContent.entries
});
export type SealedCertificate = v.InferOutput<typeof SealedCertificate>;

/** The certificates that a person may have, and has. */
export const SealedCertificates = v.strictObject({
	is_offered: v.boolean(),
	head: CertificateHead,
	basis: v.picklist(['minutes', 'sessions', 'days']),
	threshold: v.number(),
	minutes: v.number(),
	sessions: v.number(),
	days: v.number(),
	/** Minutes of recordings that count. */
	watched: v.number(),
	reached: v.boolean(),
	/** Titles of past sessions in which they spoke. */
	spoke: v.array(TextMap),
	display_name: v.string(),
	has_alias: v.boolean(),
	certificates: v.array(SealedCertificate)
});
export type SealedCertificates = v.InferOutput<typeof SealedCertificates>;

/** The organisers' settings. */
export const CertificateSettings = v.strictObject({
	...CertificateHead.entries,
	basis: v.picklist(['minutes', 'sessions', 'days']),
	threshold: v.number(),
	is_offered: v.boolean()
});
export type CertificateSettings = v.InferOutput<typeof CertificateSettings>;

/** One on the organisers' list, under the name that all are shown. */
export const ListedCertificate = v.strictObject({
	id: v.string(),
	kind: CertificateKind,
	display_name: v.string(),
	issued_at: v.string(),
	end_reason: v.nullable(v.picklist(['taken_back', 'revoked']))
});
export type ListedCertificate = v.InferOutput<typeof ListedCertificate>;

/** Whether watching recordings counts as attendance. */
export const WatchSettings = v.strictObject({ counts: v.boolean(), may_set: v.boolean() });

/** What these functions answer. */
export const answers = {
	my_attendance: v.array(OwnAttendance),
	list_session_attendance: v.array(SessionAttendance),
	watch_settings: v.nullable(WatchSettings),
	list_session_attendees: v.nullable(v.array(Attendant)),
	my_certificates: v.nullable(SealedCertificates),
	issue_certificate: answer({ ok: { id: v.string() } }, 'not_reached', 'not_offered', 'invalid', 'not_allowed'),
	list_certificates: v.nullable(
		v.strictObject({
			settings: v.nullable(CertificateSettings),
			issued: v.array(ListedCertificate)
		})
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	read_certificate: v.nullable(
		v.variant('state', [
			v.strictObject({
				state: v.literal('valid'),
				summit: v.strictObject({
					name: TextMap,
					starts_on: v.string(),
					ends_on: v.string(),
					city: TextMap,
					zone: v.string()
				}),
				kind: CertificateKind,
				issued_at: v.string(),
				titles: v.array(TextMap),
				issuer_name: v.string(),
				content_sealed: v.string(),
				key_id: v.string()
			}),
			v.strictObject({
				state: v.literal('ended')
			})
		])
	)
} satisfies PrivateAnswers;
