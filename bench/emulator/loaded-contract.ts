import type { Abi } from 'viem';
import { z } from 'zod';

/** The compiler settings that an answer shows; the rest is handed on inside the standard JSON. */
export const settingsSchema = z.looseObject({
	optimizer: z.looseObject({ enabled: z.boolean(), runs: z.number() }).optional(),
	evmVersion: z.string().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A contract as its package has it, before it is put into one of the three shapes. */
export interface LoadedContract {
	/** Path to content. */
	files: ReadonlyMap<string, string>;
	settings: Settings;
	abi: Abi;
	/** Hex without 0x; empty when there are none, or none are known. */
	constructorArguments: string;
	swarmSource: string;
}
