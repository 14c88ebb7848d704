CREATE TABLE `contract_events` (
	`chain_id` int unsigned NOT NULL,
	`address` binary(20) NOT NULL,
	`version` int unsigned NOT NULL,
	`status` enum('CREATED','PROCESS','SUCCESS','ERROR') NOT NULL,
	`attempt` int unsigned NOT NULL,
	`error_code` enum('NOT_VERIFIED','UNSUPPORTED_CHAIN','INVALID_API_KEY','QUOTA_EXHAUSTED','UPSTREAM_UNAVAILABLE','MALFORMED_RESPONSE','SOURCE_TOO_LARGE','INTERNAL'),
	`error_message` varchar(1000) character set utf8mb4 collate utf8mb4_bin,
	`error_retryable` boolean,
	`next_attempt_at` datetime(3),
	`at` datetime(3) NOT NULL,
	CONSTRAINT `contract_events_chain_id_address_version_pk` PRIMARY KEY(`chain_id`,`address`,`version`)
);
--> statement-breakpoint
CREATE TABLE `contract_sources` (
	`chain_id` int unsigned NOT NULL,
	`address` binary(20) NOT NULL,
	`hash` binary(32) NOT NULL,
	`description` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`fetched_at` datetime(3) NOT NULL,
	CONSTRAINT `contract_sources_chain_id_address_hash_pk` PRIMARY KEY(`chain_id`,`address`,`hash`)
);
--> statement-breakpoint
CREATE TABLE `contracts` (
	`chain_id` int unsigned NOT NULL,
	`address` binary(20) NOT NULL,
	`status` enum('CREATED','PROCESS','SUCCESS','ERROR') NOT NULL,
	`version` int unsigned NOT NULL,
	`attempts` int unsigned NOT NULL,
	`failures` int unsigned NOT NULL,
	`due_at` datetime(3),
	`next_attempt_at` datetime(3),
	`error_code` enum('NOT_VERIFIED','UNSUPPORTED_CHAIN','INVALID_API_KEY','QUOTA_EXHAUSTED','UPSTREAM_UNAVAILABLE','MALFORMED_RESPONSE','SOURCE_TOO_LARGE','INTERNAL'),
	`error_message` varchar(1000) character set utf8mb4 collate utf8mb4_bin,
	`error_retryable` boolean,
	`source_hash` binary(32),
	`source_name` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `contracts_chain_id_address_pk` PRIMARY KEY(`chain_id`,`address`)
);
--> statement-breakpoint
CREATE TABLE `source_blobs` (
	`hash` binary(32) NOT NULL,
	`content` longblob NOT NULL,
	`size` int unsigned NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `source_blobs_hash` PRIMARY KEY(`hash`)
);
--> statement-breakpoint
CREATE INDEX `contracts_due` ON `contracts` (`due_at`);--> statement-breakpoint
CREATE INDEX `contracts_chain` ON `contracts` (`chain_id`,`updated_at`,`address`);--> statement-breakpoint
CREATE INDEX `contracts_updated` ON `contracts` (`updated_at`,`chain_id`,`address`);--> statement-breakpoint
CREATE INDEX `contracts_status` ON `contracts` (`status`,`updated_at`,`chain_id`,`address`);--> statement-breakpoint
CREATE INDEX `contracts_name` ON `contracts` (`source_name`,`updated_at`);