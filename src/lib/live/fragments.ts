/** Bytes that were made before and are put into a page when it is sent, with a name that is another when they are others. */
export interface PageFragment {
	bytes: Buffer;
	tag: string;
}
