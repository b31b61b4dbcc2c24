import { isListName, type ListName } from '#lib/summits/lists.ts';

/** The lists that an owner keeps: rooms, tracks, formats, fees, consents, contacts. */
export const match = (value: string): value is ListName => isListName(value);
