/** Whether an error is of the disk, which may work later: it has a code. Any other is of what is in the file. */
export const isDiskError = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && typeof error.code === 'string';

/** Takes an error of what is in a file as its end; throws one of the disk. */
export function endOfFile(error: unknown): undefined {
	if (isDiskError(error)) throw error;
}
