CREATE TABLE `api_keys` (
	`id` int unsigned AUTO_INCREMENT NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`current` varchar(100) character set utf8mb4 collate utf8mb4_bin,
	`hash` binary(32) NOT NULL,
	`requests_per_second` int unsigned,
	`contracts_per_hour` int unsigned,
	`most_in_line` int unsigned,
	`created_at` datetime(3) NOT NULL,
	`revoked_at` datetime(3),
	CONSTRAINT `api_keys_id` PRIMARY KEY(`id`),
	CONSTRAINT `api_keys_current_unique` UNIQUE(`current`),
	CONSTRAINT `api_keys_hash_unique` UNIQUE(`hash`)
);
