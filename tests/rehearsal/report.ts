/* The readiness report: what passed, the slowest pages, what capacity is left, and what to change. */
import { ms, percentile } from '../bench/report.ts';
import type { ActRecord, Check, PageTimes, Rehearsal } from './rehearsal.ts';

/** Of so many requests one may fail. */
const objective = 0.999;
/** The pages that most people wait for should be there within this time, in 95 of 100 cases. */
const slowMs = 1000;

/** How many requests were made, how many failed, and how many may. */
export interface ErrorBudget {
	requests: number;
	failed: number;
	allowed: number;
	/** The share of what may fail that is left; below 0 it is overspent. */
	left: number;
}

/** What is left of the failures that the objective allows; where a process was killed on purpose, failures do not count. */
export function errorBudget(pages: Iterable<PageTimes>): ErrorBudget {
	let [requests, failed] = [0, 0];
	for (const { times, failures, isExtreme } of pages) {
		if (isExtreme) continue;
		requests += times.length + failures;
		failed += failures;
	}
	const allowed = requests * (1 - objective);
	return { requests, failed, allowed, left: allowed === 0 ? 1 : 1 - failed / allowed };
}

/** How many people the plenary would serve with 70 % of the processors; null where their use is not known. */
export function capacityOf(acts: ActRecord[], delegates: number): number | null {
	const used = acts.find(({ name }) => name === 'plenary')?.processors;
	return used ? Math.floor((delegates * 0.7) / used) : null;
}

/** What to do, each advice once, those of failed checks first. */
export function adviceOf(checks: Check[], pages: PageTimes[]): string[] {
	const slow = pages
		.filter(({ times, isExtreme }) => !isExtreme && percentile(times, 0.95) > slowMs)
		.map(
			({ page }) =>
				`Look at “${page}”: 5 of 100 wait longer than ${ms(slowMs)}. More processors for the app and the database help first.`
		);
	return [...new Set([...checks.filter(({ isPassed }) => !isPassed).map(({ advice }) => advice), ...slow])];
}

const escaped = (text: string) =>
	text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const percent = (share: number) => `${Math.round(share * 100)} %`;

function table(heads: string[], rows: string[][]): string {
	const cell = (name: 'th' | 'td', text: string) =>
		`<${name}${name === 'th' ? ' scope="col"' : ''}>${escaped(text)}</${name}>`;
	return `<table><thead><tr>${heads.map((head) => cell('th', head)).join('')}</tr></thead><tbody>${rows
		.map((row) => `<tr>${row.map((text) => cell('td', text)).join('')}</tr>`)
		.join('')}</tbody></table>`;
}

const style = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:start;padding:.4rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);vertical-align:top}
.verdict{font-size:1.25rem;font-weight:600}h2{margin-top:2rem}`;

/** The report as a page that needs nothing else. */
export function asHtml(rehearsal: Rehearsal, isClean: boolean): string {
	const { target, summit, checks, measures, acts } = rehearsal;
	const pages = [...rehearsal.pages.values()].sort((a, b) => percentile(b.times, 0.95) - percentile(a.times, 0.95));
	const failed = checks.filter(({ isPassed }) => !isPassed);
	const budget = errorBudget(pages);
	const capacity = capacityOf(acts, summit.delegates.length);
	const advice = adviceOf(checks, pages);
	const began = new Date(acts[0]?.began ?? Date.now());
	const verdict =
		failed.length === 0
			? `Ready: all ${checks.length} checks passed.`
			: `Not ready: ${failed.length} of ${checks.length} checks did not pass.`;
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Readiness report</title><style>${style}</style>
<main><h1>Readiness report</h1>
<p class="verdict">${escaped(verdict)}</p>
<p>${escaped(`${summit.delegates.length} delegates at ${target.origin}, ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC.`)} ${isClean ? 'Everything that the rehearsal made was deleted.' : '<strong>What the rehearsal made is still there: npm run rehearse -- --clean deletes it.</strong>'}</p>
<h2>What to change</h2>${advice.length ? `<ul>${advice.map((each) => `<li>${escaped(each)}</li>`).join('')}</ul>` : '<p>Nothing that this rehearsal saw.</p>'}
<h2>Capacity</h2><p>${escaped(capacity === null ? 'How busy the processors were is known of a deployment on this machine alone.' : `In the plenary ${percent(acts.find(({ name }) => name === 'plenary')?.processors ?? 0)} of the processors were used: at 70 % they serve some ${capacity} people.`)}</p>
<h2>Errors</h2><p>${escaped(`${budget.failed} of ${budget.requests} requests failed. 99.9 % must be answered, so that ${Math.floor(budget.allowed)} may fail: ${budget.left < 0 ? 'this error budget is overspent' : `of this error budget ${percent(budget.left)} is left`}. Requests to a process that was killed on purpose do not count.`)}</p>
<h2>Checks</h2>${table(
		['Act', 'Check', 'Found', 'Wanted', 'Result'],
		checks.map(({ act, what, found, wanted, isPassed }) => [
			titleOf(acts, act),
			what,
			found,
			wanted,
			isPassed ? 'passed' : 'did not pass'
		])
	)}
<h2>Figures</h2>${table(
		['Act', 'What', 'Value'],
		measures.map(({ act, what, value }) => [titleOf(acts, act), what, value])
	)}
<h2>Pages, the slowest first</h2>${table(
		['Page', 'Requests', 'Median', '95 of 100 within', 'Failed'],
		pages.map(({ page, times, failures }) => [
			page,
			String(times.length + failures),
			times.length ? ms(percentile(times, 0.5)) : '',
			times.length ? ms(percentile(times, 0.95)) : '',
			String(failures)
		])
	)}
<h2>Acts</h2>${table(
		['Act', 'Took', 'Processors', 'Result'],
		acts.map(({ title, began: from, ended, processors, skipped, name }) => [
			title,
			ms(ended - from),
			processors === null ? '' : percent(processors),
			skipped ?? (checks.some((check) => check.act === name && !check.isPassed) ? 'did not pass' : 'passed')
		])
	)}</main></html>
`;
}

const titleOf = (acts: ActRecord[], name: string) => acts.find((act) => act.name === name)?.title ?? name;
