// Made by npm run schema.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type ContractErrorCode =
  /** A fault of this service. */
  | 'INTERNAL'
  /** The upstream refused the API key. */
  | 'INVALID_API_KEY'
  /** An upstream answered with something that cannot be read as source code. */
  | 'MALFORMED_RESPONSE'
  /** The upstreams know the address but hold no verified source for it. */
  | 'NOT_VERIFIED'
  /** The daily quota is spent at every upstream that could answer. */
  | 'QUOTA_EXHAUSTED'
  /** The source is larger than this server stores. */
  | 'SOURCE_TOO_LARGE'
  /** No configured upstream serves this chain. */
  | 'UNSUPPORTED_CHAIN'
  /** No upstream could be reached, or they kept failing, blocking or timing out. */
  | 'UPSTREAM_UNAVAILABLE';

export type ContractStatus =
  /** Accepted and stored; waiting in the queue. */
  | 'CREATED'
  /** There is no source code; `error` says why. Submitting again tries again. */
  | 'ERROR'
  /** A worker is downloading it, or it waits for its next attempt. */
  | 'PROCESS'
  /** The source code is stored. */
  | 'SUCCESS';

export type SourceMatch =
  | 'EXACT'
  | 'PARTIAL'
  | 'UNKNOWN';

export type SourceProvider =
  | 'BLOCKSCOUT'
  | 'ETHERSCAN'
  | 'SOURCIFY';

export type SubmissionRefusalCode =
  /** It is no address: the message says what to mend. */
  | 'BAD_USER_INPUT'
  /** No more may be submitted now: `retryAfter` says when to go on. */
  | 'RATE_LIMITED'
  /** An API key is needed. */
  | 'UNAUTHENTICATED';

export type SummaryFragment = { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, createdAt: string, updatedAt: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null };

export type SourceFragment = { name: string, hash: string, language: string, compilerVersion: string, evmVersion: string | null, viaIR: boolean, license: string | null, constructorArguments: string, remappings: Array<string>, provider: SourceProvider, origin: string, match: SourceMatch, fetchedAt: string, zipUrl: string, abi: unknown, optimizer: { enabled: boolean, runs: number | null }, libraries: Array<{ name: string, address: string }>, implementations: Array<{ address: string }>, mainFile: { path: string } | null, files: Array<{ path: string, content: string }> };

export type GetQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type GetQuery = { contract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, createdAt: string, updatedAt: string, source: { name: string, hash: string, language: string, compilerVersion: string, evmVersion: string | null, viaIR: boolean, license: string | null, constructorArguments: string, remappings: Array<string>, provider: SourceProvider, origin: string, match: SourceMatch, fetchedAt: string, zipUrl: string, abi: unknown, optimizer: { enabled: boolean, runs: number | null }, libraries: Array<{ name: string, address: string }>, implementations: Array<{ address: string }>, mainFile: { path: string } | null, files: Array<{ path: string, content: string }> } | null, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } | null };

export type GetCachedQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type GetCachedQuery = { cachedContract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, createdAt: string, updatedAt: string, source: { name: string, hash: string, language: string, compilerVersion: string, evmVersion: string | null, viaIR: boolean, license: string | null, constructorArguments: string, remappings: Array<string>, provider: SourceProvider, origin: string, match: SourceMatch, fetchedAt: string, zipUrl: string, abi: unknown, optimizer: { enabled: boolean, runs: number | null }, libraries: Array<{ name: string, address: string }>, implementations: Array<{ address: string }>, mainFile: { path: string } | null, files: Array<{ path: string, content: string }> } | null, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } | null };

export type SubmitMutationVariables = Exact<{
  address: string;
  chainId: number;
  refresh: boolean;
}>;


export type SubmitMutation = { submitContract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, createdAt: string, updatedAt: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } };

export type SubmitEachMutationVariables = Exact<{
  addresses: Array<string> | string;
  chainId: number;
  refresh: boolean;
}>;


export type SubmitEachMutation = { submitEach: Array<{ address: string, contract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, createdAt: string, updatedAt: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } | null, refusal: { code: SubmissionRefusalCode, message: string, retryAfter: number | null } | null }> };

export type FollowSubscriptionVariables = Exact<{
  address: string;
  chainId: number;
  afterVersion?: number | null | undefined;
}>;


export type FollowSubscription = { contractStatus: { version: number, status: ContractStatus, attempt: number, nextAttemptAt: string | null, at: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } };

export const documents = {
	"Get": "query Get($address:Address!$chainId:Int!){contract(address:$address chainId:$chainId){...Summary source{...Source}}}fragment Summary on Contract{chainId address status version attempts error{code message retryable}nextAttemptAt createdAt updatedAt}fragment Source on ContractSource{name hash language compilerVersion evmVersion optimizer{enabled runs}viaIR license constructorArguments libraries{name address}remappings implementations{address}provider origin match fetchedAt zipUrl abi mainFile{path}files{path content}}",
	"GetCached": "query GetCached($address:Address!$chainId:Int!){cachedContract(address:$address chainId:$chainId){...Summary source{...Source}}}fragment Summary on Contract{chainId address status version attempts error{code message retryable}nextAttemptAt createdAt updatedAt}fragment Source on ContractSource{name hash language compilerVersion evmVersion optimizer{enabled runs}viaIR license constructorArguments libraries{name address}remappings implementations{address}provider origin match fetchedAt zipUrl abi mainFile{path}files{path content}}",
	"Submit": "mutation Submit($address:Address!$chainId:Int!$refresh:Boolean!){submitContract(address:$address chainId:$chainId refresh:$refresh){...Summary}}fragment Summary on Contract{chainId address status version attempts error{code message retryable}nextAttemptAt createdAt updatedAt}",
	"SubmitEach": "mutation SubmitEach($addresses:[String!]!$chainId:Int!$refresh:Boolean!){submitEach(addresses:$addresses chainId:$chainId refresh:$refresh){address contract{...Summary}refusal{code message retryAfter}}}fragment Summary on Contract{chainId address status version attempts error{code message retryable}nextAttemptAt createdAt updatedAt}",
	"Follow": "subscription Follow($address:Address!$chainId:Int!$afterVersion:Int){contractStatus(address:$address chainId:$chainId afterVersion:$afterVersion){version status attempt error{code message retryable}nextAttemptAt at}}"
} as const;
