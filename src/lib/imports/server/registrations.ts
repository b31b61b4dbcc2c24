import type { ImportedFile } from '#lib/database/answers/imports.ts';
import type { DataClient } from '#lib/database/client.ts';
import { answerFor, matchQuestions, type ImportQuestion } from '#lib/imports/answers.ts';
import {
	rowFault,
	importedRowsLimit,
	type FileRegistration,
	type RegistrationFile
} from '#lib/imports/registrations.ts';
import { hintOf } from '#lib/people/links.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

/** What other nouns know that an import needs. */
export interface Knowledge {
	/** The code of a country that is written as a code or as a name. */
	countryOf: (cell: string) => string | undefined;
	/** An answer as the database keeps it, sealed where its question says so; null for none. */
	storedAnswer: (field: string, answer: string, question: ImportQuestion) => object | null;
}

async function questionsOf(client: DataClient, summit: string): Promise<ImportQuestion[]> {
	const { data } = await client
		.from('logistics_fields')
		.select('id, key, label, kind, choices, is_sealed, need_values')
		.eq('summit_id', summit)
		.is('retired_at', null);
	return (data ?? []) as ImportQuestion[];
}

const short = (text: string) => text.slice(0, importedRowsLimit.text);

/** A registration as the database keeps it until it is applied: the address and the answers are sealed. */
function recordOf(
	one: FileRegistration,
	source: string,
	questions: ReadonlyMap<string, ImportQuestion>,
	{ countryOf, storedAnswer }: Knowledge
) {
	const fault = rowFault(one);
	const address =
		one.address !== '' && fault !== 'wrong_address'
			? { ...sealedAddress(one.address), hint: hintOf(one.address) }
			: null;
	const country = one.country === '' ? '' : countryOf(one.country);
	const answers = [...questions].flatMap(([name, question]) => {
		const answer = answerFor(question, one.answers[name] ?? '', countryOf);
		const stored = storedAnswer(question.id, answer, question);
		return stored ? [[question.id, stored] as const] : [];
	});
	// Numbers of a list of Indico begin at one in each event: the address distinguishes them.
	const mark = source === 'indico list' && address ? ` ${address.hash.slice(0, 16)}` : '';
	return {
		title: short(one.name) || short(one.key),
		line: one.line,
		key: short(`${one.key || String(one.line)}${mark}`),
		name: short(one.name),
		office: short(one.office),
		organisation: short(one.organisation),
		country: country ?? '',
		product: short(one.product),
		state: one.state,
		paid: one.paid,
		checked_in: one.isCheckedIn,
		answers: Object.fromEntries(answers),
		...(address && { address }),
		...(fault && { fault }),
		...(one.writtenState !== '' && { written_state: short(one.writtenState) }),
		...(country === undefined && { written_country: short(one.country) }),
		...(one.tickets > 1 && { tickets: String(one.tickets) })
	};
}

/** The rows of a file, and what it says about itself. Answers to questions that this Summit does not ask are dropped here. */
export async function plannedRegistrations(
	client: DataClient,
	summit: string,
	read: RegistrationFile,
	name: string,
	knowledge: Knowledge
): Promise<{ file: ImportedFile; rows: ReturnType<typeof recordOf>[] }> {
	const questions = matchQuestions(read.questions, await questionsOf(client, summit));
	const rows = read.rows.map((one) => recordOf(one, read.source, questions, knowledge));
	const products = new Map<string, number>();
	for (const { product } of rows) products.set(product, (products.get(product) ?? 0) + 1);
	return {
		rows,
		file: {
			name,
			kind: read.kind,
			source: read.source.trim(),
			encoding: read.encoding,
			rows: rows.length,
			answers: [...questions.keys()].map(short).slice(0, 50),
			ignored: read.questions
				.filter((question) => !questions.has(question))
				.map((question) => question.slice(0, 80))
				.slice(0, 50),
			products: [...products].map(([product, count]) => ({ name: product, rows: count }))
		}
	};
}
