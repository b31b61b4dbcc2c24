/*
 * What the data path knows of the database: its functions, and how a call begins. It is read once, and again when a
 * function is unknown.
 */
import { isOutage, noted } from '../outage.ts';
import {
	readFunctions,
	readRoleSettings,
	takes,
	unknownFunction,
	type DatabaseFunction,
	type Functions,
	type ReadRows,
	type RoleSetting
} from './functions.ts';
import { connectionLost, RestRefusal } from './refusal.ts';
import type { DatabaseRole } from './token.ts';

// The minimum time between two readings, whatever names are requested.
const readAgainAfterMs = 1000;

interface Reading {
	functions: Functions;
	settings: RoleSetting[];
}

/**
 * A function, and the statement that makes a transaction the caller's. A call without a function is passed on to REST.
 */
type FoundFunction = { called: DatabaseFunction; begin: string } | { called: null; begin: null };

/** The catalogue of one database. */
export class FunctionCatalogue {
	readonly #read: ReadRows;
	#reading: Promise<Reading> | undefined;
	#began = -Infinity;

	constructor(read: ReadRows) {
		this.#read = read;
	}

	/** Lets the next call read it again. */
	forget(): void {
		if (performance.now() - this.#began > readAgainAfterMs) this.#reading = undefined;
	}

	/**
	 * The function for a call with these arguments. Throws a `Refusal` when there is none, or Postgres is unavailable.
	 */
	async find(name: string, given: ReadonlySet<string>, role: DatabaseRole): Promise<FoundFunction> {
		for (let isAgain = false; ; isAgain = true) {
			const { functions, settings } = await this.#current();
			const called = functions.get(name);
			if (called === null) return { called, begin: null };
			if (called && takes(called, given)) return { called, begin: beginAs(role, called.isReadOnly, settings) };
			this.forget();
			if (isAgain || this.#reading) throw unknownFunction(name, given);
		}
	}

	async #current(): Promise<Reading> {
		const reading = (this.#reading ??= this.#begin());
		try {
			return await reading;
		} catch (error) {
			if (this.#reading === reading) this.#reading = undefined;
			throw error instanceof RestRefusal ? error : isOutage(noted(error)) ? connectionLost() : error;
		}
	}

	async #begin(): Promise<Reading> {
		this.#began = performance.now();
		return { functions: await readFunctions(this.#read), settings: await readRoleSettings(this.#read) };
	}
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

// The caller, until the end of the transaction. The role's own settings come first, as in PostgREST.
function beginAs(role: DatabaseRole, isReadOnly: boolean, settings: RoleSetting[]): string {
	const constant = [
		...settings.filter((setting) => setting.role === role).map(({ name, value }) => [name, value] as const),
		['role', role] as const,
		// Older forms of the claims, which `auth.uid()` would prefer.
		['request.jwt.claim', ''] as const,
		['request.jwt.claim.sub', ''] as const,
		...(isReadOnly ? [['transaction_read_only', 'on'] as const] : [])
	].map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`);
	return `select ${[...constant, `set_config('request.jwt.claims', $1, true)`].join(', ')}`;
}
