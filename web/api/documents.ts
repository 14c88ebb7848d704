// Made by npm run schema.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type FileChange =
  | 'ADDED'
  | 'CHANGED'
  | 'REMOVED';

export type SourceMatch =
  | 'EXACT'
  | 'PARTIAL'
  | 'UNKNOWN';

export type SourceProvider =
  | 'BLOCKSCOUT'
  | 'ETHERSCAN'
  | 'SOURCIFY';

export type ChainsQueryVariables = Exact<{ [key: string]: never; }>;


export type ChainsQuery = { chains: Array<{ id: number, name: string, explorerUrl: string | null }> };

export type RecentQueryVariables = Exact<{
  chainId?: number | null | undefined;
}>;


export type RecentQuery = { contracts: { edges: Array<{ node: { id: string, chainId: number, address: string, status: ContractStatus, version: number, updatedAt: string, error: { code: ContractErrorCode } | null, source: { name: string, language: string, compilerVersion: string } | null } }> } };

export type SourceFragment = { provider: SourceProvider, origin: string, name: string, language: string, compilerVersion: string, evmVersion: string | null, viaIR: boolean, license: string | null, constructorArguments: string, remappings: Array<string>, match: SourceMatch, similarMatch: string | null, fileCount: number, size: number, hash: string, zipUrl: string, fetchedAt: string, optimizer: { enabled: boolean, runs: number | null }, libraries: Array<{ name: string, address: string }>, mainFile: { path: string } | null, implementations: Array<{ address: string, contract: { status: ContractStatus, source: { name: string } | null } | null }> };

export type EventFragment = { version: number, status: ContractStatus, attempt: number, nextAttemptAt: string | null, at: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null };

export type ContractQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type ContractQuery = { contract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, updatedAt: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null, history: Array<{ version: number, status: ContractStatus, attempt: number, nextAttemptAt: string | null, at: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null }>, source: { provider: SourceProvider, origin: string, name: string, language: string, compilerVersion: string, evmVersion: string | null, viaIR: boolean, license: string | null, constructorArguments: string, remappings: Array<string>, match: SourceMatch, similarMatch: string | null, fileCount: number, size: number, hash: string, zipUrl: string, fetchedAt: string, optimizer: { enabled: boolean, runs: number | null }, libraries: Array<{ name: string, address: string }>, mainFile: { path: string } | null, implementations: Array<{ address: string, contract: { status: ContractStatus, source: { name: string } | null } | null }> } | null } | null };

export type FollowSubscriptionVariables = Exact<{
  address: string;
  chainId: number;
  afterVersion?: number | null | undefined;
}>;


export type FollowSubscription = { contractStatus: { version: number, status: ContractStatus, attempt: number, nextAttemptAt: string | null, at: string, error: { code: ContractErrorCode, message: string, retryable: boolean } | null } };

export type SubmitMutationVariables = Exact<{
  address: string;
  chainId: number;
  refresh: boolean;
}>;


export type SubmitMutation = { submitContract: { status: ContractStatus, version: number } };

export type AbiQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type AbiQuery = { contract: { source: { hash: string, abi: unknown } | null } | null };

export type VersionsQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type VersionsQuery = { contract: { sources: Array<{ hash: string, name: string, provider: SourceProvider, origin: string, match: SourceMatch, compilerVersion: string, fileCount: number, size: number, zipUrl: string, fetchedAt: string }> } | null };

export type DiffQueryVariables = Exact<{
  address: string;
  chainId: number;
  from: string;
  to: string;
}>;


export type DiffQuery = { contract: { sourceDiff: { settings: string | null, from: { hash: string, fetchedAt: string, compilerVersion: string }, to: { hash: string, fetchedAt: string, compilerVersion: string }, files: Array<{ path: string, change: FileChange, patch: string | null }> } | null } | null };

export type SubmitManyMutationVariables = Exact<{
  addresses: Array<string> | string;
  chainId: number;
}>;


