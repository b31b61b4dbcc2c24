import type { ImportedFile } from '#lib/database/answers/imports.ts';
import { isMailAddress } from '#lib/imports/registrations.ts';
import {
	proposalFaultOf,
	importedProposalLimits,
	type FileProposal,
	type FileSpeaker,
	type ProposalFile
} from '#lib/imports/proposals.ts';
import { hintOf } from '#lib/people/links.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

const short = (text: string) => text.slice(0, 200);

function personOf(one: FileSpeaker) {
	const address = isMailAddress(one.address) ? { ...sealedAddress(one.address), hint: hintOf(one.address) } : null;
	const biography = one.biography.length <= importedProposalLimits.biography ? one.biography : '';
	return { name: one.name, organisation: short(one.organisation), biography, ...(address && { address }) };
}

/** A proposal as the database keeps it until it is applied: addresses are sealed. */
function recordOf(one: FileProposal) {
	const fault = proposalFaultOf(one);
	const fits = fault === null;
	return {
		title: one.title.slice(0, 300) || short(one.key),
		line: one.line,
		key: short(one.key || String(one.line)),
		heading: fits ? one.title : '',
		abstract: fits ? one.abstract : '',
		notes: fits ? one.notes : '',
		format: short(one.format),
		track: short(one.track),
		language: one.language,
		state: one.state,
		people: fits
			? one.people
					.filter(({ name }) => name !== '' && name.length <= importedProposalLimits.name)
					.slice(0, 20)
					.map(personOf)
			: [],
		...(fault && { fault }),
		...(one.reviews > 0 && { reviews: String(one.reviews) })
	};
}

function counted(names: readonly string[]): { name: string; rows: number }[] {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return [...counts].map(([name, rows]) => ({ name, rows }));
}

/** The rows of a file, and what it says about itself. */
export function plannedProposals(
	read: ProposalFile,
	name: string
): { file: ImportedFile; rows: ReturnType<typeof recordOf>[] } {
	const rows = read.rows.map(recordOf);
	return {
		rows,
		file: {
			name,
			kind: read.kind,
			source: read.source,
			encoding: read.encoding,
			rows: rows.length,
			answers: [],
			ignored: read.questions.map((question) => question.slice(0, 80)).slice(0, 50),
			products: counted(rows.map(({ format }) => format)),
			tracks: counted(rows.map(({ track }) => track))
		}
	};
}
