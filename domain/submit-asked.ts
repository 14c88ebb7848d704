import type { Address } from './address.ts';
import { readKeys } from './asked-keys.ts';
import type { Chains } from './chain.ts';
import type { Contract, ContractKey } from './contract.ts';
import type { Submit } from './submit.ts';
import type { Emit } from './telemetry.ts';

/** A submission as a client writes it. Throws a `BAD_USER_INPUT` where it asks for what is not served. */
export type SubmitAsked = (
	asked: { addresses: readonly Address[]; chainId: number },
	refresh: boolean,
) => Promise<Contract[]>;

export function createSubmitAsked(ports: {
	submit: Submit;
	chains: Chains;
	emit: Emit;
}): SubmitAsked {
	return async (asked, refresh) => {
		const kind = refresh ? 'refresh' : 'submit';
		let keys: ContractKey[];
		try {
			keys = readKeys(asked, ports.chains);
		} catch (error) {
			ports.emit({
				type: 'contracts.submitted',
				kind,
				result: 'rejected',
				contracts: Math.max(1, asked.addresses.length),
			});
			throw error;
		}
		return ports.submit(keys, kind);
	};
}
