/** The form of a word that goes with a count, in English. */
export const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);
