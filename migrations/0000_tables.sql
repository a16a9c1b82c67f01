CREATE TABLE `contract_bids` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`bids` text,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `contract_items` (
	`contract_id` integer NOT NULL,
	`record_id` integer NOT NULL,
	`type_id` integer NOT NULL,
	`quantity` integer NOT NULL,
	`is_included` integer NOT NULL,
	`item_id` integer,
	`is_blueprint_copy` integer NOT NULL,
	`runs` integer,
	`material_efficiency` integer,
	`time_efficiency` integer,
	PRIMARY KEY(`contract_id`, `record_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `contracts` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`region_id` integer NOT NULL,
	`type` text NOT NULL,
	`title` text,
	`price` real,
	`reward` real,
	`collateral` real,
	`volume` real,
	`buyout` real,
	`days_to_complete` integer,
	`date_issued` integer NOT NULL,
	`date_expired` integer NOT NULL,
	`for_corporation` integer NOT NULL,
	`issuer_id` integer NOT NULL,
	`issuer_corporation_id` integer NOT NULL,
	`start_location_id` integer,
	`start_system_id` integer,
	`start_security_class` text,
	`end_location_id` integer,
	`end_system_id` integer,
	`end_security_class` text,
	`route_jumps` integer,
	`route_jumps_highsec` integer,
	`is_listed` integer NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_listed_at` integer,
	`ended_at` integer,
	`items_status` text NOT NULL,
	`items_due_at` integer,
	`items_attempts` integer DEFAULT 0 NOT NULL,
	`item_count` integer,
	`requested_item_count` integer,
	`label` text,
	`primary_type_id` integer,
	`is_ship` integer,
	`blueprint_count` integer,
	`has_blueprint_copy` integer,
	`has_blueprint_original` integer,
	`blueprint_is_copy` integer,
	`blueprint_runs` integer,
	`blueprint_material_efficiency` integer,
	`blueprint_time_efficiency` integer,
	`hull_type_id` integer,
	`item_flag_bits` integer,
	`item_flags` text,
	`value_sell` real,
	`value_buy` real,
	`priced_count` integer,
	`requested_value` real,
	`top_share` real,
	`priced_at` integer,
	`search_names` text,
	`search_type_ids` text
);
--> statement-breakpoint
CREATE INDEX `contracts_listed` ON `contracts` (`region_id`,`type`,`date_expired`,`price`,`date_issued`,`start_security_class`,`start_system_id`,`start_location_id`,`is_ship`,`items_status`,`item_count`,`requested_item_count`,`has_blueprint_copy`,`has_blueprint_original`,`blueprint_count`,`blueprint_is_copy`,`blueprint_runs`,`blueprint_material_efficiency`,`blueprint_time_efficiency`,`issuer_id`,`issuer_corporation_id`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_date_issued` ON `contracts` (`date_issued`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_date_expired` ON `contracts` (`date_expired`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_price` ON `contracts` (`price`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `others_by_date_issued` ON `contracts` (`type`,`date_issued`) WHERE is_listed = 1 and type <> 'item_exchange';--> statement-breakpoint
CREATE INDEX `others_by_date_expired` ON `contracts` (`type`,`date_expired`) WHERE is_listed = 1 and type <> 'item_exchange';--> statement-breakpoint
CREATE INDEX `others_by_price` ON `contracts` (`type`,`price`) WHERE is_listed = 1 and type <> 'item_exchange';--> statement-breakpoint
CREATE INDEX `contracts_by_region_date_issued` ON `contracts` (`region_id`,`date_issued`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_region_date_expired` ON `contracts` (`region_id`,`date_expired`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_region_price` ON `contracts` (`region_id`,`price`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `ships_by_date_issued` ON `contracts` (`date_issued`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `ships_by_date_expired` ON `contracts` (`date_expired`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `ships_by_price` ON `contracts` (`price`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `ships_by_region_date_issued` ON `contracts` (`region_id`,`date_issued`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `ships_by_region_date_expired` ON `contracts` (`region_id`,`date_expired`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `ships_by_region_price` ON `contracts` (`region_id`,`price`) WHERE is_listed = 1 and is_ship = 1;--> statement-breakpoint
CREATE INDEX `contracts_by_start_location` ON `contracts` (`start_location_id`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_unplaced` ON `contracts` (`region_id`) WHERE is_listed = 1 and start_system_id is null;--> statement-breakpoint
CREATE INDEX `contracts_by_first_seen` ON `contracts` (`first_seen_at`) WHERE is_listed = 1;--> statement-breakpoint
CREATE INDEX `contracts_due_for_items` ON `contracts` (`items_due_at`) WHERE is_listed = 1 and items_due_at is not null;--> statement-breakpoint
CREATE INDEX `contracts_left_behind` ON `contracts` (`region_id`,`date_expired`) WHERE is_listed = 0 and ended_at is null;--> statement-breakpoint
CREATE INDEX `contracts_ended` ON `contracts` (`ended_at`,`region_id`,`type`,`date_expired`,`price`,`date_issued`,`start_security_class`,`start_system_id`,`start_location_id`,`is_ship`,`items_status`,`item_count`,`requested_item_count`,`has_blueprint_copy`,`has_blueprint_original`,`blueprint_count`,`blueprint_is_copy`,`blueprint_runs`,`blueprint_material_efficiency`,`blueprint_time_efficiency`,`issuer_id`,`issuer_corporation_id`) WHERE ended_at is not null;--> statement-breakpoint
CREATE TABLE `names` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text,
	`requested_at` integer NOT NULL,
	`resolve_at` integer,
	`resolve_attempts` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `names_to_resolve` ON `names` (`resolve_at`) WHERE resolve_at is not null;--> statement-breakpoint
CREATE TABLE `hull_days` (
	`hull_type_id` integer NOT NULL,
	`date` text NOT NULL,
	`listed` integer NOT NULL,
	`new` integer NOT NULL,
	`gone` integer NOT NULL,
	`median_ask` real,
	`median_gone_ask` real,
	PRIMARY KEY(`date`, `hull_type_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `hull_days_by_hull` ON `hull_days` (`hull_type_id`);--> statement-breakpoint
CREATE TABLE `hull_totals` (
	`hull_type_id` integer PRIMARY KEY NOT NULL,
	`gone` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hulls` (
	`hull_type_id` integer PRIMARY KEY NOT NULL,
	`listed` integer NOT NULL,
	`median_ask` real NOT NULL,
	`asks` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `order_pages` (
	`from_page` integer PRIMARY KEY NOT NULL,
	`orders` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `price_book` (
	`id` integer PRIMARY KEY NOT NULL,
	`made_at` integer,
	`outliers` integer,
	`due_at` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`begun_at` integer,
	`next_page` integer,
	`valued_by` integer,
	`valued_up_to_seen` integer DEFAULT 0 NOT NULL,
	`valued_up_to_id` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `price_parts` (
	`part` integer PRIMARY KEY NOT NULL,
	`prices` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `esi_limits` (
	`bucket` text PRIMARY KEY NOT NULL,
	`remaining` integer,
	`reset_at` integer,
	`held_until` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `region_states` (
	`region_id` integer PRIMARY KEY NOT NULL,
	`is_active` integer NOT NULL,
	`snapshot_at` integer,
	`cache_seconds` integer,
	`checked_at` integer,
	`next_due_at` integer NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`held_snapshot_at` integer,
	`held_size` integer,
	`version` integer DEFAULT 0 NOT NULL,
	`changed_at` integer,
	`counts` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sync_days` (
	`date` text PRIMARY KEY NOT NULL,
	`runs` integer NOT NULL,
	`esi_requests` integer NOT NULL,
	`queries` integer NOT NULL,
	`rows_read` integer NOT NULL,
	`rows_written` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sync_runs` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`report` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sync_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`lease_token` integer DEFAULT 0 NOT NULL,
	`lease_expires_at` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`changed_at` integer DEFAULT 0 NOT NULL,
	`stale_times` text,
	`lists_due_at` integer DEFAULT 0 NOT NULL,
	`covered_regions` text DEFAULT '' NOT NULL,
	`derived_by` text DEFAULT '' NOT NULL,
	`deriving_by` text DEFAULT '' NOT NULL,
	`derived_up_to` integer DEFAULT 0 NOT NULL,
	`pruned_at` integer DEFAULT 0 NOT NULL,
	`hulls_recorded_on` text,
	`unpurged_tags` text
);
--> statement-breakpoint
CREATE TABLE `categories` (
	`category_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`is_published` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `constellations` (
	`constellation_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`region_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `groups` (
	`group_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`category_id` integer NOT NULL,
	`category_name` text,
	`is_published` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `groups_by_category` ON `groups` (`category_id`);--> statement-breakpoint
CREATE TABLE `jumps` (
	`system_a` integer NOT NULL,
	`system_b` integer NOT NULL,
	PRIMARY KEY(`system_a`, `system_b`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `market_groups` (
	`market_group_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`parent_group_id` integer
);
--> statement-breakpoint
CREATE TABLE `meta_groups` (
	`meta_group_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `regions` (
	`region_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stations` (
	`station_id` integer PRIMARY KEY NOT NULL,
	`name` text,
	`resolve_at` integer,
	`resolve_attempts` integer DEFAULT 0 NOT NULL,
	`system_id` integer,
	`type_id` integer
);
--> statement-breakpoint
CREATE INDEX `stations_by_system` ON `stations` (`system_id`);--> statement-breakpoint
CREATE INDEX `stations_to_resolve` ON `stations` (`resolve_at`) WHERE "stations"."resolve_at" is not null;--> statement-breakpoint
CREATE TABLE `systems` (
	`system_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`constellation_id` integer NOT NULL,
	`region_id` integer NOT NULL,
	`security` real NOT NULL
);
--> statement-breakpoint
CREATE INDEX `systems_by_name` ON `systems` ("name" collate nocase);--> statement-breakpoint
CREATE TABLE `types` (
	`type_id` integer PRIMARY KEY NOT NULL,
	`name` text,
	`resolve_at` integer,
	`resolve_attempts` integer DEFAULT 0 NOT NULL,
	`group_id` integer,
	`is_published` integer,
	`market_group_id` integer,
	`meta_group_id` integer,
	`base_type_id` integer,
	`volume` real
);
--> statement-breakpoint
CREATE INDEX `types_by_group` ON `types` (`group_id`);--> statement-breakpoint
CREATE INDEX `types_by_name` ON `types` ("name" collate nocase);--> statement-breakpoint
CREATE TABLE `universe` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`loaded_at` integer NOT NULL,
	`structures_version` text
);
