/** Nothing was done, and the person can change that: exit status 2. */
export class Refused extends Error {}
