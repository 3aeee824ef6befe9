ALTER TABLE "task" ADD COLUMN "reminded_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "task" t SET "reminded_at" = r.at
FROM (SELECT data->>'clock' AS id, (data->>'dueAt')::timestamptz AS due_at, min(at) AS at FROM "case_event" WHERE type = 'reminded' GROUP BY 1, 2) r
WHERE r.id = t.id AND r.due_at = t.due_at;
