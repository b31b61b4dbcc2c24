import { readEnvironment } from '../../environment.ts';
import { fault, notAsked, ok, type Check } from '../check.ts';

/** The variables, as a start reads them. */
export const environment: Check = {
	name: 'environment',
	async run({ env, isLocal }) {
		if (isLocal) return [notAsked('local engines give the server its variables')];
		const { problems } = readEnvironment(env);
		if (problems.length === 0) return [ok('every variable is whole')];
		return problems.map((problem) => {
			const [found = problem, ...rest] = problem.split(/(?<=[.:]) /);
			return fault(found.replace(/[.:]$/, ''), rest.join(' ') || 'Set it as .env.example says.');
		});
	}
};
