/** Something that a person has to see to; its message says what, and is shown without a stack. */
export class SetupError extends Error {}