export type SubmitManyMutation = { submitContracts: Array<{ chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, updatedAt: string, error: { code: ContractErrorCode, message: string } | null, source: { name: string, language: string, fileCount: number } | null }> };

export type RowFragment = { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, updatedAt: string, error: { code: ContractErrorCode, message: string } | null, source: { name: string, language: string, fileCount: number } | null };

export type FollowManySubscriptionVariables = Exact<{
  addresses: Array<string> | string;
  chainId: number;
}>;


export type FollowManySubscription = { contractStatuses: { version: number, contract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, updatedAt: string, error: { code: ContractErrorCode, message: string } | null, source: { name: string, language: string, fileCount: number } | null } } };

export type RowOfQueryVariables = Exact<{
  address: string;
  chainId: number;
}>;


export type RowOfQuery = { contract: { chainId: number, address: string, status: ContractStatus, version: number, attempts: number, nextAttemptAt: string | null, updatedAt: string, error: { code: ContractErrorCode, message: string } | null, source: { name: string, language: string, fileCount: number } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SourceFragmentDoc = new TypedDocumentString(`
    fragment Source on ContractSource {
  provider
  origin
  name
  language
  compilerVersion
  evmVersion
  viaIR
  optimizer {
    enabled
    runs
  }
  license
  constructorArguments
  libraries {
    name
    address
  }
  remappings
  match
  similarMatch
  mainFile {
    path
  }
  fileCount
  size
  hash
  zipUrl
  fetchedAt
  implementations {
    address
    contract {
      status
      source {
        name
      }
    }
  }
}
    `, {"fragmentName":"Source"}) as unknown as TypedDocumentString<SourceFragment, unknown>;
export const EventFragmentDoc = new TypedDocumentString(`
    fragment Event on StatusEvent {
  version
  status
  attempt
  error {
    code
    message
    retryable
  }
  nextAttemptAt
  at
}
    `, {"fragmentName":"Event"}) as unknown as TypedDocumentString<EventFragment, unknown>;
export const RowFragmentDoc = new TypedDocumentString(`
    fragment Row on Contract {
  chainId
  address
  status
  version
  attempts
  nextAttemptAt
  updatedAt
  error {
    code
    message
  }
  source {
    name
    language
    fileCount
  }
}
    `, {"fragmentName":"Row"}) as unknown as TypedDocumentString<RowFragment, unknown>;
export const ChainsDocument = new TypedDocumentString(`
    query Chains {
  chains {
    id
    name
    explorerUrl
  }
}
    `) as unknown as TypedDocumentString<ChainsQuery, ChainsQueryVariables>;
export const RecentDocument = new TypedDocumentString(`
    query Recent($chainId: Int) {
  contracts(first: 12, chainId: $chainId) {
    edges {
      node {
        id
        chainId
        address
        status
        version
        updatedAt
        error {
          code
        }
        source {
          name
          language
          compilerVersion
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RecentQuery, RecentQueryVariables>;
export const ContractDocument = new TypedDocumentString(`
    query Contract($address: Address!, $chainId: Int!) {
  contract(address: $address, chainId: $chainId) {
    chainId
    address
    status
    version
    attempts
    nextAttemptAt
    updatedAt
    error {
      code
      message
      retryable
    }
    history {
      ...Event
    }
    source {
      ...Source
    }
  }
}
    fragment Source on ContractSource {
  provider
  origin
  name
  language
  compilerVersion
  evmVersion
  viaIR
  optimizer {
    enabled
    runs
  }
  license
  constructorArguments
  libraries {
    name
    address
  }
  remappings
  match
  similarMatch
  mainFile {
    path
  }
  fileCount
  size
  hash
  zipUrl
  fetchedAt
  implementations {
    address
    contract {
      status
      source {
        name
      }
    }
  }
}
fragment Event on StatusEvent {
  version
  status
  attempt
  error {
    code
    message
    retryable
  }
  nextAttemptAt
  at
}`) as unknown as TypedDocumentString<ContractQuery, ContractQueryVariables>;
export const FollowDocument = new TypedDocumentString(`
    subscription Follow($address: Address!, $chainId: Int!, $afterVersion: Int) {
  contractStatus(
    address: $address
    chainId: $chainId
    afterVersion: $afterVersion
  ) {
    ...Event
  }
}
    fragment Event on StatusEvent {
  version
  status
  attempt
  error {
    code
    message
    retryable
  }
  nextAttemptAt
  at
}`) as unknown as TypedDocumentString<FollowSubscription, FollowSubscriptionVariables>;
export const SubmitDocument = new TypedDocumentString(`
    mutation Submit($address: Address!, $chainId: Int!, $refresh: Boolean!) {
  submitContract(address: $address, chainId: $chainId, refresh: $refresh) {
    status
    version
  }
}
    `) as unknown as TypedDocumentString<SubmitMutation, SubmitMutationVariables>;
export const AbiDocument = new TypedDocumentString(`
    query Abi($address: Address!, $chainId: Int!) {
  contract(address: $address, chainId: $chainId) {
    source {
      hash
      abi
    }
  }
}
    `) as unknown as TypedDocumentString<AbiQuery, AbiQueryVariables>;
export const VersionsDocument = new TypedDocumentString(`
    query Versions($address: Address!, $chainId: Int!) {
  contract(address: $address, chainId: $chainId) {
    sources {
      hash
      name
      provider
      origin
      match
      compilerVersion
      fileCount
      size
      zipUrl
      fetchedAt
    }
  }
}
    `) as unknown as TypedDocumentString<VersionsQuery, VersionsQueryVariables>;
export const DiffDocument = new TypedDocumentString(`
    query Diff($address: Address!, $chainId: Int!, $from: String!, $to: String!) {
  contract(address: $address, chainId: $chainId) {
    sourceDiff(from: $from, to: $to) {
      from {
        hash
        fetchedAt
        compilerVersion
      }
      to {
        hash
        fetchedAt
        compilerVersion
      }
      files {
        path
        change
        patch
      }
      settings
    }
  }
}
    `) as unknown as TypedDocumentString<DiffQuery, DiffQueryVariables>;
export const SubmitManyDocument = new TypedDocumentString(`
    mutation SubmitMany($addresses: [Address!]!, $chainId: Int!) {
  submitContracts(addresses: $addresses, chainId: $chainId) {
    ...Row
  }
}
    fragment Row on Contract {
  chainId
  address
  status
  version
  attempts
  nextAttemptAt
  updatedAt
  error {
    code
    message
  }
  source {
    name
    language
    fileCount
  }
}`) as unknown as TypedDocumentString<SubmitManyMutation, SubmitManyMutationVariables>;
export const FollowManyDocument = new TypedDocumentString(`
    subscription FollowMany($addresses: [Address!]!, $chainId: Int!) {
  contractStatuses(addresses: $addresses, chainId: $chainId) {
    version
    contract {
      ...Row
    }
  }
}
    fragment Row on Contract {
  chainId
  address
  status
  version
  attempts
  nextAttemptAt
  updatedAt
  error {
    code
    message
  }
  source {
    name
    language
    fileCount
  }
}`) as unknown as TypedDocumentString<FollowManySubscription, FollowManySubscriptionVariables>;
export const RowOfDocument = new TypedDocumentString(`
    query RowOf($address: Address!, $chainId: Int!) {
  contract(address: $address, chainId: $chainId) {
    ...Row
  }
}
    fragment Row on Contract {
  chainId
  address
  status
  version
  attempts
  nextAttemptAt
  updatedAt
  error {
    code
    message
  }
  source {
    name
    language
    fileCount
  }
}`) as unknown as TypedDocumentString<RowOfQuery, RowOfQueryVariables>;