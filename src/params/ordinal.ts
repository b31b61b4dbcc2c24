/** The number of a part, piece or page: 1 to 99,999. */
export const match = (value: string): boolean => /^[1-9]\d{0,4}$/.test(value);
