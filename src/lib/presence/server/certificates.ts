import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import * as v from 'valibot';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { newCode } from '#lib/forms/server/new-code.ts';
import { locales } from '#lib/i18n/locale.ts';
import { theSealer } from '#lib/people/sealing.ts';
import {
	certificateCodeLength,
	type CertificateContent,
	type CertificateKind,
	type CertificateSettings,
	type OwnCertificates,
	type ShownCertificate
} from '../certificate.ts';
import type { ListedCertificate, SealedContent } from '#lib/database/answers/presence.ts';

export type { ListedCertificate } from '#lib/database/answers/presence.ts';

const context = 'certificate';
const content = v.object({ name: v.string(), locale: v.picklist(locales), code: v.string() });

function opened({ content_sealed, key_id }: SealedContent): CertificateContent {
	return v.parse(content, JSON.parse(theSealer().open(content_sealed, key_id, context)));
}

const hashOf = (code: string) => theSealer().hash(code, context);

/** The certificates that the reader may have, and has; null where the Summit offers none. */
export async function readOwnCertificates(client: DataClient, summit: string): Promise<OwnCertificates | null> {
	const own = await rpc(client, 'my_certificates', { summit });
	if (!own) return null;
	const certificates = own.certificates.map(({ content_sealed, key_id, ...one }) => ({
		...one,
		content: opened({ content_sealed, key_id })
	}));
	return { ...own, certificates };
}

/**
 * Issues one in place of the former of its kind. It contains the person's own name; only a person with an alias
 * chooses another. The seal confirms the name, and only this function makes it.
 */
export async function issueCertificate(
	client: DataClient,
	summit: string,
	kind: CertificateKind,
	chosen: Omit<CertificateContent, 'code'>
): Promise<AnswerOf<'issue_certificate'>['status']> {
	const own = await rpc(client, 'my_certificates', { summit });
	if (!own) return 'not_offered';
	const name = own.has_alias ? chosen.name : own.display_name;
	if (name.trim() === '') return 'invalid';
	const code = newCode(certificateCodeLength);
	const { sealed, keyId } = theSealer().seal(JSON.stringify({ name, locale: chosen.locale, code }), context);
	const { status } = await rpc(client, 'issue_certificate', {
		summit,
		kind,
		code_hash: hashOf(code).toString('hex'),
		content: { sealed: sealed.toString('hex'), key_id: keyId }
	});
	return status;
}

/** Ends one: the reader's own, or, with a reason, as a registration organiser. */
export function endCertificate(client: DataClient, certificate: string, reason = '') {
	return rpc(client, 'end_certificate', { certificate, reason });
}

/** The content for somebody who has the code; 'ended' when it is no longer valid, null when there is none. */
export async function readCertificate(code: string): Promise<ShownCertificate | 'ended' | null> {
	const [row] = await callPrivate('read_certificate', [hashOf(code)]);
	const read = row?.read_certificate;
	if (!read) return null;
	if (read.state === 'ended') return 'ended';
	const { content_sealed, key_id, state: _, ...shown } = read;
	return { ...shown, content: opened({ content_sealed, key_id }) };
}

/** For organisers; null for those who may not know. */
export function listCertificates(
	client: DataClient,
	summit: string
): Promise<{ settings: CertificateSettings | null; issued: ListedCertificate[] } | null> {
	return rpc(client, 'list_certificates', { summit });
}

/** Saves the conditions of certificates, and their letterhead. */
export function saveCertificateSettings(client: DataClient, summit: string, settings: CertificateSettings) {
	return rpc(client, 'save_certificate_settings', { summit, settings });
}
