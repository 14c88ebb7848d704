export { VerifeedError } from './ask.ts';
export type { Contract, Submission, Submitted } from './contracts.ts';
export type { FollowOptions, StatusEvent } from './follow.ts';
export { createVerifeed, type Verifeed, type VerifeedOptions } from './verifeed.ts';
