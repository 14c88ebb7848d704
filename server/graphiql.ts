import { renderGraphiQL as render } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';

const address = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';

/** One tab for each operation, ready to run on contracts that the bundled emulator has. */
const tabs = [
	`# Submit a contract: the answer comes at once, the download goes on.
mutation Submit {
  submitContract(address: "${address}", chainId: 1) {
    address
    status
    version
  }
}`,
	`# Watch it: CREATED, PROCESS, SUCCESS. Start this before, while or after you submit.
subscription Watch {
  contractStatus(address: "${address}", chainId: 1) {
    version
    status
    attempt
    error { code message retryable }
    nextAttemptAt
    at
  }
}`,
	`# Read its source code, straight from the database.
query Read {
  contract(address: "${address}", chainId: 1) {
    status
    source {
      name
      language
      compilerVersion
      optimizer { enabled runs }
      provider
      origin
      zipUrl
      files { path size content }
    }
    history { version status at }
  }
}`,
	`# The same through the cache: kept for five minutes, dropped when the contract changes.
query ReadCached {
  cachedContract(address: "${address}", chainId: 1) {
    status
    version
    source { name compilerVersion abi }
  }
}`,
	`# Up to 100 contracts of one chain at once; these are a proxy and its implementation.
mutation SubmitMany {
  submitContracts(
    addresses: [
      "0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8"
      "0xB0F8531a8C9D09E8E344c78cb7200aAD61E4CdFA"
    ]
    chainId: 1
  ) {
    address
    status
  }
}`,
	`# One stream over many contracts; it completes when the last of them is finished.
subscription WatchMany {
  contractStatuses(
    addresses: [
      "0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8"
      "0xB0F8531a8C9D09E8E344c78cb7200aAD61E4CdFA"
    ]
    chainId: 1
  ) {
    version
    status
    contract { address source { name } }
  }
}`,
	`# What is here, the newest change first. Page on with after: endCursor.
query List {
  contracts(first: 20, status: SUCCESS) {
    edges { node { id chainId address updatedAt source { name fileCount size } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
	`# One contract by its id, as List shows it.
query ById {
  node(id: "Q29udHJhY3Q6MToweGMwMmFhYTM5YjIyM2ZlOGQwYTBlNWM0ZjI3ZWFkOTA4M2M3NTZjYzI") {
    id
    ... on Contract { address status }
  }
}`,
	`# The chains that contracts can be submitted for.
query Chains {
  chains { id name explorerUrl }
}`,
];

/** GraphiQL comes whole from this server, so that it works without any other host. */
export const renderGraphiQL = render;

export const graphiql: GraphiQLOptions = {
	title: 'Verifeed',
	subscriptionsProtocol: 'WS',
	defaultTabs: tabs.map((query) => ({ query })),
};
