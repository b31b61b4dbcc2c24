/* Issuers of single sign-on (OpenID Connect): what the variables say, and whose sign-in one of them may vouch for. Pure. */

/** A ministry's or the secretariat's own sign-in. */
export interface Issuer {
	/** Letters and digits: a part of its addresses here and of its variables' names. */
	id: string;
	/** As people know it: "Ministry of the Interior". */
	name: string;
	url: string;
	clientId: string;
	clientSecret: string;
	/** The domains of the addresses that it vouches for, in lower case; no two issuers share one. */
	domains: string[];
	/** Addresses of its domains get no code by mail. */
	isRequired: boolean;
	/** It does not say whether it verified an address, and its directory alone sets them. */
	isDirectory: boolean;
}

type Variables = Record<string, string | undefined>;

const domainForm = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;
const google = 'https://accounts.google.com';

const listed = (value: string | undefined) =>
	(value ?? '')
		.split(',')
		.map((each) => each.trim().toLowerCase())
		.filter(Boolean);

/** The issuers that the variables name (.env.example), and what is wrong with them. A secret is never repeated. */
export function readIssuers(env: Variables): { issuers: Issuer[]; problems: string[] } {
	const ids = listed(env['SSO']);
	const issuers = ids.map((id) => readIssuer(env, id));
	const problems = [
		...ids.filter((id) => !/^[a-z][a-z0-9]{0,29}$/.test(id)).map((id) => `SSO names "${id}": use letters and digits.`),
		...issuers.flatMap((issuer) => faultsOf(issuer, env)),
		...unnamed(env, ids)
	];
	const [ownTwice, domainTwice] = [twice(ids), twice(issuers.flatMap(({ domains }) => domains))];
	if (ownTwice) problems.push(`SSO names "${ownTwice}" twice.`);
	if (domainTwice) problems.push(`Two issuers have the domain ${domainTwice}: one alone may vouch for its addresses.`);
	return { issuers, problems };
}

const prefixOf = (id: string) => `SSO_${id.toUpperCase()}_`;

function readIssuer(env: Variables, id: string): Issuer {
	const value = (name: string) => env[prefixOf(id) + name]?.trim() ?? '';
	return {
		id,
		name: value('NAME'),
		url: value('ISSUER'),
		clientId: value('CLIENT_ID'),
		clientSecret: value('CLIENT_SECRET'),
		domains: listed(value('DOMAINS')),
		isRequired: value('REQUIRED') === 'yes',
		isDirectory: value('DIRECTORY') === 'yes'
	};
}

function faultsOf({ id, name, url, clientId, clientSecret, domains }: Issuer, env: Variables): string[] {
	const given = { NAME: name, ISSUER: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, DOMAINS: domains.join() };
	const prefix = prefixOf(id);
	const problems = Object.entries(given)
		.filter(([, value]) => !value)
		.map(([variable]) => `${prefix}${variable} is missing: SSO names ${id}.`);
	if (url && !isIssuerUrl(url))
		problems.push(
			`${prefix}ISSUER is not in its form: the https address of one issuer, as its discovery document names it (with Entra ID the one of your tenant, not "common").`
		);
	// eslint-disable-next-line no-control-regex
	if (/[\u0000-\u001f\u007f]/.test(name) || name.length > 60)
		problems.push(`${prefix}NAME is not in its form: plain text, 60 characters at most.`);
	for (const domain of domains)
		if (!domainForm.test(domain))
			problems.push(`${prefix}DOMAINS has "${domain}": give domains such as ministry.example, separated by commas.`);
	for (const variable of ['REQUIRED', 'DIRECTORY'])
		if (!['', 'yes', 'no'].includes(env[prefix + variable]?.trim() ?? ''))
			problems.push(`${prefix}${variable} is not in its form: yes or no.`);
	return problems;
}

function isIssuerUrl(value: string): boolean {
	if (!URL.canParse(value)) return false;
	const { protocol, hostname, pathname, search, hash } = new URL(value);
	// Anybody with a Microsoft account could sign in there, under any address.
	const isAnyTenant =
		hostname === 'login.microsoftonline.com' &&
		/^\/(?:common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)?(?:\/|$)/.test(pathname);
	return (protocol === 'https:' || isPlain(value)) && !isAnyTenant && search === '' && hash === '';
}

/** Whether an issuer is reached without TLS, which is right on this machine only. */
export function isPlain(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

// A variable of an issuer that SSO does not name would be ignored in silence.
function unnamed(env: Variables, ids: string[]): string[] {
	return Object.keys(env)
		.filter((name) => /^SSO_[A-Z0-9]+_(?:ISSUER|CLIENT_ID|CLIENT_SECRET|DOMAINS)$/.test(name) && env[name])
		.filter((name) => !ids.some((id) => name.startsWith(prefixOf(id))))
		.map((name) => `${name} is set, and SSO does not name its issuer.`);
}

const twice = (values: string[]) => values.find((value, at) => values.indexOf(value) < at);

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** The issuer that vouches for an address (in its normal form); null where none does. */
export function issuerFor(issuers: readonly Issuer[], address: string): Issuer | null {
	return issuers.find(({ domains }) => domains.includes(domainOf(address))) ?? null;
}

/** What an issuer says about a person, in the ID token or at its user info. */
export type Claims = Record<string, unknown>;

/** Why what an issuer says proves no address: there is none, it is unverified, or it is outside the issuer's domains. */
export type ClaimRefusal = 'no_address' | 'unverified' | 'outside';

/** The address that these claims prove, in its normal form. */
export function provenAddress(issuer: Issuer, claims: Claims): { address: string } | { refusal: ClaimRefusal } {
	const { email, email_verified: isVerified, xms_edov: isOwnDomain, hd } = claims;
	const address = typeof email === 'string' ? email.normalize('NFC').trim().toLowerCase() : '';
	// One address, and nothing that a mail program would read as another.
	if (!/^[^\s@<>"',;()\\[\]:]+@[^\s@]+$/u.test(address) || address.length > 254) return { refusal: 'no_address' };
	if (!issuer.domains.includes(domainOf(address))) return { refusal: 'outside' };
	// Google verifies once that a private account could read an address; "hd" says that the organisation manages the account.
	if (issuer.url === google && !(typeof hd === 'string' && issuer.domains.includes(hd.toLowerCase())))
		return { refusal: 'outside' };
	// Entra ID says it in a claim of its own. A directory may say nothing, but never that an address is unverified.
	const isProven =
		isVerified === true ||
		isOwnDomain === true ||
		isOwnDomain === 1 ||
		isOwnDomain === '1' ||
		(issuer.isDirectory && isVerified === undefined && isOwnDomain === undefined);
	return isProven && isVerified !== false ? { address } : { refusal: 'unverified' };
}
