import * as v from 'valibot';

/** A text that people wrote, by BCP 47 tag; `original` names the author's tag. */
export const TextMap = v.record(v.string(), v.string());
export type TextMap = v.InferOutput<typeof TextMap>;
