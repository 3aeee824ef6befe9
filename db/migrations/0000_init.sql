CREATE SEQUENCE "public"."case_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "access_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"person_id" text NOT NULL,
	"case_no" text,
	"allowed" boolean NOT NULL,
	"what" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "admin_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"person_id" text NOT NULL,
	"what" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_event" (
	"case_no" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"actor_id" text,
	"actor_unit" text,
	"data" jsonb NOT NULL,
	"key" text NOT NULL,
	"hash" text NOT NULL,
	"request_hash" text,
	CONSTRAINT "case_event_case_no_seq_pk" PRIMARY KEY("case_no","seq"),
	CONSTRAINT "case_event_key" UNIQUE("case_no","key")
);
--> statement-breakpoint
CREATE TABLE "case_file" (
	"case_no" text PRIMARY KEY NOT NULL,
	"procedure" text NOT NULL,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"stage" text NOT NULL,
	"outcome" text,
	"card" text NOT NULL,
	"card_of" jsonb,
	"card_acknowledged_at" timestamp (3) with time zone,
	"restricted" boolean NOT NULL,
	"enterprise_sees" text NOT NULL,
	"shown_at" timestamp (3) with time zone,
	"of_office" boolean NOT NULL,
	"enterprise_id" text,
	"applicant_id" text NOT NULL,
	"filed_by" text NOT NULL,
	"filed_unit" text,
	"channel" text,
	"unit_id" text,
	"round" smallint NOT NULL,
	"rating" text,
	"application" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"result" jsonb,
	"deadline" jsonb,
	"links" jsonb NOT NULL,
	"waits" jsonb NOT NULL,
	"parties" jsonb NOT NULL,
	"participants" text[] NOT NULL,
	"excluded" text[] NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"urged_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"due_unit" text,
	"closed_at" timestamp (3) with time zone,
	"halted_at" timestamp (3) with time zone,
	"last_seq" integer NOT NULL,
	"last_hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document" (
	"number" text PRIMARY KEY NOT NULL,
	"case_no" text NOT NULL,
	"party" text,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"content" jsonb NOT NULL,
	"code" text NOT NULL,
	"hash" text NOT NULL,
	"readers" text NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_counter" (
	"kind" text NOT NULL,
	"year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "document_counter_kind_year_pk" PRIMARY KEY("kind","year")
);
--> statement-breakpoint
CREATE TABLE "document_file" (
	"number" text PRIMARY KEY NOT NULL,
	"content" "bytea"
);
--> statement-breakpoint
CREATE TABLE "draft" (
	"person_id" text NOT NULL,
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"procedure" text,
	"place" text,
	"case_no" text,
	"task_id" text,
	"action" text,
	"form" text NOT NULL,
	"saved_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draft_person_id_id_pk" PRIMARY KEY("person_id","id")
);
--> statement-breakpoint
CREATE TABLE "ended_session" (
	"id" text PRIMARY KEY NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "material" (
	"id" text PRIMARY KEY NOT NULL,
	"case_no" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size" integer NOT NULL,
	"hash" text NOT NULL,
	"content" "bytea",
	"added_by" text NOT NULL,
	"enterprise_id" text,
	"readers" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"waiting" jsonb
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" text PRIMARY KEY NOT NULL,
	"case_no" text,
	"task_id" text,
	"href" text,
	"person_id" text,
	"channel" text NOT NULL,
	"address" text,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"bundle" text,
	"count" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"failure" text,
	"attempt" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "refusal" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"person_id" text NOT NULL,
	"case_no" text,
	"task_id" text,
	"action" text NOT NULL,
	"code" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "start_request" (
	"person_id" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"case_no" text NOT NULL,
	"procedure" text NOT NULL,
	"input" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "start_request_person_id_key_pk" PRIMARY KEY("person_id","key")
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" text PRIMARY KEY NOT NULL,
	"case_no" text NOT NULL,
	"procedure" text NOT NULL,
	"name" text NOT NULL,
	"party" text,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"unit_id" text NOT NULL,
	"role" text NOT NULL,
	"holder_id" text,
	"answers" jsonb,
	"delegated_by" text,
	"round" smallint NOT NULL,
	"not_by" text[] NOT NULL,
	"context" jsonb,
	"deadline" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"card" text NOT NULL,
	"card_acknowledged_at" timestamp (3) with time zone,
	"reminded_at" timestamp (3) with time zone,
	"completed_by" text,
	"completed_at" timestamp (3) with time zone,
	"action" text,
	"result" jsonb
);
--> statement-breakpoint
CREATE TABLE "absence" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"proxy_id" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_year" (
	"year" integer PRIMARY KEY NOT NULL,
	"off" date[] NOT NULL,
	"work" date[] NOT NULL,
	"source" text NOT NULL,
	"loaded_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enterprise" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"uscc" text NOT NULL,
	"address" text,
	"active" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "former_name" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "former_name_kind_id_until_pk" PRIMARY KEY("kind","id","until")
);
--> statement-breakpoint
CREATE TABLE "notice_text" (
	"procedure" text NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"reason" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notice_text_procedure_kind_pk" PRIMARY KEY("procedure","kind")
);
--> statement-breakpoint
CREATE TABLE "outside_system" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"secrets" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"sub" text NOT NULL,
	"name" text NOT NULL,
	"unit_id" text,
	"enterprise_id" text,
	"roles" text[] NOT NULL,
	"email" text,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "person_sub_unique" UNIQUE("sub")
);
--> statement-breakpoint
CREATE TABLE "policy_override" (
	"procedure" text NOT NULL,
	"task" text DEFAULT '' NOT NULL,
	"patch" jsonb NOT NULL,
	"reason" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_override_procedure_task_pk" PRIMARY KEY("procedure","task")
);
--> statement-breakpoint
CREATE TABLE "recount" (
	"id" text PRIMARY KEY NOT NULL,
	"year" integer NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" text DEFAULT '',
	"looked" integer DEFAULT 0 NOT NULL,
	"waiting" text[] DEFAULT '{}' NOT NULL,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "recount_move" (
	"recount_id" text NOT NULL,
	"id" text NOT NULL,
	"case_no" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"to_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recount_move_recount_id_id_pk" PRIMARY KEY("recount_id","id")
);
--> statement-breakpoint
CREATE TABLE "recurrence" (
	"procedure" text NOT NULL,
	"period" text NOT NULL,
	"opens_on" date NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"cases" integer DEFAULT 0 NOT NULL,
	"failure" text,
	CONSTRAINT "recurrence_procedure_period_pk" PRIMARY KEY("procedure","period")
);
--> statement-breakpoint
CREATE TABLE "unit" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_destination" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"procedures" text[] NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "webhook_destination_url_unique" UNIQUE("url")
);
--> statement-breakpoint
CREATE TABLE "roster" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"person_id" text,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"kind" text DEFAULT 'duty' NOT NULL,
	"state" text DEFAULT 'published' NOT NULL,
	"checked_in_at" timestamp (3) with time zone,
	"checked_in_by" text,
	"stays_on" boolean DEFAULT false NOT NULL,
	"extended_to" timestamp (3) with time zone,
	"replaces" text,
	"reason" text,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "roster_alarm" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"rung" smallint NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"answered_by" text,
	"answered_at" timestamp (3) with time zone,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "roster_event" (
	"unit_id" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"actor_id" text,
	"actor_unit" text,
	"data" jsonb NOT NULL,
	"key" text NOT NULL,
	"hash" text NOT NULL,
	"request_hash" text,
	CONSTRAINT "roster_event_unit_id_seq_pk" PRIMARY KEY("unit_id","seq"),
	CONSTRAINT "roster_event_key" UNIQUE("unit_id","key")
);
--> statement-breakpoint
CREATE TABLE "roster_month" (
	"unit_id" text NOT NULL,
	"month" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	"gaps" jsonb NOT NULL,
	CONSTRAINT "roster_month_unit_id_month_pk" PRIMARY KEY("unit_id","month")
);
--> statement-breakpoint
CREATE TABLE "roster_pattern" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"pattern" jsonb NOT NULL,
	"laid_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "roster_request" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"unit_id" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"shift_id" text,
	"person_id" text,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"form" jsonb NOT NULL,
	"answer" jsonb
);
--> statement-breakpoint
CREATE TABLE "shift_note" (
	"id" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"shift_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"written_by" text,
	"written_at" timestamp (3) with time zone NOT NULL,
	"form" jsonb,
	"tasks" jsonb NOT NULL,
	"state" text NOT NULL,
	"received_by" text,
	"received_at" timestamp (3) with time zone,
	"result" text,
	"text" text,
	CONSTRAINT "shift_note_number_unique" UNIQUE("number")
);
--> statement-breakpoint
ALTER TABLE "draft" ADD CONSTRAINT "draft_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_proxy_id_person_id_fk" FOREIGN KEY ("proxy_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_enterprise_id_enterprise_id_fk" FOREIGN KEY ("enterprise_id") REFERENCES "public"."enterprise"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recount_move" ADD CONSTRAINT "recount_move_recount_id_recount_id_fk" FOREIGN KEY ("recount_id") REFERENCES "public"."recount"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_log_look" ON "access_log" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "case_event_passed_on" ON "case_event" USING btree ("actor_id") WHERE type in ('task-transferred','task-delegated');--> statement-breakpoint
CREATE INDEX "case_event_handed_over" ON "case_event" USING btree ("case_no") WHERE type = 'handed-over' or type = 'task-opened' and data ? 'from';--> statement-breakpoint
CREATE INDEX "case_file_open" ON "case_file" USING btree ("opened_at") WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX "case_file_halted" ON "case_file" USING btree ("case_no") WHERE halted_at is not null;--> statement-breakpoint
CREATE INDEX "case_file_newest" ON "case_file" USING btree ("opened_at","case_no");--> statement-breakpoint
CREATE INDEX "case_file_enterprise" ON "case_file" USING btree ("enterprise_id","opened_at");--> statement-breakpoint
CREATE INDEX "case_file_filed" ON "case_file" USING btree ("filed_by");--> statement-breakpoint
CREATE INDEX "case_file_participants" ON "case_file" USING gin ("participants") WHERE restricted;--> statement-breakpoint
CREATE INDEX "case_file_restricted" ON "case_file" USING btree ("procedure") WHERE restricted;--> statement-breakpoint
CREATE INDEX "case_file_links" ON "case_file" USING gin ("links") WHERE links <> '[]';--> statement-breakpoint
CREATE INDEX "case_file_parties" ON "case_file" USING gin (parties jsonb_path_ops) WHERE parties <> '[]';--> statement-breakpoint
CREATE INDEX "case_file_application" ON "case_file" USING gin ("application" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "case_file_excluded" ON "case_file" USING gin ("excluded") WHERE cardinality(excluded) > 0;--> statement-breakpoint
CREATE INDEX "document_case" ON "document" USING btree ("case_no");--> statement-breakpoint
CREATE INDEX "document_kind" ON "document" USING btree ("kind","issued_at");--> statement-breakpoint
CREATE INDEX "document_hash" ON "document" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "material_case" ON "material" USING btree ("case_no","added_at");--> statement-breakpoint
CREATE INDEX "material_waiting" ON "material" USING btree ("case_no") WHERE waiting is not null;--> statement-breakpoint
CREATE INDEX "notice_inbox" ON "notice" USING btree ("person_id","created_at") WHERE channel = 'inbox';--> statement-breakpoint
CREATE INDEX "notice_unread" ON "notice" USING btree ("person_id") WHERE channel = 'inbox' and read_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "notice_bundle" ON "notice" USING btree ("person_id","bundle") WHERE bundle is not null and read_at is null;--> statement-breakpoint
CREATE INDEX "notice_outbox" ON "notice" USING btree ("created_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "notice_failed" ON "notice" USING btree ("created_at") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "start_request_promised" ON "start_request" USING btree ("case_no") WHERE input is not null;--> statement-breakpoint
CREATE INDEX "task_case" ON "task" USING btree ("case_no");--> statement-breakpoint
CREATE INDEX "task_queue" ON "task" USING btree ("unit_id","role","due_at","id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "task_queue_size" ON "task" USING btree ("unit_id","role") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "task_holder" ON "task" USING btree ("holder_id","due_at","id") WHERE status = 'claimed';--> statement-breakpoint
CREATE INDEX "task_done" ON "task" USING btree ("completed_by","completed_at","id") WHERE status = 'completed';--> statement-breakpoint
CREATE INDEX "task_live" ON "task" USING btree ("unit_id","role","due_at","id") WHERE status in ('open','claimed');--> statement-breakpoint
CREATE INDEX "task_not_by" ON "task" USING gin ("not_by") WHERE status = 'open' and cardinality(not_by) > 0;--> statement-breakpoint
CREATE INDEX "absence_proxy" ON "absence" USING btree ("proxy_id","until_at");--> statement-breakpoint
CREATE INDEX "absence_person" ON "absence" USING btree ("person_id","until_at");--> statement-breakpoint
CREATE INDEX "person_unit" ON "person" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "recurrence_day" ON "recurrence" USING btree ("opens_on");--> statement-breakpoint
CREATE INDEX "roster_unit" ON "roster" USING btree ("unit_id","from_at");--> statement-breakpoint
CREATE INDEX "roster_person" ON "roster" USING btree ("person_id","from_at");--> statement-breakpoint
CREATE INDEX "roster_live" ON "roster" USING btree ("until_at") WHERE state in ('published', 'open', 'held');--> statement-breakpoint
CREATE INDEX "roster_alarm_unit" ON "roster_alarm" USING btree ("unit_id","from_at");--> statement-breakpoint
CREATE INDEX "roster_pattern_unit" ON "roster_pattern" USING btree ("unit_id","laid_at");--> statement-breakpoint
CREATE INDEX "roster_request_unit" ON "roster_request" USING btree ("unit_id","from_at");--> statement-breakpoint
CREATE INDEX "roster_request_person" ON "roster_request" USING btree ("person_id","from_at");--> statement-breakpoint
CREATE INDEX "shift_note_unit" ON "shift_note" USING btree ("unit_id","written_at");