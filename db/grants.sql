-- What the application's role may do. The event log, the logs of access, refusals and administration, and issued
-- documents can be read and appended to, never changed: not even by a fault in the application.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anxin_app') THEN CREATE ROLE anxin_app NOLOGIN; END IF;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM anxin_app;
GRANT USAGE ON SCHEMA public TO anxin_app;
GRANT SELECT, INSERT ON case_event, document, document_file, material, access_log, refusal, admin_log, start_request, former_name TO anxin_app;
-- What a promised case is started with is forgotten once the case is recorded; a file sent to it becomes a recorded one.
GRANT UPDATE (input) ON start_request TO anxin_app;
GRANT UPDATE (waiting, added_at) ON material TO anxin_app;
-- The last row of each log is moved by a trigger that is not the application's.
GRANT SELECT ON log_head TO anxin_app;
GRANT SELECT, INSERT, UPDATE ON case_file, task, notice, document_counter TO anxin_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  unit, enterprise, person, absence, roster, calendar_year, policy_override, notice_text, webhook_destination, outside_system, draft, recount, recurrence, ended_session TO anxin_app;
GRANT SELECT, INSERT ON recount_move, roster_event, roster_pattern TO anxin_app;
GRANT SELECT, INSERT, UPDATE ON shift_note, roster_request, roster_alarm, roster_month TO anxin_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO anxin_app;
