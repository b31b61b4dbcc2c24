import * as v from 'valibot';

/** Whether answers are checked, as in tests and while developing. In production they are trusted. */
const isOn = () => process.env['CHECK_ANSWERS'] === 'yes';

/** Throws if what a function of the API answered is not what its schema says. */
export async function checkAnswer(name: string, answer: unknown): Promise<void> {
	if (!isOn()) return;
	const { answers } = await import('../answers/index.ts');
	check(name, (answers as Schemas)[name], answer);
}

/** The same for the rows of a function of `private`. */
export async function checkRows(name: string, rows: readonly Record<string, unknown>[]): Promise<void> {
	if (!isOn()) return;
	const { privateAnswers } = await import('../answers/index.ts');
	for (const row of rows) check(name, (privateAnswers as Schemas)[name], name in row ? row[name] : row);
}

type Schemas = Record<string, v.GenericSchema | undefined>;

// Values are people's own: the error names the function, the place and what should be there.
function check(name: string, schema: v.GenericSchema | undefined, answer: unknown): void {
	if (!schema) return;
	const result = v.safeParse(schema, answer, { abortEarly: true });
	if (result.success) return;
	const { path, expected, received } = deepest(result.issues[0]);
	// What strict objects expect of an unknown key.
	if (expected === 'never') throw new Error(`${name} answered what is not in its type: ${path}.`);
	const found = typeof received === 'string' && /^["\d-]/.test(received) ? 'another value' : received;
	throw new Error(`${name} answered what is not its type: ${path} should be ${expected}, and is ${found}.`);
}

interface Place {
	path: string;
	expected: string | null;
	received: string;
}

// Of the members of a union, the one that fitted furthest.
function deepest(issue: v.BaseIssue<unknown>, before: readonly string[] = []): Place {
	const path = [...before, ...(issue.path ?? []).map(({ key }) => nameOf(key))];
	const inner = (issue.issues ?? []).map((each) => deepest(each, path));
	const furthest = inner.reduce<Place | null>(
		(best, each) => (best && best.path.split('.').length >= each.path.split('.').length ? best : each),
		null
	);
	if (furthest && furthest.path.split('.').length > path.length) return furthest;
	return { path: path.join('.') || 'the whole', expected: issue.expected, received: issue.received };
}

// A key that is an id or a code is a value.
const nameOf = (key: unknown) => (typeof key === 'number' || /^[a-z_]+$/i.test(String(key)) ? String(key) : '*');
