import { codes, countOf, severities } from '#lib/agenda/checks/checks.ts';
import { readChecks } from '#lib/agenda/server/checks.ts';
import { error } from '@sveltejs/kit';
import { checkActions } from '#lib/agenda/server/check-actions.ts';
import type { PageServerLoad } from './$types';

export const actions = checkActions;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const checks = (await readChecks(locals.supabase, summit.id)) ?? error(404);
	const severity = severities.find((one) => one === url.searchParams.get('severity')) ?? '';
	const code = codes.find((one) => one === url.searchParams.get('code')) ?? '';
	const fits = checks.findings.filter(
		(finding) => (severity === '' || finding.severity === severity) && (code === '' || finding.code === code)
	);
	const there = codes.filter((one) => checks.findings.some((finding) => finding.code === one));
	// A page of a thousand findings helps nobody, so all are counted, and only the first are shown.
	return {
		...checks,
		findings: fits.slice(0, 200),
		fitting: fits.length,
		counts: countOf(checks.findings),
		there,
		severity,
		code
	};
};
