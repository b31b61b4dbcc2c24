/* Mail: the server takes the login, and the records of the sender's domain let readers believe it. */
import { createTransport } from 'nodemailer';
import { mustEncrypt } from '../../../lib/mail/server/transport.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Context, type Diagnosis } from '../check.ts';

const senderOf = (from = '') => /([^\s<>]+@[^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? '';

/** A login, without a mail; with `--send-to` one mail. */
export const smtp: Check = {
	name: 'mail',
	async run({ env, sendTo }) {
		const { SMTP_URL: url, MAIL_FROM: from } = env;
		if (!url) return [notAsked('SMTP_URL is not set')];
		const { hostname } = new URL(url);
		const transport = createTransport({
			url,
			connectionTimeout: 8000,
			greetingTimeout: 8000,
			socketTimeout: 10_000,
			...(mustEncrypt(new URL(url)) && { requireTLS: true })
		} as Parameters<typeof createTransport>[0]);
		try {
			await transport.verify();
			const found = [ok(`${hostname} takes the login`)];
			if (sendTo === undefined) return found;
			await transport.sendMail({
				from,
				to: { name: '', address: sendTo },
				subject: 'npm run doctor',
				text: 'Mail from this deployment arrives.'
			});
			return [...found, ok(`${hostname} accepted one mail; look whether it arrives, and not as spam`)];
		} catch (error) {
			const isLogin = (error as { code?: unknown }).code === 'EAUTH';
			return [
				fault(
					`${hostname} ${isLogin ? 'refuses the login' : 'sends nothing'} (${reasonOf(error)})`,
					isLogin
						? 'Check user and password of SMTP_URL.'
						: 'Check host, port and smtps:// of SMTP_URL, and whether this network lets mail out.'
				)
			];
		} finally {
			transport.close();
		}
	}
};

async function textsOf(dns: Context['dns'], name: string): Promise<string[]> {
	try {
		return (await dns.resolveTxt(name)).map((parts) => parts.join(''));
	} catch {
		return [];
	}
}

async function dkimOf(domain: string, { env, dns, dkimSelector }: Context): Promise<Diagnosis> {
	const selector = dkimSelector ?? env['DKIM_SELECTOR'];
	if (!selector)
		return warning('DKIM was not looked up', 'Give the selector of your provider: DKIM_SELECTOR, or --dkim NAME.');
	const name = `${selector}._domainkey.${domain}`;
	const key = (await textsOf(dns, name)).find((text) => /(?:^|;)\s*p=/.test(text));
	if (key && /(?:^|;)\s*p=\s*[A-Za-z0-9+/]/.test(key)) return ok(`DKIM has a key at ${name}`);
	return fault(`DKIM has no key at ${name}`, 'Publish the TXT record that your mail provider gives.');
}

async function dmarcOf(domain: string, dns: Context['dns']): Promise<Diagnosis> {
	// A domain without a record of its own takes that of the organisation's.
	const names = [domain, domain.split('.').slice(-2).join('.')].map((name) => `_dmarc.${name}`);
	const record = (await Promise.all(names.map((name) => textsOf(dns, name))))
		.flat()
		.find((text) => /^v=DMARC1/i.test(text));
	const policy = /;\s*p=(\w+)/.exec(record ?? '')?.[1];
	if (!policy) return fault('DMARC is missing', `Publish TXT _dmarc.${domain} "v=DMARC1; p=quarantine; rua=mailto:…".`);
	if (policy === 'none')
		return warning('DMARC asks for nothing (p=none)', 'Once its reports are clean, ask for p=quarantine.');
	return ok(`DMARC asks for ${policy}`);
}

/** SPF, DKIM and DMARC of the sender's domain, and where bounces arrive. */
export const mailDomain: Check = {
	name: 'mail domain',
	async run(context) {
		const { env, dns } = context;
		const domain = senderOf(env['MAIL_FROM']).split('@').at(-1)?.toLowerCase() ?? '';
		if (!domain.includes('.')) return [notAsked('MAIL_FROM has no domain that others know')];
		const bounces = env['MAIL_BOUNCES']?.split('@').at(-1) ?? domain;
		const [spf, dkim, dmarc, mx] = await Promise.all([
			textsOf(dns, domain).then((texts) => texts.filter((text) => /^v=spf1\b/i.test(text))),
			dkimOf(domain, context),
			dmarcOf(domain, dns),
			dns.resolveMx(bounces).catch(() => [])
		]);
		const [record = ''] = spf;
		const spfFinding =
			spf.length > 1
				? fault('SPF is there twice', 'Readers then take none: join them into one record.')
				: !record
					? fault('SPF is missing', `Publish TXT ${domain} "v=spf1 include:… -all" with what your mail provider gives.`)
					: /[?+]all\b/.test(record)
						? warning('SPF lets everybody send', 'End it with -all or ~all.')
						: ok(`SPF of ${domain} is there`);
		return [
			spfFinding,
			dkim,
			dmarc,
			mx.length > 0
				? ok(`mail to ${bounces} arrives at ${mx[0]?.exchange}`)
				: warning(`${bounces} takes no mail`, 'Bounces and answers are lost: publish an MX record.')
		];
	}
};
